"""``nnviz-docs stylesheet`` and ``script``: what a page with figures links, for tools that do not add it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from nnviz_docs.figure import SCRIPT, STYLESHEET, style_css
from nnviz_docs.hosts.command_line.output import write_file
from nnviz_docs.hosts.command_line.settings import add_setting_options, settings_of


def add_commands(commands: Any) -> None:
    """Add both commands to the parser's."""
    for name, run, path in (("stylesheet", _write_stylesheet, STYLESHEET), ("script", _write_script, SCRIPT)):
        command = commands.add_parser(name, help=f"write the {name} of figures to a file", allow_abbrev=False)
        command.set_defaults(run=run)
        text = "File to write; - prints it."
        command.add_argument(
            "-o", "--output", type=Path, required=True, metavar=f"FILE{path.suffix}", help=text
        )
        if path == STYLESHEET:
            add_setting_options(command, "style")


def _write_stylesheet(options: argparse.Namespace) -> int:
    style = style_css(settings_of(options, "style"))
    write_file(options.output, STYLESHEET.read_text(encoding="utf-8") + style)
    return 0


def _write_script(options: argparse.Namespace) -> int:
    write_file(options.output, SCRIPT.read_text(encoding="utf-8"))
    return 0
