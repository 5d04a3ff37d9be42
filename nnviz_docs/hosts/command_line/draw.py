"""``nnviz-docs draw`` and ``nnviz-docs trace``: one model, without a site."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from nnviz_docs.errors import Problem
from nnviz_docs.figure import Figures, figure_svg, graph_json, trace_log
from nnviz_docs.hosts.command_line.output import note, report, write_file
from nnviz_docs.hosts.command_line.settings import add_setting_options
from nnviz_docs.request.options import OPTIONS, parse_request
from nnviz_docs.request.request import FigureRequest, TraceRequest
from nnviz_docs.request.settings import declared_settings, settings_from

_PAGE_OPTIONS = "caption, name, align, class and tables place a figure on a page, and do nothing to a file."


def add_commands(commands: Any) -> None:
    """Add both commands to the parser's."""
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


def _add_request_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-v", "--verbose", action="store_true", help="Say how the model was traced; show tracebacks."
    )
    command.add_argument("model", metavar="MODEL", help="pkg.mod.Name, pkg.mod:Name or a torchvision name.")
    for option in OPTIONS:
        text = option.help.replace("%", "%%")
        command.add_argument(f"--{option.name}", metavar=option.metavar, help=text)
    add_setting_options(command, "python", "timeout", "memory_limit", "cache_dir", "dot", "python_inputs")


def _draw(options: argparse.Namespace) -> int:
    figures, request = _prepare(options)
    figure = figures.figure(request)
    svg = figure_svg(figure)
    write_file(options.output, svg)
    _report(figures, request.trace, figure.problems, options)
    return 0


def _trace(options: argparse.Namespace) -> int:
    figures, request = _prepare(options)
    trace = figures.trace(request.trace)
    write_file(options.json, graph_json(trace))
    _report(figures, request.trace, trace.problems, options)
    return 0


def _report(
    figures: Figures, request: TraceRequest, problems: tuple[Problem, ...], options: argparse.Namespace
) -> None:
    if options.verbose:
        note(trace_log(request, figures.trace(request).graph))
    for problem in (*problems, *filter(None, [figures.cache_problem])):
        report(problem, "warning", verbose=options.verbose)


def _prepare(options: argparse.Namespace) -> tuple[Figures, FigureRequest]:
    given = {name: value for name, value in vars(options).items() if value is not None}
    names = {setting.name for setting in declared_settings()} - {option.name for option in OPTIONS}
    settings = settings_from({name: value for name, value in given.items() if name in names})
    texts = {option.name: given[option.name] for option in OPTIONS if option.name in given}
    root = Path.cwd()
    request = parse_request(options.model, texts, settings)
    return Figures(settings, root, (str(root),)), request
