"""A scene in its places as the shapes of an SVG: the one place where its text becomes markup.

Elements are built as a tree and written by the standard library, so that all text is escaped in one way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement, tostring

from nnviz_docs.drawing import sizes
from nnviz_docs.drawing.geometry import Area, Point
from nnviz_docs.drawing.image import Image
from nnviz_docs.drawing.layout import ArrowPath, FramePlace, Layout
from nnviz_docs.drawing.scene import Label, Scene, SceneArrow, SceneBox, SceneFrame
from nnviz_docs.drawing.sizes import HEADING_HEIGHT, MARGIN, TEXT_SIZE, TITLE_SIZE
from nnviz_docs.drawing.text import has_known_width, text_element, text_width

_RADIUS = "6"
_HEAD_HALF_WIDTH = 3.2
_BASELINE = 4


def draw_image(scene: Scene, layout: Layout, *, fitted: bool = False) -> Image:
    """Return the drawing of a scene, without the element around it.

    Text is ``fitted`` to the width that was measured for it when it is to be drawn in another font.
    """
    pen = _Pen(fitted=fitted)
    root = Element("svg")
    _heading(root, scene, pen)
    for arrow, path in zip(scene.arrows, layout.arrows, strict=True):
        _mark_way(_arrow(root, path, repeated=arrow.repeated), arrow)
    for frame, place in zip(scene.frames, layout.frames, strict=True):
        _frame(root, frame, place, pen)
    for arrow, path in zip(scene.arrows, layout.arrows, strict=True):
        if arrow.label is not None and path.label is not None:
            _mark_way(_label(root, arrow.label, path.label, pen), arrow)
    for box, center in zip(scene.boxes, layout.boxes, strict=True):
        _box(root, box, center, pen)
    heading = text_width(scene.title, sizes.HEADING_SIZE, bold=True) + sizes.KEY_GAP
    heading += text_width(scene.subtitle, TEXT_SIZE)
    return Image(
        title=scene.title,
        width=math.ceil(max(layout.width, heading)) + 2 * MARGIN,
        height=math.ceil(layout.height) + HEADING_HEIGHT + 2 * MARGIN,
        inside="".join(tostring(shape, encoding="unicode") for shape in root),
    )


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes text, ``fitted`` to the width that was measured for it, whatever the font."""

    fitted: bool

    def write(  # noqa: PLR0913 (where, what and how)
        self, group: Element, text: str, x: float, y: float, *, size: float = TEXT_SIZE, bold: bool = False
    ) -> Element:
        element = text_element(group, "text", text)
        element.set("x", _number(x))
        element.set("y", _number(y))
        if self.fitted and has_known_width(text):
            element.set("textLength", _number(text_width(text, size, bold=bold)))
            element.set("lengthAdjust", "spacingAndGlyphs")
        return element


def _mark_way(group: Element, arrow: SceneArrow) -> None:
    """Note for the script the boxes that an arrow is between, by position, and its value's number."""
    group.set("data-way", f"{arrow.source} {arrow.target} {arrow.value}")


def _heading(root: Element, scene: Scene, pen: _Pen) -> None:
    group = SubElement(root, "g", {"class": "nnviz-heading"})
    baseline = -HEADING_HEIGHT + sizes.HEADING_SIZE
    pen.write(group, scene.title, 0, baseline, size=sizes.HEADING_SIZE, bold=True)
    if scene.subtitle:
        left = text_width(scene.title, sizes.HEADING_SIZE, bold=True) + sizes.KEY_GAP
        pen.write(group, scene.subtitle, left, baseline)


def _frame(root: Element, frame: SceneFrame, place: FramePlace, pen: _Pen) -> None:
    group = SubElement(root, "g", {"class": f"nnviz-scope{' nnviz-failed' * frame.failed}"})
    text_element(group, "title", frame.tip)
    _rectangle(group, place.area)
    for text, (x, y), bold in ((frame.name, place.name, True), (frame.kind, place.kind, False)):
        if text:
            pen.write(group, text, x, y + _BASELINE, bold=bold)


