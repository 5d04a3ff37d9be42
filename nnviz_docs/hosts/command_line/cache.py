"""``nnviz-docs cache info``, ``prune``, ``verify`` and ``clear``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from nnviz_docs.hosts.command_line.output import say
from nnviz_docs.hosts.command_line.settings import add_setting_options, settings_of
from nnviz_docs.hosts.command_line.site import SITE
from nnviz_docs.upkeep import cache_folder, clear, prune, sizes, verify


def add_commands(commands: Any) -> None:
    """Add the family ``cache`` to the parser's commands."""
    family = commands.add_parser("cache", help="look after a site's cache", allow_abbrev=False)
    verbs = family.add_subparsers(required=True, metavar="VERB")
    for name, run, text in (
        ("info", _info, "say where the cache is and what it holds"),
        ("prune", _prune, "remove what was used longest ago, and what killed builds left"),
        ("verify", _verify, "look for damaged files"),
        ("clear", _clear, "remove all that was stored"),
    ):
        verb = verbs.add_parser(name, help=text, allow_abbrev=False)
        verb.add_argument("site", metavar="SITE", type=Path, help=SITE)
        verb.set_defaults(run=run)
        if name == "prune":
            add_setting_options(verb, "cache_size")


def _info(options: argparse.Namespace) -> int:
    folder = cache_folder(options.site)
    say(str(folder))
    for size in sizes(folder):
        say(f"{size.kind}: {size.entries} entries, {size.bytes / 1000:.1f} kB")
    return 0


def _prune(options: argparse.Namespace) -> int:
    most = settings_of(options, "cache_size").cache_size
    say(f"{prune(cache_folder(options.site), most)} files removed.")
    return 0


def _verify(options: argparse.Namespace) -> int:
    damaged = verify(cache_folder(options.site))
    for path in damaged:
        say(f"{path}: damaged")
    say(f"{len(damaged)} files damaged.")
    return 1 if damaged else 0


def _clear(options: argparse.Namespace) -> int:
    clear(cache_folder(options.site))
    return 0
