"""The command line: ``nnviz-docs draw`` and ``nnviz-docs trace``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nnviz_docs import __version__
from nnviz_docs.errors import WITHOUT_REASON, NnvizError, Problem, ProblemKind
from nnviz_docs.figure import Figures, figure_svg, graph_json
from nnviz_docs.request.options import OPTIONS, parse_request
from nnviz_docs.request.request import FigureRequest
from nnviz_docs.request.settings import declared_settings, settings_from

_PAGE_OPTIONS = "caption, name, align, class and tables place a figure on a page, and do nothing to a file."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status: 0, 1 when there is no graph or figure, 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except NnvizError as error:
        _report(error.problem, "error", verbose=options.verbose)
        usage = error.problem.kind in {ProblemKind.OPTION, ProblemKind.CONFIG}
        return 2 if usage else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nnviz-docs", description="Draw the real graphs of PyTorch models.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"nnviz-docs {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    draw = commands.add_parser(
        "draw", help="draw a model to an SVG file", epilog=_PAGE_OPTIONS, allow_abbrev=False
    )
    draw.set_defaults(run=_draw)
    draw.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.svg", help="File to write.")
    trace = commands.add_parser(
        "trace", help="write a model's graph as JSON", epilog=_PAGE_OPTIONS, allow_abbrev=False
    )
    trace.set_defaults(run=_trace)
    trace.add_argument("--json", type=Path, required=True, metavar="FILE", help="File to write; - prints it.")
    for command in (draw, trace):
        _add_request_arguments(command)
    return parser


def _add_request_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("-v", "--verbose", action="store_true", help="Show tracebacks of what models raise.")
    command.add_argument("model", metavar="MODEL", help="pkg.mod.Name, pkg.mod:Name or a torchvision name.")
    for option in OPTIONS:
        text = option.help.replace("%", "%%")
        command.add_argument(f"--{option.name}", metavar=option.metavar, help=text)
    for name in ("python", "timeout", "memory-limit", "cache-dir", "dot"):
        setting = next(s for s in declared_settings() if s.name == name.replace("-", "_"))
        kind = float if isinstance(setting.default, float) else str
        command.add_argument(f"--{name}", type=kind, metavar="VALUE", help=setting.help.replace("%", "%%"))


def _draw(options: argparse.Namespace) -> int:
    figures, request = _prepare(options)
    figure = figures.figure(request)
    svg = figure_svg(figure)
    _write(options.output, svg)
    for problem in figure.problems:
        _report(problem, "warning", verbose=options.verbose)
    return 0


def _trace(options: argparse.Namespace) -> int:
    figures, request = _prepare(options)
    trace = figures.trace(request.trace)
    _write(options.json, graph_json(trace))
    for problem in trace.problems:
        _report(problem, "warning", verbose=options.verbose)
    return 0


def _prepare(options: argparse.Namespace) -> tuple[Figures, FigureRequest]:
    given = {name: value for name, value in vars(options).items() if value is not None}
    names = {setting.name for setting in declared_settings()} - {option.name for option in OPTIONS}
    settings = settings_from({name: value for name, value in given.items() if name in names})
    texts = {option.name: given[option.name] for option in OPTIONS if option.name in given}
    root = Path.cwd()
    request = parse_request(options.model, texts, settings)
    return Figures(settings, root, (str(root),)), request


def _write(path: Path, text: str) -> None:
    if str(path) == "-":
        sys.stdout.write(text)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NnvizError(ProblemKind.OPTION, f"{path} can't be written: {error.strerror}.") from error


def _report(problem: Problem, level: str, *, verbose: bool) -> None:
    sys.stderr.write(f"{level}: [nnviz.{problem.kind}] {problem}\n")
    if problem.detail and (verbose or problem.kind in WITHOUT_REASON):
        sys.stderr.write(f"{problem.detail.rstrip()}\n")
