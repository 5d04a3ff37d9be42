"""The options of a figure, each declared once; directive, fence and command line are made from `OPTIONS`.

A new option is a field of `FigureOptions` (or of `TraceRequest`) and a row of the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.arguments import parse_arguments
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.located import shown
from nnviz_docs.request.model_path import is_allowed, parse_model_path
from nnviz_docs.request.request import FigureOptions, FigureRequest, Inputs, TraceMode, TraceRequest
from nnviz_docs.request.settings import MOST_BOXES, Settings, read_boxes, read_depth

_CLASS = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]{0,99}")
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(px|em|rem|%|)", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One option: the field that it sets, how its text is read, and what a help text says of it.

    ``parse`` raises `ValueError` with what the option takes, or an `NnvizError` of its own. ``default`` is
    what holds when the option is left out, in words when there is no text for it.
    """

    name: str
    part: Literal["trace", "figure"]
    field: str
    parse: Callable[[str, Settings], object]
    default: str
    help: str
    metavar: str
    choices: tuple[str, ...] = ()


def parse_request(model: str, options: Mapping[str, str], settings: Settings) -> FigureRequest:
    """Return the request that a page wrote as a model and options.

    Raises:
        NnvizError: the model's path, an option's name or an option's value is wrong.
    """
    path = parse_model_path(model)
    if not is_allowed(path, settings.models):
        message = f"model: {shown(str(path))} is not among the models that this site draws."
        raise NnvizError(ProblemKind.MODEL, message, hint="Add a pattern for it to nnviz_models.")
    for name in options:
        if name not in _BY_NAME:
            raise _unknown_option(name)
    values: dict[str, dict[str, Any]] = {"trace": {}, "figure": _site_defaults(options, settings)}
    for name, text in options.items():
        option = _BY_NAME[name]
        values[option.part][option.field] = _parse_option(option, text, settings)
    trace = TraceRequest(model=path, **values["trace"])
    if trace.mode is TraceMode.DATA and trace.inputs is None:
        message = "trace: data tracing runs the model and needs an input."
        hint = "Add the input option, for example image224, or leave trace out."
        raise NnvizError(ProblemKind.INPUT, message, hint=hint)
    return FigureRequest(trace=trace, options=FigureOptions(**values["figure"]))


def _site_defaults(options: Mapping[str, str], settings: Settings) -> dict[str, Any]:
    """Return what a site says of every figure; a page that asks for a depth gets it, up to the hard limit."""
    boxes = MOST_BOXES if "depth" in options else settings.budget
    return {"depth": settings.depth, "boxes": boxes}


def _parse_option(option: Option, text: str, settings: Settings) -> object:
    try:
        return option.parse(text, settings)
    except ValueError as error:
        message = f"{option.name}: {shown(text.strip())} is not a value that it takes."
        raise NnvizError(ProblemKind.OPTION, message, hint=f"It {error}.") from None


def _unknown_option(name: str) -> NnvizError:
    close = get_close_matches(name, _BY_NAME, n=1)
    hint = f"Did you mean {close[0]}?" if close else f"The options are {', '.join(_BY_NAME)}."
    return NnvizError(ProblemKind.OPTION, f"{shown(name)} is not an option of a figure.", hint=hint)


def _input(text: str, settings: Settings) -> Inputs:
    return parse_inputs(text, allow_python=settings.python_inputs)


def _args(text: str, _settings: Settings) -> object:
    return parse_arguments(text)


def _depth(text: str, _settings: Settings) -> int | None:
    return read_depth(text.strip())


def _boxes(text: str, _settings: Settings) -> int:
    return read_boxes(text.strip())


def _free_text(text: str, _settings: Settings) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        msg = "takes a text that UTF-8 can encode"
        raise ValueError(msg)
    return text.strip()


def _classes(text: str, _settings: Settings) -> tuple[str, ...]:
    names = tuple(text.split())
    if not names or not all(_CLASS.fullmatch(name) for name in names):
        msg = "takes CSS class names (ASCII letters, digits, - and _), separated by spaces"
        raise ValueError(msg)
    return names


