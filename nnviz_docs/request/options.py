"""The options of a figure, each declared once; directive, fence and command line are made from `OPTIONS`.

A new option is a field of `FigureOptions` (or of `TraceRequest`) and a row of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.located import shown
from nnviz_docs.request.model_path import is_allowed, parse_model_path
from nnviz_docs.request.option_texts import (
    FACTS,
    SWITCH,
    one_of,
    read_args,
    read_boxes,
    read_classes,
    read_depth,
    read_facts,
    read_free_text,
    read_height,
    read_input,
    read_mode,
    read_path,
    read_patterns,
    read_switch,
    read_width,
)
from nnviz_docs.request.request import FigureOptions, FigureRequest, TraceMode, TraceRequest
from nnviz_docs.request.settings import MOST_BOXES, Settings


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
    return {"depth": settings.depth, "boxes": boxes, "fit": options.keys().isdisjoint({"depth", "boxes"})}


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


_DIRECTIONS = ("TB", "LR")
_TABLES = ("none", "io", "edges", "layers", "auto")
_ALIGN = ("left", "center", "right")

OPTIONS: tuple[Option, ...] = (
    Option(
        name="input",
        part="trace",
        field="inputs",
        parse=read_input,
        default="none: the structure without shapes",
        help="What forward is called with: image224, tensor1x128:int64, key:form;key:form, or Python data.",
        metavar="INPUT",
    ),
    Option(
        name="args",
        part="trace",
        field="arguments",
        parse=read_args,
        default="none",
        help="Arguments that the model is built with, such as num_classes=10, weights=None.",
        metavar="ARGUMENTS",
    ),
    Option(
        name="trace",
        part="trace",
        field="mode",
        parse=read_mode,
        default="auto",
        help="How to trace: data runs forward on the input, symbolic follows its code, auto chooses.",
        metavar="MODE",
        choices=tuple(TraceMode),
    ),
    Option(
        name="depth",
        part="figure",
        field="depth",
        parse=read_depth,
        default="the site's nnviz_depth",
        help="Module levels that are opened: a whole number, all, or a range to switch between, such as 1-3.",
        metavar="LEVELS",
    ),
    Option(
        name="boxes",
        part="figure",
        field="boxes",
        parse=read_boxes,
        default=f"the site's nnviz_budget, or {MOST_BOXES} if a depth is given",
        help=f"Boxes up to which modules are opened, from the outside in; at most {MOST_BOXES}.",
        metavar="NUMBER",
    ),
    Option(
        name="fit",
        part="figure",
        field="fit",
        parse=read_switch,
        default="on, or off if a depth or a number of boxes is given",
        help="Whether parts are drawn closed to keep the figure as wide as a text column, at full size.",
        metavar="SWITCH",
        choices=SWITCH,
    ),
    Option(
        name="fold",
        part="figure",
        field="fold",
        parse=read_switch,
        default="on",
        help="Whether equal blocks in a row are drawn once, with their number.",
        metavar="SWITCH",
        choices=SWITCH,
    ),
    Option(
        name="collapse",
        part="figure",
        field="collapse",
        parse=read_patterns,
        default="none",
        help="Modules drawn as one box whatever the depth: paths or patterns such as layer*.",
        metavar="PATHS",
    ),
    Option(
        name="expand",
        part="figure",
        field="expand",
        parse=read_patterns,
        default="none",
        help="Modules that are opened whatever the depth: paths or patterns such as layer4.*.",
        metavar="PATHS",
    ),
    Option(
        name="layer",
        part="figure",
        field="layer",
        parse=read_path,
        default="the whole model",
        help="Draw only this module, with the data that it gets inside the model.",
        metavar="PATH",
    ),
    Option(
        name="direction",
        part="figure",
        field="direction",
        parse=one_of(*_DIRECTIONS),
        default="TB",
        help="Where the arrows lead: from top to bottom, or from left to right.",
        metavar="DIRECTION",
        choices=_DIRECTIONS,
    ),
    Option(
        name="show",
        part="figure",
        field="show",
        parse=read_facts,
        default="path, params, share",
        help=f"What the boxes show under their titles: some of {', '.join(FACTS)}, or none.",
        metavar="FACTS",
    ),
    Option(
        name="tables",
        part="figure",
        field="tables",
        parse=one_of(*_TABLES),
        default="auto",
        help="Tables under the figure: input and output, each edge, each layer, or none; auto chooses.",
        metavar="TABLES",
        choices=_TABLES,
    ),
    Option(
        name="caption",
        part="figure",
        field="caption",
        parse=read_free_text,
        default="none",
        help="Caption under the figure.",
        metavar="TEXT",
    ),
    Option(
        name="alt",
        part="figure",
        field="alt",
        parse=read_free_text,
        default="one sentence made from the graph",
        help="Description for readers who do not see the figure.",
        metavar="TEXT",
    ),
    Option(
        name="name",
        part="figure",
        field="name",
        parse=read_free_text,
        default="none",
        help="Name that references to the figure use.",
        metavar="NAME",
    ),
    Option(
        name="align",
        part="figure",
        field="align",
        parse=one_of(*_ALIGN),
        default="the theme's",
        help="Where the figure stands in the column.",
        metavar="SIDE",
        choices=_ALIGN,
    ),
    Option(
        name="class",
        part="figure",
        field="classes",
        parse=read_classes,
        default="none",
        help="CSS classes of the figure, separated by spaces.",
        metavar="CLASSES",
    ),
    Option(
        name="width",
        part="figure",
        field="width",
        parse=read_width,
        default="natural, at most the column's",
        help="Width of the figure: a number of px, em, rem or %.",
        metavar="LENGTH",
    ),
    Option(
        name="height",
        part="figure",
        field="height",
        parse=read_height,
        default="what the width gives",
        help="Height of the figure: a number of px, em or rem.",
        metavar="LENGTH",
    ),
)
_BY_NAME: Mapping[str, Option] = {option.name: option for option in OPTIONS}
