"""A figure as an outline: its frames and boxes in the order of the calls, each with its level."""

from __future__ import annotations

from collections.abc import Iterator

from nnviz_docs.drawing.view import Box, Frame, View


def outline(view: View) -> Iterator[tuple[int, Frame | Box]]:
    """Yield each frame, followed by what is in it, and each box; ``0`` is the level of the outermost."""
    frames = {frame.scope.id: frame for frame in view.frames}
    shown: set[str] = set()
    for box in view.boxes:
        frame = frames[box.frame] if box.frame is not None else None
        for outer in reversed(list(_around(frame, frames))):
            if outer.scope.id not in shown:
                shown.add(outer.scope.id)
                yield outer.level, outer
        yield frame.level + 1 if frame else 0, box


def _around(frame: Frame | None, frames: dict[str, Frame]) -> Iterator[Frame]:
    while frame is not None:
        yield frame
        frame = frames[frame.parent] if frame.parent is not None else None
