"""The facts of a box that a page can ask for, each declared once.

A new fact is one row here and its name in `nnviz_docs.request.option_texts.FACTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nnviz_docs.drawing.sizes import TEXT_SIZE
from nnviz_docs.drawing.text import ELLIPSIS, clean, shorten, text_width
from nnviz_docs.drawing.tree import Content, Fold
from nnviz_docs.drawing.view import Box
from nnviz_docs.drawing.wording import bytes_text, count_text, data_text, flops_text, share_text
from nnviz_docs.graph.data import tensors
from nnviz_docs.graph.model import Graph, Node, NodeKind

WIDEST_SUMMARY = 150
WIDEST_SOURCE = 200
_CALLS = frozenset({NodeKind.MODULE, NodeKind.FUNCTION})


@dataclass(frozen=True, slots=True)
class Column:
    """How a fact reads for a box of a figure of this graph; ``own_line`` when it is not a number."""

    text: Callable[[Box, Graph], str]
    own_line: bool = False


def fact_lines(box: Box, show: Sequence[str], graph: Graph) -> list[str]:
    """Return the lines of a box that show these facts: texts on their own, numbers together on one."""
    texts = [(COLUMNS[name], COLUMNS[name].text(box, graph)) for name in show]
    lines = [text for column, text in texts if column.own_line and text]
    numbers = [text for column, text in texts if not column.own_line and text]
    return [*lines, " · ".join(numbers)] if numbers else lines


def box_parameters(box: Box) -> int:
    """Return the number of parameters of all that a box is drawn for."""
    return box.fold.parameters if box.fold else box.content.parameters


def box_class(content: Content) -> str:
    """Return the class or function of a box, as its title says it."""
    match content:
        case Node(kind=NodeKind.INPUT):
            return "Input"
        case Node(kind=NodeKind.OUTPUT):
            return "Output"
        case _:
            return clean(content.type_name or content.name)


def fold_place(fold: Fold) -> str:
    """Return the paths from the first copy to the last: ``layer1.0 – 2``, or one path and its calls.

    >>> fold_place(Fold(count=3, first=layer0, last=layer2, ...))
    'encoder.layer_0 – layer_2'
    """
    if fold.first is None or fold.last is None:
        return ""
    first, last = clean(fold.first.name), clean(fold.last.name)
    if first == last:
        calls = fold.first.call + 1, fold.last.call + 1
        return f"{first} · calls {calls[0]} – {calls[1]}" if calls[0] != calls[1] else first
    ours, theirs = first.split("."), last.split(".")
    shared = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), 0)
    return f"{first} – {'.'.join(theirs[shared:])}"


def _place(box: Box, _graph: Graph) -> str:
    """Return a module's path, a function's constant arguments, an input's name."""
    content = box.content
    match content:
        case Node(kind=NodeKind.OUTPUT):
            return ""
        case Node(kind=NodeKind.FUNCTION):
            return _first_arguments(clean(content.summary))
    if box.fold and (place := fold_place(box.fold)):
        return place
    name = clean(content.name)
    call = f" · call {content.call + 1}" if content.call and name else ""
    return f"{name}{call}" if name != box_class(content) else call.removeprefix(" · ")


def _arguments(box: Box, _graph: Graph) -> str:
    """Return what a module was built with; a function's arguments stand in its path's place."""
    content = box.content
    if isinstance(content, Node) and content.kind is NodeKind.MODULE:
        return _first_arguments(clean(content.summary))
    return ""


def _first_arguments(summary: str) -> str:
    """Return as many of the arguments as a line has room for."""
    parts = summary.split(", ")
    for kept in range(len(parts), 0, -1):
        text = ", ".join(parts[:kept]) + f", {ELLIPSIS}" * (kept < len(parts))
        if text_width(text, TEXT_SIZE) <= WIDEST_SUMMARY:
            return text
    return shorten(summary, WIDEST_SUMMARY, TEXT_SIZE)


def _class(box: Box, _graph: Graph) -> str:
    return clean(box.content.full_name)


def _parameters(box: Box, _graph: Graph) -> str:
    number = box_parameters(box)
    return f"{count_text(number)} params" if number else ""


def _share(box: Box, graph: Graph) -> str:
    number = box_parameters(box)
    return share_text(number, graph.parameters) if number and graph.parameters else ""


def _flops(box: Box, graph: Graph) -> str:
    return _cost(box, graph, box.fold.flops if box.fold else box.content.flops, "FLOPs", flops_text)


def _memory(box: Box, graph: Graph) -> str:
    return _cost(box, graph, box.fold.memory if box.fold else box.content.memory, "memory", bytes_text)


def _cost(box: Box, graph: Graph, cost: int | None, name: str, text: Callable[[int], str]) -> str:
    """Return a cost as text, nothing where there is none; one that is not known is not taken for none."""
    if cost is None:
        is_call = not isinstance(box.content, Node) or box.content.kind in _CALLS
        return f"{name} unknown" if graph.mechanism.runs and is_call else ""
    return text(cost) if cost else ""


def _source(box: Box, _graph: Graph) -> str:
    """Return file and line of the class; of a long path the end, which tells more."""
    text = clean(box.content.source)
    parts = text.split("/")
    while len(parts) > 1 and text_width(text, TEXT_SIZE) > WIDEST_SOURCE:
        parts = parts[1:]
        text = "/".join((ELLIPSIS, *parts))
    return text


def _output(box: Box, _graph: Graph) -> str:
    return "" if box.content.output is None else data_text(box.content.output)


def _dtype(box: Box, _graph: Graph) -> str:
    held = [] if box.content.output is None else list(tensors(box.content.output))
    return ", ".join(dict.fromkeys(clean(tensor.dtype) for tensor in held))


COLUMNS: Mapping[str, Column] = {
    "path": Column(_place, own_line=True),
    "class": Column(_class, own_line=True),
    "args": Column(_arguments, own_line=True),
    "source": Column(_source, own_line=True),
    "output": Column(_output, own_line=True),
    "params": Column(_parameters),
    "share": Column(_share),
    "flops": Column(_flops),
    "memory": Column(_memory),
    "dtype": Column(_dtype),
}
