"""A figure that fits its page: parts are drawn open as far as a text column is wide enough for them.

How wide a figure becomes is known when it is laid out, not before. So what the number of boxes allows is laid
out first; if that is too wide, again as a narrow scene; and while it still is, one part after the other is
closed. Each step follows from the layouts before it, and layouts are kept: a later build takes the same steps
and lays nothing out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from nnviz_docs.drawing.composing import build_scene
from nnviz_docs.drawing.geometry import Area
from nnviz_docs.drawing.layout import Layout
from nnviz_docs.drawing.opening import opens_with
from nnviz_docs.drawing.scene import Scene
from nnviz_docs.drawing.sizes import MARGIN
from nnviz_docs.drawing.tree import is_module
from nnviz_docs.drawing.view import View, build_view
from nnviz_docs.graph.model import Graph, ScopeKind
from nnviz_docs.request.request import FigureOptions

COLUMN = 700
"""Width in pixels of the text column of most documentation themes."""
WIDEST = COLUMN - 2 * MARGIN
MOST_TRIES = 8


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a figure shows, measured, and the layout if there is one."""

    view: View
    scene: Scene
    layout: Layout | None

    @property
    def width(self) -> float:
        """The layout's width in pixels; infinite without one."""
        return self.layout.width if self.layout else float("inf")


def draw(graph: Graph, options: FigureOptions, lay_out: Callable[[Scene], Layout | None]) -> Drawn:
    """Return what a figure shows of a graph, laid out by ``lay_out``, which gives None when it cannot.

    A figure from top to bottom that is to ``fit`` is no wider than `WIDEST`, if closing parts that it would
    open by itself can achieve that; what is closed without making it narrower is opened again.

    Raises:
        NnvizError: An option names a part that the model does not have.
    """

    def attempt(closed: frozenset[str], *, narrow: bool) -> Drawn:
        view = build_view(graph, options, closed)
        scene = build_scene(view, narrow=narrow)
        return Drawn(view, scene, lay_out(scene))

    best = attempt(frozenset(), narrow=False)
    if best.layout is None or best.width <= WIDEST or not options.fit or options.direction == "LR":
        return best
    narrow = attempt(frozenset(), narrow=True)
    if narrow.layout is None:
        return best
    best = min(best, narrow, key=lambda drawn: drawn.width)
    closed, in_vain = frozenset[str](), frozenset[str]()
    for _ in range(MOST_TRIES):
        further = _to_close(best, in_vain) if best.width > WIDEST else None
        if not further:
            break
        drawn = attempt(closed | further, narrow=True)
        if drawn.layout is None:  # what keeps one from being laid out keeps the next one, too
            break
        if drawn.width < best.width:
            best, closed = drawn, closed | further
        else:
            in_vain |= further
    return best


def _to_close(drawn: Drawn, in_vain: Collection[str]) -> frozenset[str]:
    """Return the scopes to close next: the widest one where the figure is too wide, and those of its class.

    It is one of the innermost that neither the page asked for nor were closed ``in_vain``.
    """
    if drawn.layout is None:
        return frozenset()
    frames = {frame.scope.id: frame for frame in drawn.view.frames}
    around = {frame.parent for frame in frames.values()}
    areas: dict[str, Area] = {}
    for (scope, frame), place in zip(frames.items(), drawn.layout.frames, strict=True):
        if frame.asked_for or scope in around or _with_its_module(drawn.view, scope) in in_vain:
            continue
        areas[scope] = place.area
    if not areas:
        return frozenset()
    things = list(_things(drawn.scene, drawn.layout))
    amid = [scope for scope, area in areas.items() if _width_beside(area, things) > WIDEST]
    widest = max(amid or areas, key=lambda scope: areas[scope].right - areas[scope].left)
    kind = opens_with(frames[widest].scope)
    return frozenset(
        _with_its_module(drawn.view, scope) for scope in areas if opens_with(frames[scope].scope) == kind
    )


def _with_its_module(view: View, scope: str) -> str:
    """Return the scope, or the one around it that shows no module besides it and would say nothing alone."""
    frames = {frame.scope.id: frame for frame in view.frames}
    parent = frames[scope].parent
    if frames[scope].scope.kind is not ScopeKind.FUNCTION or parent is None or frames[parent].asked_for:
        return scope
    shown = [box.content for box in view.boxes if box.frame == parent]
    shown += [frame.scope for frame in view.frames if frame.parent == parent]
    if any(is_module(content) for content in shown):
        return scope
    return _with_its_module(view, parent)


def _width_beside(area: Area, things: Collection[Area]) -> float:
    """Return how wide all is that is drawn at the height of an area."""
    beside = [thing for thing in things if thing.top < area.bottom and area.top < thing.bottom]
    return max(thing.right for thing in beside) - min(thing.left for thing in beside)


def _things(scene: Scene, layout: Layout) -> Iterator[Area]:
    for box, center in zip(scene.boxes, layout.boxes, strict=True):
        yield Area.around(center, box.width, box.height)
    for place in layout.frames:
        yield place.area
    for arrow, path in zip(scene.arrows, layout.arrows, strict=True):
        for x, y in path.points:
            yield Area(x, y - 1, x, y + 1)
        if arrow.label and path.label:
            yield Area.around(path.label, arrow.label.width, arrow.label.height)
