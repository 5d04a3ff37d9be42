"""``nnviz-docs stylesheet``: the stylesheet of figures, for tools that do not add it themselves."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from nnviz_docs.figure import STYLESHEET
from nnviz_docs.hosts.command_line.output import write_file


def add_commands(commands: Any) -> None:
    """Add the command to the parser's."""
    command = commands.add_parser(
        "stylesheet", help="write the stylesheet of figures to a file", allow_abbrev=False
    )
    command.set_defaults(run=_write_stylesheet)
    command.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE.css", help="File to write; - prints it."
    )


def _write_stylesheet(options: argparse.Namespace) -> int:
    write_file(options.output, STYLESHEET.read_text(encoding="utf-8"))
    return 0
