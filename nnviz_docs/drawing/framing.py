"""Frames wide enough for the labels of the arrows inside them.

Graphviz keeps room for a label but may let it stick out of the frame around both ends of its arrow. A
frame is widened to hold such labels, on a side where there is nothing in the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nnviz_docs.drawing.geometry import Area, hull
from nnviz_docs.drawing.scene import Scene

_GAP = 4
"""Pixels between frames, and between a frame and what it does not hold."""
_NOWHERE: frozenset[int] = frozenset()


def widen_frames(
    scene: Scene, frames: Sequence[Area], boxes: Sequence[Area], labels: Sequence[Area | None]
) -> list[Area]:
    """Return the frames' rectangles, each around the labels of its arrows where it can be.

    ``labels`` are in the order of the scene's arrows, None for an arrow without one.
    """
    areas = list(frames)
    around = _frames_around(scene)
    of_boxes = [_NOWHERE if box.frame is None else around[box.frame] for box in scene.boxes]
    ends = [(of_boxes[arrow.source], of_boxes[arrow.target]) for arrow in scene.arrows]
    placed = [(*pair, label) for pair, label in zip(ends, labels, strict=True) if label is not None]
    for index in reversed(range(len(areas))):
        things = [(a | b if _starts_in(areas[index], label) else a & b, label) for a, b, label in placed]
        things += [(home, _with_gap(area)) for home, area in zip(of_boxes, boxes, strict=True)]
        things += [(home, _with_gap(areas[i])) for i, home in enumerate(around) if i not in around[index]]
        inside = [area for home, area in things if index in home]
        outside = [area for home, area in things if index not in home]
        areas[index] = _widened(areas[index], inside, outside)
    return areas


def _with_gap(area: Area) -> Area:
    return Area(area.left - _GAP, area.top, area.right + _GAP, area.bottom)


def _starts_in(frame: Area, label: Area) -> bool:
    """Tell whether a label is beside the part of its arrow that runs through a frame."""
    return frame.left <= label.left <= frame.right and frame.top <= label.top and label.bottom <= frame.bottom


def _frames_around(scene: Scene) -> list[frozenset[int]]:
    """Return for each frame the set of itself and the frames around it."""
    around: list[frozenset[int]] = []
    for index, frame in enumerate(scene.frames):
        outer = _NOWHERE if frame.parent is None else around[frame.parent]
        around.append(outer | {index})
    return around


def _widened(frame: Area, inside: Iterable[Area], outside: Sequence[Area]) -> Area:
    wanted = hull(inside, ())
    left = Area(min(frame.left, wanted.left), frame.top, frame.left, frame.bottom)
    right = Area(frame.right, frame.top, max(frame.right, wanted.right), frame.bottom)
    return Area(
        frame.left if any(map(left.overlaps, outside)) else left.left,
        frame.top,
        frame.right if any(map(right.overlaps, outside)) else right.right,
        frame.bottom,
    )
