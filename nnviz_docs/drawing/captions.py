"""What is written in a box and on a frame, and what is shown on hovering."""

from __future__ import annotations

from collections.abc import Sequence

from nnviz_docs.drawing.columns import box_class, fact_lines, fold_place
from nnviz_docs.drawing.sizes import TEXT_SIZE, TITLE_SIZE
from nnviz_docs.drawing.text import clean, shorten, text_width
from nnviz_docs.drawing.tree import Content, Fold
from nnviz_docs.drawing.view import Box, Frame
from nnviz_docs.graph.model import Graph, Node

WIDEST_LINE = 230
FAILED = "failed here"


def box_title(box: Box) -> str:
    """Return the title of a box: its class or function, and how many copies it is drawn for."""
    mark = f" {fold_mark(box.fold)}" if box.fold else ""
    room = WIDEST_LINE - text_width(mark, TITLE_SIZE, bold=True)
    return shorten(box_class(box.content), room, TITLE_SIZE, bold=True) + mark


def box_lines(box: Box, show: Sequence[str], graph: Graph) -> tuple[str, ...]:
    """Return what is written under the title of a box in a figure of this graph."""
    lines = [*fact_lines(box, show, graph), *([FAILED] if box.failed else [])]
    return tuple(shorten(line, WIDEST_LINE, TEXT_SIZE) for line in lines)


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


def tip(content: Content) -> str:
    """Return the whole text of an item, for hovering."""
    summary = content.summary if isinstance(content, Node) else ""
    name = content.full_name or content.type_name or content.kind
    path = f"{content.name}: " if content.name and content.name != name else ""
    return clean(f"{path}{name}({summary})" if summary else f"{path}{name}")
