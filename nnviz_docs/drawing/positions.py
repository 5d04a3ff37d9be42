"""Read Graphviz's ``json0`` reply into a layout.

Graphviz counts y upwards; here y goes down and the figure starts at 0, 0. Anything missing is an error.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from nnviz_docs.drawing.arcs import arc
from nnviz_docs.drawing.framing import widen_frames
from nnviz_docs.drawing.geometry import Area, Point, curve_points, hull
from nnviz_docs.drawing.layout import ArrowPath, FramePlace, Layout
from nnviz_docs.drawing.scene import Scene, SceneArrow, SceneFrame
from nnviz_docs.drawing.sizes import FRAME_TITLE_HEIGHT
from nnviz_docs.drawing.titles import place_title


def read_positions(scene: Scene, reply: bytes) -> Layout:
    """Return the layout of a scene out of the reply to its DOT text.

    Raises:
        ValueError: The reply is malformed, or lacks the place of a box, frame, arrow or label.
    """
    try:
        value = json.loads(reply)
        raw = _Reply(
            objects={item["name"]: item for item in value.get("objects", ())},
            edges={item["id"]: item for item in value.get("edges", ())},
        )
        return _layout(scene, raw)
    except (KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Reply:
    objects: dict[str, Any]
    edges: dict[str, Any]

    def box(self, index: int) -> Point:
        return _point(self.objects[f"n{index}"]["pos"])

    def frame(self, index: int) -> tuple[Area, Point]:
        item = self.objects[f"cluster{index}"]
        left, low, right, high = map(_number, item["bb"].split(","))
        return Area(left, -high, right, -low), _point(item["lp"])

    def arrow(self, index: int, *, labelled: bool) -> ArrowPath:
        item = self.edges[str(index)]
        tip, *points = item["pos"].removeprefix("e,").split(" ")
        if len(points) % 3 != 1:
            raise ValueError("not a chain of cubic curves")
        label = _point(item["lp"]) if labelled else None
        return ArrowPath(tuple(map(_point, points)), _point(tip), label)


def _point(text: str) -> Point:
    x, y = map(_number, text.split(","))
    return x, -y


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is not a place")
    return value


def _layout(scene: Scene, reply: _Reply) -> Layout:
    centers = tuple(reply.box(index) for index in range(len(scene.boxes)))
    raw_frames = [reply.frame(index) for index in range(len(scene.frames))]
    boxes = [Area.around(at, box.width, box.height) for at, box in zip(centers, scene.boxes, strict=True)]
    arrows = tuple(
        arc(boxes[arrow.source], boxes[arrow.target])
        if arrow.aside
        else reply.arrow(index, labelled=arrow.label is not None)
        for index, arrow in enumerate(scene.arrows)
    )
    labels = [_label_area(arrow, path) for arrow, path in zip(scene.arrows, arrows, strict=True)]
    shown = [label for label in labels if label is not None]
    lines = [tuple(curve_points(arrow.points)) for arrow in arrows]
    frames = tuple(
        _frame_place(area, middle[1], frame, lines, shown)
        for frame, area, (_, middle) in zip(
            scene.frames,
            widen_frames(scene, [area for area, _ in raw_frames], boxes, labels),
            raw_frames,
            strict=True,
        )
    )
    whole = hull([*boxes, *shown, *(place.area for place in frames)], [p for line in lines for p in line])
    return _moved(centers, frames, arrows, whole)


def _label_area(arrow: SceneArrow, path: ArrowPath) -> Area | None:
    if arrow.label is None or path.label is None:
        return None
    return Area.around(path.label, arrow.label.width, arrow.label.height)


def _frame_place(
    area: Area, middle: float, frame: SceneFrame, lines: list[tuple[Point, ...]], labels: list[Area]
) -> FramePlace:
    half = FRAME_TITLE_HEIGHT / 2
    strip = Area(area.left, middle - half, area.right, middle + half)
    name, kind = place_title(strip, (frame.name_width, frame.kind_width), lines, labels)
    return FramePlace(area, (name, middle), (kind, middle))


def _moved(
    boxes: tuple[Point, ...], frames: tuple[FramePlace, ...], arrows: tuple[ArrowPath, ...], whole: Area
) -> Layout:
    """Return the layout with the corner of the whole at 0, 0, in hundredths of a pixel."""

    def move(point: Point) -> Point:
        return round(point[0] - whole.left, 2), round(point[1] - whole.top, 2)

    def move_area(area: Area) -> Area:
        return Area(*move((area.left, area.top)), *move((area.right, area.bottom)))

    width, height = move((whole.right, whole.bottom))
    return Layout(
        width,
        height,
        boxes=tuple(map(move, boxes)),
        frames=tuple(
            FramePlace(move_area(place.area), move(place.name), move(place.kind)) for place in frames
        ),
        arrows=tuple(
            ArrowPath(tuple(map(move, path.points)), move(path.tip), path.label and move(path.label))
            for path in arrows
        ),
    )
