"""Arrows around the side of a figure, for those that are too many to be routed between its boxes."""

from __future__ import annotations

from nnviz_docs.drawing.geometry import Area, Point
from nnviz_docs.drawing.layout import ArrowPath

_HEAD = 7
_NEAREST, _FARTHEST = 24, 220
_BOW = 0.3


def arc(source: Area, target: Area) -> ArrowPath:
    """Return an arrow from the left side of one box to that of another, the farther out the longer it is."""
    start = source.left, (source.top + source.bottom) / 2
    tip = target.left, (target.top + target.bottom) / 2
    end = tip[0] - _HEAD, tip[1]
    bow = min(_NEAREST + _BOW * abs(end[1] - start[1]), _FARTHEST)
    out = min(start[0], end[0]) - bow
    points: tuple[Point, ...] = (start, (out, start[1]), (out, end[1]), end)
    return ArrowPath(points, tip, None)
