"""Where in the top strip of a frame its title goes: at the left, unless an arrow passes there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nnviz_docs.drawing.geometry import Area, Point

INSET = 10
_CLEARANCE = 5


def place_title(
    strip: Area, width: float, lines: Iterable[tuple[Point, ...]], labels: Iterable[Area]
) -> float:
    """Return the left end of a title in the strip: the first place from the left that nothing crosses.

    The strip is as wide as the frame. Where there is no such place, the title stays at the left.
    """
    left = strip.left + INSET
    taken = sorted([*_crossings(strip, lines), *_covered(strip, labels)])
    start = left
    for low, high in taken:
        if low - start >= width:
            break
        start = max(start, high)
    return start if start + width <= strip.right - INSET else left


def _crossings(strip: Area, lines: Iterable[tuple[Point, ...]]) -> Iterator[tuple[float, float]]:
    """Yield the stretch of the strip that each line passes through."""
    for line in lines:
        xs = [
            x
            for a, b in zip(line, line[1:], strict=False)
            if min(a[1], b[1]) <= strip.bottom and max(a[1], b[1]) >= strip.top
            for x in (a[0], b[0])
        ]
        if xs:
            yield min(xs) - _CLEARANCE, max(xs) + _CLEARANCE


def _covered(strip: Area, labels: Iterable[Area]) -> Iterator[tuple[float, float]]:
    for label in labels:
        if label.overlaps(strip):
            yield label.left - _CLEARANCE, label.right + _CLEARANCE
