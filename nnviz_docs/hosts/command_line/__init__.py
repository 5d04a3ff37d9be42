"""The command line ``nnviz-docs``: each command, or family of commands, is a module of its own."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from nnviz_docs import __version__
from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.hosts.command_line import assets, cache, draw, site
from nnviz_docs.hosts.command_line.output import report

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status.

    0 when all is well, 1 when there is no graph or figure, or one is out of date, 2 for wrong usage.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except NnvizError as error:
        report(error.problem, "error", verbose=getattr(options, "verbose", False))
        usage = error.problem.kind in {ProblemKind.OPTION, ProblemKind.CONFIG}
        return 2 if usage else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nnviz-docs", description="Draw the real graphs of PyTorch models.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"nnviz-docs {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for family in (draw, site, cache, assets):
        family.add_commands(commands)
    return parser
