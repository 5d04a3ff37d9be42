"""The scene: what the view shows, in words and measured, before it has places.

All sizes are whole pixels. A scene says how large each thing is and what is written in it; the layout
only says where it goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Literal

from nnviz_docs.drawing.captions import (
    TITLE_SIZE,
    WIDEST_LINE,
    box_lines,
    box_title,
    frame_words,
    tip,
)
from nnviz_docs.drawing.categories import Category, category
from nnviz_docs.drawing.columns import TEXT_SIZE
from nnviz_docs.drawing.rows import Row, data_rows
from nnviz_docs.drawing.text import clean, shorten, text_width
from nnviz_docs.drawing.view import Arrow, Box, Frame, View
from nnviz_docs.drawing.wording import plural
from nnviz_docs.graph.model import Graph

HEADING_SIZE = 15
TITLE_HEIGHT = 18
LINE_HEIGHT = 15
ROW_HEIGHT = 16
INDENT = 8
KEY_GAP = 8
BOX_PADDING = (12, 7)
LABEL_PADDING = (6, 3)
FRAME_TITLE_HEIGHT = 18
WIDEST_KEY = 120
NARROWEST_BOX = 56
MOST_ROWS = 8
MOST_ROUTED = 150
"""In a scene of more arrows than this, repeated ones are drawn aside: to route them takes minutes."""
MOST_COPIES = 3
"""Of more arrows than this that carry the same values, the first has a label, the others are faint."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneBox:
    """A box: a title and lines below it. ``tip`` is the whole text, shown on hovering."""

    id: str
    category: Category
    title: str
    lines: tuple[str, ...]
    tip: str
    width: int
    height: int
    frame: int | None
    failed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneFrame:
    """A frame around boxes, ``level`` frames deep, titled with a ``name`` and what kind of scope it is."""

    id: str
    name: str
    kind: str
    tip: str
    name_width: int
    kind_width: int
    parent: int | None
    level: int
    failed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """The data on an arrow: rows of a key and a value, the values ``key_width`` to the right."""

    rows: tuple[Row, ...]
    key_width: int
    width: int
    height: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneArrow:
    """An arrow between two boxes, by their positions in the scene.

    ``value`` is the same number for arrows that carry the same values. ``repeated`` when earlier arrows
    carry them too, and the first of these has the label. ``aside`` when there are so many of these that they
    have no say in where things go, and lead around in arcs.
    """

    source: int
    target: int
    label: Label | None
    value: int = 0
    repeated: bool = False
    aside: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A figure in words and sizes, all by position: frames before the frames in them."""

    title: str
    subtitle: str
    boxes: tuple[SceneBox, ...]
    frames: tuple[SceneFrame, ...]
    arrows: tuple[SceneArrow, ...]
    direction: Literal["TB", "LR"] = "TB"


def build_scene(view: View) -> Scene:
    """Return the measured scene of a view."""
    frames = {frame.scope.id: index for index, frame in enumerate(view.frames)}
    boxes = {box.id: index for index, box in enumerate(view.boxes)}
    return Scene(
        title=shorten(clean(view.graph.model), WIDEST_LINE, HEADING_SIZE, bold=True),
        subtitle=_subtitle(view.graph),
        boxes=tuple(_box(box, frames, view) for box in view.boxes),
        frames=tuple(_frame(frame, frames) for frame in view.frames),
        arrows=tuple(
            SceneArrow(
                source=boxes[arrow.source],
                target=boxes[arrow.target],
                label=None if repeated else _label(arrow),
                value=value,
                repeated=repeated,
                aside=repeated and len(view.arrows) > MOST_ROUTED,
            )
            for arrow, (value, repeated) in zip(view.arrows, _values(view), strict=True)
        ),
        direction=view.direction,
    )


def _subtitle(graph: Graph) -> str:
    root = next(scope.name for scope in graph.scopes if scope.parent is None)
    parameters = plural(graph.parameters, "parameter") if graph.parameters else ""
    path = shorten(clean(root), WIDEST_LINE, TEXT_SIZE)
    return " · ".join(filter(None, (path, parameters)))


def _box(box: Box, frames: dict[str, int], view: View) -> SceneBox:
    title, lines = box_title(box), box_lines(box, view.show, view.graph.parameters)
    widths = [text_width(title, TITLE_SIZE, bold=True), *(text_width(line, TEXT_SIZE) for line in lines)]
    return SceneBox(
        id=box.id,
        category=category(box.content),
        title=title,
        lines=lines,
        tip=tip(box.content),
        width=max(NARROWEST_BOX, ceil(max(widths)) + 2 * BOX_PADDING[0]),
        height=TITLE_HEIGHT + LINE_HEIGHT * len(lines) + 2 * BOX_PADDING[1],
        frame=None if box.frame is None else frames[box.frame],
        failed=box.failed,
    )


def _frame(frame: Frame, frames: dict[str, int]) -> SceneFrame:
    name, kind = frame_words(frame)
    return SceneFrame(
        id=frame.scope.id,
        name=name,
        kind=kind,
        tip=tip(frame.scope),
        name_width=ceil(text_width(name, TEXT_SIZE, bold=True)),
        kind_width=ceil(text_width(kind, TEXT_SIZE)),
        parent=None if frame.parent is None else frames[frame.parent],
        level=frame.level,
        failed=frame.failed,
    )


def _values(view: View) -> Iterator[tuple[int, bool]]:
    """Yield for each arrow the number of its values, and whether earlier ones of many have them."""
    copies = Counter((arrow.origins, arrow.parts) for arrow in view.arrows)
    numbers: dict[object, int] = {}
    for arrow in view.arrows:
        key = arrow.origins, arrow.parts
        is_repeated = copies[key] > MOST_COPIES and key in numbers
        yield numbers.setdefault(key, len(numbers)), is_repeated


def _label(arrow: Arrow) -> Label | None:
    rows = data_rows((part.path, part.data) for part in arrow.parts if part.data is not None)
    if not rows:
        return None
    if len(rows) > MOST_ROWS + 1:
        rows = (*rows[:MOST_ROWS], Row(0, f"+ {len(rows) - MOST_ROWS} more", ""))
    rows = tuple(_fitted(row) for row in rows)
    keys = [_key_width(row) for row in rows if row.value and row.key]
    key_width = ceil(max(keys, default=0))
    widths = [key_width + text_width(row.value, TEXT_SIZE) if row.value else _key_width(row) for row in rows]
    return Label(
        rows=rows,
        key_width=key_width,
        width=ceil(max(widths)) + 2 * LABEL_PADDING[0],
        height=ROW_HEIGHT * len(rows) + 2 * LABEL_PADDING[1],
    )


def _key_width(row: Row) -> float:
    return INDENT * row.level + text_width(row.key, TEXT_SIZE, bold=True) + KEY_GAP


def _fitted(row: Row) -> Row:
    key = shorten(row.key, WIDEST_KEY, TEXT_SIZE, bold=True)
    return Row(row.level, key, shorten(row.value, WIDEST_LINE, TEXT_SIZE))
