"""From a view to its scene: every text is made and measured, so that nothing is left but places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import ceil

from nnviz_docs.drawing.captions import WIDEST_LINE, box_lines, box_title, frame_words, tip
from nnviz_docs.drawing.categories import category
from nnviz_docs.drawing.labels import label_of
from nnviz_docs.drawing.scene import Scene, SceneArrow, SceneBox, SceneFrame
from nnviz_docs.drawing.sizes import (
    BOX_PADDING,
    HEADING_SIZE,
    LINE_HEIGHT,
    TEXT_SIZE,
    TITLE_HEIGHT,
    TITLE_SIZE,
)
from nnviz_docs.drawing.text import clean, shorten, text_width
from nnviz_docs.drawing.view import Box, Frame, View
from nnviz_docs.drawing.wording import plural
from nnviz_docs.graph.model import Graph

NARROWEST_BOX = 56
MOST_ROUTED = 150
"""In a scene of more arrows than this, repeated ones are drawn aside: to route them takes minutes."""
MOST_COPIES = 3
"""Of more arrows than this that carry the same values, all but the first are faint."""


def build_scene(view: View, *, narrow: bool = False) -> Scene:
    """Return the measured scene of a view; a ``narrow`` one has labels that are higher and less wide."""
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
                label=None if copy else label_of(arrow.parts, narrow=narrow),
                value=value,
                repeated=copy and copies > MOST_COPIES,
                aside=copy and copies > MOST_COPIES and len(view.arrows) > MOST_ROUTED,
            )
            for arrow, (value, copy, copies) in zip(view.arrows, _values(view), strict=True)
        ),
        direction=view.direction,
        narrow=narrow,
    )


def _subtitle(graph: Graph) -> str:
    root = next(scope.name for scope in graph.scopes if scope.parent is None)
    parameters = plural(graph.parameters, "parameter") if graph.parameters else ""
    path = shorten(clean(root), WIDEST_LINE, TEXT_SIZE)
    return " · ".join(filter(None, (path, parameters)))


def _box(box: Box, frames: dict[str, int], view: View) -> SceneBox:
    title, lines = box_title(box), box_lines(box, view.show, view.graph)
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


def _values(view: View) -> Iterator[tuple[int, bool, int]]:
    """Yield for each arrow the number of its values, whether one before it has them, and how many do."""
    copies = Counter((arrow.origins, arrow.parts) for arrow in view.arrows)
    numbers: dict[object, int] = {}
    for arrow in view.arrows:
        key = arrow.origins, arrow.parts
        copy = key in numbers
        yield numbers.setdefault(key, len(numbers)), copy, copies[key]
