"""Places in the plane: points, areas, and the curves that Graphviz routes. Pixels, y downwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Point = tuple[float, float]
_SAMPLES = 12


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, center: Point, width: float, height: float) -> Area:
        """Return the rectangle of this size around a point."""
        x, y = center
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def overlaps(self, other: Area) -> bool:
        """Tell whether the two have more than an edge in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def hull(areas: Iterable[Area], points: Iterable[Point]) -> Area:
    """Return the smallest rectangle that holds all of these."""
    corners = [corner for a in areas for corner in ((a.left, a.top), (a.right, a.bottom))]
    corners += points
    if not corners:
        return Area(0, 0, 0, 0)
    xs, ys = zip(*corners, strict=True)
    return Area(min(xs), min(ys), max(xs), max(ys))


def curve_points(controls: tuple[Point, ...]) -> Iterator[Point]:
    """Yield points along a chain of cubic Bézier curves, close enough to tell what it crosses."""
    for start in range(0, len(controls) - 1, 3):
        a, b, c, d = controls[start : start + 4]
        for step in range(_SAMPLES + 1):
            t = step / _SAMPLES
            u = 1 - t
            weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
            yield (
                sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
                sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
            )
