"""How deep a figure opens its model: one depth, or several that a reader switches between."""

from __future__ import annotations

Depth = int | tuple[int, ...] | None
"""Levels of modules that are opened, None for all; of several, the first is what a reader sees first."""

MOST_DEPTHS = 6
"""Depths of one figure; each is a drawing of its own on the page."""
_LONGEST = 9


def read_depth(value: object) -> Depth:
    """Return the depth that ``value`` says: a number, ``all`` or a range; raise `ValueError` otherwise.

    >>> read_depth("1-3")
    (1, 2, 3)
    """
    if value == "all":
        return None
    text = str(value) if type(value) in (int, str) else ""
    numbers = [_read_number(part) for part in text.split("-")]
    first, last = numbers[0], numbers[-1]
    if len(numbers) > 2 or abs(last - first) >= MOST_DEPTHS:
        raise _wrong()
    if first == last:
        return first
    return tuple(range(first, last + 1) if first < last else range(first, last - 1, -1))


def depths_in(depth: Depth) -> tuple[int | None, ...]:
    """Return each of the depths, the one that is seen first at the beginning."""
    return depth if isinstance(depth, tuple) else (depth,)


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST and int(text) > 0):
        raise _wrong()
    return int(text)


def _wrong() -> ValueError:
    return ValueError(
        f"takes a whole number from 1 on, a range of up to {MOST_DEPTHS} of them such as 1-3, or 'all'"
    )
