"""Where everything goes: numbers only, from Graphviz or from the cache."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import Any

from nnviz_docs.drawing.geometry import Area, Point
from nnviz_docs.drawing.scene import Scene

LAYOUT_SCHEMA = 1
"""Version of the JSON form and of how positions are made; part of every layout key."""


@dataclass(frozen=True, slots=True)
class ArrowPath:
    """An arrow: control points of cubic curves, the point of its head, the centre of its label."""

    points: tuple[Point, ...]
    tip: Point
    label: Point | None


@dataclass(frozen=True, slots=True)
class FramePlace:
    """A frame's rectangle, and the left ends of the middle lines of its name and kind."""

    area: Area
    name: Point
    kind: Point


@dataclass(frozen=True, slots=True)
class Layout:
    """Places of a scene's boxes (their centres), frames and arrows, in the scene's order, and its size."""

    width: float
    height: float
    boxes: tuple[Point, ...]
    frames: tuple[FramePlace, ...]
    arrows: tuple[ArrowPath, ...]


def layout_to_json(layout: Layout) -> dict[str, Any]:
    """Return the JSON form: numbers in lists."""
    return {
        "schema": LAYOUT_SCHEMA,
        "size": [layout.width, layout.height],
        "boxes": [list(point) for point in layout.boxes],
        "frames": [
            [place.area.left, place.area.top, place.area.right, place.area.bottom, *place.name, *place.kind]
            for place in layout.frames
        ],
        "arrows": [
            {
                "points": [number for point in arrow.points for number in point],
                "tip": list(arrow.tip),
                "label": None if arrow.label is None else list(arrow.label),
            }
            for arrow in layout.arrows
        ],
    }


def layout_from_json(value: Any) -> Layout:
    """Return the layout that a JSON value describes.

    Raises:
        ValueError: The value is not the JSON form of a layout of this version.
    """
    try:
        if value["schema"] != LAYOUT_SCHEMA:
            raise ValueError("another version of the layout's JSON form")
        width, height = _numbers(value["size"], 2)
        return Layout(
            width,
            height,
            boxes=tuple(_point(point) for point in value["boxes"]),
            frames=tuple(_frame_place(place) for place in value["frames"]),
            arrows=tuple(_arrow_path(arrow) for arrow in value["arrows"]),
        )
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"not a layout: {error}") from error


def layout_fits(layout: Layout, scene: Scene) -> bool:
    """Tell whether every box, frame, arrow and label of the scene has its place in the layout."""
    places = [arrow.label is not None for arrow in layout.arrows]
    labels = [arrow.label is not None for arrow in scene.arrows]
    counts = len(layout.boxes), len(layout.frames)
    return places == labels and counts == (len(scene.boxes), len(scene.frames))


def _frame_place(value: Any) -> FramePlace:
    left, top, right, bottom, *title = _numbers(value, 8)
    return FramePlace(Area(left, top, right, bottom), _point(title[:2]), _point(title[2:]))


def _arrow_path(value: Any) -> ArrowPath:
    numbers = _numbers(value["points"], len(value["points"]))
    points = tuple(zip(numbers[::2], numbers[1::2], strict=True))
    if len(points) % 3 != 1:
        raise ValueError("not a chain of cubic curves")
    label = value["label"]
    return ArrowPath(points, _point(value["tip"]), None if label is None else _point(label))


def _point(value: Any) -> Point:
    x, y = _numbers(value, 2)
    return x, y


def _numbers(value: Any, count: int) -> tuple[float, ...]:
    """Return the numbers of a list, which are finite and of a size that a figure can have."""
    if not isinstance(value, list) or len(value) != count:
        raise ValueError("not a list of the right length")
    if not {*map(type, value)} <= {int, float}:
        raise ValueError("not a number")
    if (value and not -1e7 < min(value) <= max(value) < 1e7) or any(map(isnan, value)):
        raise ValueError("a number out of range")
    return tuple(value)