def _box(root: Element, box: SceneBox, center: Point, pen: _Pen) -> None:
    failed = " nnviz-failed" * box.failed
    group = SubElement(root, "g", {"class": f"nnviz-node nnviz-{box.category}{failed}"})
    text_element(group, "title", box.tip)
    area = Area.around(center, box.width, box.height)
    _rectangle(group, area)
    top = area.top + sizes.BOX_PADDING[1]
    baseline = top + sizes.TITLE_HEIGHT - _BASELINE
    pen.write(group, box.title, center[0], baseline, size=TITLE_SIZE, bold=True)
    for number, line in enumerate(box.lines, start=1):
        pen.write(group, line, center[0], baseline + number * sizes.LINE_HEIGHT)


def _arrow(root: Element, path: ArrowPath, *, repeated: bool) -> Element:
    group = SubElement(root, "g", {"class": f"nnviz-edge{' nnviz-repeated' * repeated}"})
    SubElement(group, "path", {"d": _curve(path.points)})
    (x, y), (tip_x, tip_y) = path.points[-1], path.tip
    length = math.hypot(tip_x - x, tip_y - y) or 1
    across = (tip_y - y) / length * _HEAD_HALF_WIDTH, (x - tip_x) / length * _HEAD_HALF_WIDTH
    corners = (path.tip, (x + across[0], y + across[1]), (x - across[0], y - across[1]))
    SubElement(group, "polygon", {"points": " ".join(f"{_number(a)},{_number(b)}" for a, b in corners)})
    return group


def _curve(points: tuple[Point, ...]) -> str:
    """Return path data in tenths of a pixel, each curve relative to the end of the one before."""
    tenths = [(round(10 * x), round(10 * y)) for x, y in points]
    steps = []
    for start in range(0, len(tenths) - 1, 3):
        x, y = tenths[start]
        steps += [f"{(a - x) / 10:g},{(b - y) / 10:g}" for a, b in tenths[start + 1 : start + 4]]
    return f"M{tenths[0][0] / 10:g},{tenths[0][1] / 10:g}c{' '.join(steps)}"


def _label(root: Element, label: Label, center: Point, pen: _Pen) -> Element:
    group = SubElement(root, "g", {"class": "nnviz-label"})
    area = Area.around(center, label.width, label.height)
    left = area.left + sizes.LABEL_PADDING[0]
    top = area.top + sizes.LABEL_PADDING[1]
    if label.head:
        pen.write(group, label.head, left, top + sizes.ROW_HEIGHT / 2 + _BASELINE)
        top += sizes.ROW_HEIGHT
    if len(label.rows) > 1:
        length = label.width - 2 * sizes.LABEL_PADDING[0]
        lines = (top + number * sizes.ROW_HEIGHT for number in range(1, len(label.rows)))
        SubElement(group, "path", {"d": "".join(f"M{_number(left)},{_number(y)}h{length}" for y in lines)})
    for number, row in enumerate(label.rows):
        baseline = top + number * sizes.ROW_HEIGHT + sizes.ROW_HEIGHT / 2 + _BASELINE
        if row.key:
            key = pen.write(group, row.key, left + sizes.INDENT * row.level, baseline, bold=True)
            key.set("class", "nnviz-key")
        if row.value:
            pen.write(group, row.value, left + label.key_width, baseline)
    return group


def _rectangle(group: Element, area: Area) -> None:
    place = {"x": area.left, "y": area.top, "width": area.right - area.left, "height": area.bottom - area.top}
    SubElement(group, "rect", {name: _number(value) for name, value in place.items()} | {"rx": _RADIUS})


@lru_cache(maxsize=10_000)  # boxes in a column share their places and sizes
def _number(value: float) -> str:
    """Return a number with at most one decimal, without a negative zero."""
    return f"{round(10 * value) / 10:.10g}"