def _width(text: str, _settings: Settings) -> str:
    match = _LENGTH.fullmatch(text.strip())
    if match is None or float(match[1]) == 0:
        msg = "takes a length such as 400px, 20em, 20rem or 80%; a bare number is in pixels"
        raise ValueError(msg)
    return f"{match[1]}{match[2] or 'px'}"


def _one_of(*choices: str) -> Callable[[str, Settings], str]:
    """Return the parser of an option that takes one of a few words."""

    def parse(text: str, _settings: Settings) -> str:
        if text.strip() not in choices:
            msg = f"takes one of {', '.join(choices)}"
            raise ValueError(msg)
        return text.strip()

    return parse


def _mode(text: str, settings: Settings) -> TraceMode:
    return TraceMode(_one_of(*TraceMode)(text, settings))


def _fold(text: str, settings: Settings) -> bool:
    return _one_of(*_SWITCH)(text, settings) == "on"


_SWITCH = ("on", "off")
_TABLES = ("none", "io", "edges", "auto")
_ALIGN = ("left", "center", "right")

OPTIONS: tuple[Option, ...] = (
    Option(
        name="input",
        part="trace",
        field="inputs",
        parse=_input,
        default="none: the structure without shapes",
        help="What forward is called with: image224, tensor1x128:int64, key:form;key:form, or Python data.",
        metavar="INPUT",
    ),
    Option(
        name="args",
        part="trace",
        field="arguments",
        parse=_args,
        default="none",
        help="Arguments that the model is built with, such as num_classes=10, weights=None.",
        metavar="ARGUMENTS",
    ),
    Option(
        name="trace",
        part="trace",
        field="mode",
        parse=_mode,
        default="auto",
        help="How to trace: data runs forward on the input, symbolic follows its code, auto chooses.",
        metavar="MODE",
        choices=tuple(TraceMode),
    ),
    Option(
        name="depth",
        part="figure",
        field="depth",
        parse=_depth,
        default="the site's nnviz_depth",
        help="Module levels that are opened: a whole number, or all.",
        metavar="LEVELS",
    ),
    Option(
        name="boxes",
        part="figure",
        field="boxes",
        parse=_boxes,
        default=f"the site's nnviz_budget, or {MOST_BOXES} if a depth is given",
        help=f"Boxes up to which modules are opened, from the outside in; at most {MOST_BOXES}.",
        metavar="NUMBER",
    ),
    Option(
        name="fold",
        part="figure",
        field="fold",
        parse=_fold,
        default="on",
        help="Whether equal blocks in a row are drawn once, with their number.",
        metavar="SWITCH",
        choices=_SWITCH,
    ),
    Option(
        name="tables",
        part="figure",
        field="tables",
        parse=_one_of(*_TABLES),
        default="auto",
        help="Tables under the figure: the model's input and output, each edge, or none; auto chooses.",
        metavar="TABLES",
        choices=_TABLES,
    ),
    Option(
        name="caption",
        part="figure",
        field="caption",
        parse=_free_text,
        default="none",
        help="Caption under the figure.",
        metavar="TEXT",
    ),
    Option(
        name="alt",
        part="figure",
        field="alt",
        parse=_free_text,
        default="one sentence made from the graph",
        help="Description for readers who do not see the figure.",
        metavar="TEXT",
    ),
    Option(
        name="name",
        part="figure",
        field="name",
        parse=_free_text,
        default="none",
        help="Name that references to the figure use.",
        metavar="NAME",
    ),
    Option(
        name="align",
        part="figure",
        field="align",
        parse=_one_of(*_ALIGN),
        default="the theme's",
        help="Where the figure stands in the column.",
        metavar="SIDE",
        choices=_ALIGN,
    ),
    Option(
        name="class",
        part="figure",
        field="classes",
        parse=_classes,
        default="none",
        help="CSS classes of the figure, separated by spaces.",
        metavar="CLASSES",
    ),
    Option(
        name="width",
        part="figure",
        field="width",
        parse=_width,
        default="natural, at most the column's",
        help="Width of the figure: a number of px, em, rem or %.",
        metavar="LENGTH",
    ),
)
_BY_NAME: Mapping[str, Option] = {option.name: option for option in OPTIONS}
