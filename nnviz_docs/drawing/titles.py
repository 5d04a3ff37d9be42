"""Where in the top strip of a frame its title goes: from the left, past the arrows that cross the strip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from nnviz_docs.drawing.geometry import Area, Point

INSET = 10
_CLEARANCE = 5
_GAP = 8


def place_title(
    strip: Area, widths: tuple[int, int], lines: Iterable[tuple[Point, ...]], labels: Iterable[Area]
) -> tuple[float, float]:
    """Return the left ends of the two parts of a title of these widths, in a strip as wide as the frame.

    Each part goes to the first place from the left that nothing crosses; when that leaves too little room,
    both go to where they would be if nothing did.
    """
    taken = sorted([*_crossings(strip, lines), *_covered(strip, labels)])
    first = _free(strip.left + INSET, widths[0], taken)
    second = _free(first + widths[0] + _GAP, widths[1], taken)
    if second + widths[1] <= strip.right - INSET / 2:
        return first, second
    return strip.left + INSET, strip.left + INSET + widths[0] + _GAP


def _free(start: float, width: int, taken: list[tuple[float, float]]) -> float:
    for low, high in taken:
        if low - start >= width:
            break
        start = max(start, high)
    return start


def _crossings(strip: Area, lines: Iterable[tuple[Point, ...]]) -> Iterator[tuple[float, float]]:
    """Yield the stretch of the strip that each line passes through."""
    for line in lines:
        xs = [
            x
            for a, b in pairwise(line)
            if min(a[1], b[1]) <= strip.bottom and max(a[1], b[1]) >= strip.top
            for x in (a[0], b[0])
        ]
        if xs:
            yield min(xs) - _CLEARANCE, max(xs) + _CLEARANCE


def _covered(strip: Area, labels: Iterable[Area]) -> Iterator[tuple[float, float]]:
    for label in labels:
        if label.overlaps(strip):
            yield label.left - _CLEARANCE, label.right + _CLEARANCE
