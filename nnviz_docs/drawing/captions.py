"""What is written in a box and on a frame: titles, paths, arguments, sizes, and what is shown on hovering."""

from __future__ import annotations

from nnviz_docs.drawing.text import ELLIPSIS, clean, shorten, text_width
from nnviz_docs.drawing.tree import Content, Fold
from nnviz_docs.drawing.view import Box, Frame
from nnviz_docs.drawing.wording import count_text, share_text
from nnviz_docs.graph.model import Node, NodeKind

TITLE_SIZE = 13
TEXT_SIZE = 11
WIDEST_LINE = 230
WIDEST_SUMMARY = 150
FAILED = "failed here"


def box_title(box: Box) -> str:
    """Return the title of a box: its class or function, and how many copies it is drawn for."""
    mark = f" {fold_mark(box.fold)}" if box.fold else ""
    room = WIDEST_LINE - text_width(mark, TITLE_SIZE, bold=True)
    return shorten(_title(box.content), room, TITLE_SIZE, bold=True) + mark


def box_lines(box: Box, total: int) -> tuple[str, ...]:
    """Return what is written under the title of a box, in a model of ``total`` parameters."""
    parameters = box.fold.parameters if box.fold else box.content.parameters
    lines = (_place(box), _parameters(parameters, total), FAILED if box.failed else "")
    return tuple(shorten(line, WIDEST_LINE, TEXT_SIZE) for line in lines if line)


def frame_words(frame: Frame) -> tuple[str, str]:
    """Return the name of a frame, and what kind of scope it is around."""
    scope = frame.scope
    name, kind = clean(scope.name), clean(scope.type_name)
    if scope.type_name in (scope.name, scope.name.removesuffix("()")):
        kind = ""
    if frame.fold:
        place, mark = fold_place(frame.fold), fold_mark(frame.fold)
        name, kind = (mark, place) if frame.fold.is_sequence else (place or name, f"{kind} {mark}".strip())
    words = " · ".join(filter(None, (kind, FAILED if frame.failed else "")))
    return shorten(name, WIDEST_LINE, TEXT_SIZE, bold=True), shorten(words, WIDEST_LINE, TEXT_SIZE)


def fold_mark(fold: Fold) -> str:
    """Return how many copies an item is drawn for: ``×12``."""
    return f"×{fold.count:,}"


def fold_place(fold: Fold) -> str:
    """Return the paths from the first copy to the last: ``layer1.0 – 2``, or one path and its calls.

    >>> fold_place(Fold(count=3, first=layer0, last=layer2, parameters=0, is_sequence=False))
    'encoder.layer_0 – layer_2'
    """
    if fold.first is None or fold.last is None:
        return ""
    first, last = clean(fold.first.name), clean(fold.last.name)
    if first == last:
        calls = fold.first.call + 1, fold.last.call + 1
        return f"{first} · calls {calls[0]} – {calls[1]}" if calls[0] != calls[1] else first
    theirs = first.split(".")
    parts = last.split(".")
    shared = next((n for n, (a, b) in enumerate(zip(theirs, parts, strict=False)) if a != b), 0)
    return f"{first} – {'.'.join(parts[shared:])}"


def tip(content: Content) -> str:
    """Return the whole text of an item, for hovering."""
    summary = content.summary if isinstance(content, Node) else ""
    name = content.full_name or content.type_name or content.kind
    path = f"{content.name}: " if content.name and content.name != name else ""
    return clean(f"{path}{name}({summary})" if summary else f"{path}{name}")


def _title(content: Content) -> str:
    match content:
        case Node(kind=NodeKind.INPUT):
            return "Input"
        case Node(kind=NodeKind.OUTPUT):
            return "Output"
        case _:
            return clean(content.type_name or content.name)


def _place(box: Box) -> str:
    """Return the second line: a module's path, a function's constant arguments, an input's name."""
    match box.content:
        case Node(kind=NodeKind.OUTPUT):
            return ""
        case Node(kind=NodeKind.FUNCTION) as node:
            return _first_arguments(clean(node.summary))
    content = box.content
    if box.fold and (place := fold_place(box.fold)):
        return place
    name = clean(content.name)
    call = f" · call {content.call + 1}" if content.call and name else ""
    return f"{name}{call}" if name != _title(content) else call.removeprefix(" · ")


def _first_arguments(summary: str) -> str:
    """Return as many of the arguments as a line has room for."""
    parts = summary.split(", ")
    for kept in range(len(parts), 0, -1):
        text = ", ".join(parts[:kept]) + f", {ELLIPSIS}" * (kept < len(parts))
        if text_width(text, TEXT_SIZE) <= WIDEST_SUMMARY:
            return text
    return shorten(summary, WIDEST_SUMMARY, TEXT_SIZE)


def _parameters(number: int, total: int) -> str:
    if not number:
        return ""
    share = f" · {share_text(number, total)}" if total else ""
    return f"{count_text(number)} params{share}"
