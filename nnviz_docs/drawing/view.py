"""The view: what of a graph one figure shows, before anything is measured.

A pipeline of small steps over the tree of scopes: copies folded; runs of operations put together; which
scopes are open; boxes and frames; the edges lifted to the boxes; what has become idle taken out. A new
option is one more step that changes the tree or the set of open scopes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from nnviz_docs.drawing.choosing import chosen_scopes
from nnviz_docs.drawing.folding import fold
from nnviz_docs.drawing.layer import cut_layer
from nnviz_docs.drawing.opening import Opened, open_scopes
from nnviz_docs.drawing.operations import group_operations
from nnviz_docs.drawing.parts import Part, carried
from nnviz_docs.drawing.tree import Content, Fold, Tree, build_tree
from nnviz_docs.drawing.unread import without_unread
from nnviz_docs.graph.data import KeyPath
from nnviz_docs.graph.model import Edge, Graph, Node, NodeKind, Scope
from nnviz_docs.request.depths import depths_in
from nnviz_docs.request.request import FigureOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """One visible box: a node, or a scope that is closed. ``frame`` is the scope it is drawn in.

    ``fold`` tells of the copies that it is drawn for.
    """

    content: Content
    frame: str | None = None
    failed: bool = False
    fold: Fold | None = None

    @property
    def id(self) -> str:
        """The id of the node or scope."""
        return self.content.id


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """An open scope; ``level`` counts the frames around it, ``fold`` tells of the copies it is drawn for.

    ``asked_for`` when the page named it, or something in it.
    """

    scope: Scope
    parent: str | None = None
    level: int = 0
    asked_for: bool = False
    failed: bool = False
    fold: Fold | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrow:
    """All that flows from one box to another, and the nodes and places in their outputs that it is from."""

    source: str
    target: str
    parts: tuple[Part, ...]
    origins: frozenset[tuple[str, KeyPath]]


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What one figure shows. Frames come before the frames in them, boxes in the order of the calls.

    ``kept_closed`` counts the scopes that the depth asked for would open and that the limits of the figure
    keep closed: ``budget``, the number of boxes that there may be, and a page's width when it is to ``fit``.
    """

    graph: Graph
    boxes: tuple[Box, ...]
    frames: tuple[Frame, ...]
    arrows: tuple[Arrow, ...]
    budget: int
    fit: bool = True
    kept_closed: int = 0
    direction: Literal["TB", "LR"] = "TB"
    show: tuple[str, ...] = ()


def build_view(graph: Graph, options: FigureOptions, closed: frozenset[str] = frozenset()) -> View:
    """Return what a figure with these options shows of the graph; of several depths, the first.

    ``closed`` are scopes that are drawn closed besides those that the options close.

    Raises:
        NnvizError: An option names a part that the model does not have.
    """
    graph = cut_layer(graph, options.layer) if options.layer else graph
    graph = without_unread(graph)
    tree = build_tree(graph)
    chosen = chosen_scopes(tree, options.expand, options.collapse)
    tree = group_operations(fold(tree, graph, chosen) if options.fold else tree)
    opened = open_scopes(tree, depths_in(options.depth)[0], options.boxes, chosen, sparing=options.fit)
    boxes, frames = _boxes_and_frames(tree, replace(opened, scopes=opened.scopes - closed), graph.failed_at)
    edges = [edge for edge in graph.edges if edge.target not in tree.drawn_for]
    arrows = _lift(edges, boxes, _box_of_node(tree, boxes))
    boxes = _without_idle_constants(boxes, arrows)
    return View(
        graph=graph,
        boxes=boxes,
        frames=_without_empty(frames, boxes),
        arrows=arrows,
        budget=options.boxes,
        fit=options.fit,
        kept_closed=opened.kept_closed + len(closed & opened.scopes),
        direction=options.direction,
        show=options.show,
    )


def _boxes_and_frames(
    tree: Tree, opened: Opened, failed_at: str | None
) -> tuple[tuple[Box, ...], tuple[Frame, ...]]:
    boxes: list[Box] = []
    frames: list[Frame] = []
    waiting: list[tuple[str, str | None, int]] = [(tree.root, None, 0)]
    while waiting:
        item, parent, level = waiting.pop()
        content = tree.items[item]
        if isinstance(content, Scope) and item in opened.scopes:
            inner, below = parent, level
            if item != tree.root and item not in tree.loose:
                frames.append(
                    Frame(
                        scope=content,
                        parent=parent,
                        level=level,
                        asked_for=item in opened.asked_for,
                        failed=item == failed_at,
                        fold=tree.folds.get(item),
                    )
                )
                inner, below = item, level + 1
            waiting += [(child, inner, below) for child in reversed(tree.children[item])]
        else:
            fails = _holds(tree, item, failed_at)
            boxes.append(Box(content=content, frame=parent, failed=fails, fold=tree.folds.get(item)))
    return tuple(boxes), tuple(frames)


def _holds(tree: Tree, item: str, failed_at: str | None) -> bool:
    return failed_at is not None and (
        item == failed_at or (item in tree.children and failed_at in tree.inside(item))
    )


def _box_of_node(tree: Tree, boxes: Iterable[Box]) -> dict[str, str]:
    found = {}
    for box in boxes:
        found[box.id] = box.id
        if box.id in tree.children:
            found.update((item, box.id) for item in tree.inside(box.id))
    return found | {node: found[kept] for node, kept in tree.drawn_for.items() if kept in found}


def _lift(edges: Iterable[Edge], boxes: Iterable[Box], box_of: Mapping[str, str]) -> tuple[Arrow, ...]:
    """Return the arrows between boxes, one for all that flows between two."""
    contents = {box.id: box.content for box in boxes}
    between: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        ends = box_of[edge.source], box_of[edge.target]
        if ends[0] != ends[1]:
            between.setdefault(ends, []).append(edge)
    return tuple(
        Arrow(
            source=source,
            target=target,
            parts=carried(held, contents[source], contents[target]),
            origins=frozenset((edge.source, edge.source_path) for edge in held),
        )
        for (source, target), held in between.items()
    )


def _without_idle_constants(boxes: Iterable[Box], arrows: Iterable[Arrow]) -> tuple[Box, ...]:
    sources = {arrow.source for arrow in arrows}
    return tuple(box for box in boxes if box.id in sources or not _is_constant(box.content))


def _is_constant(content: Content) -> bool:
    return isinstance(content, Node) and content.kind is NodeKind.CONSTANT


def _without_empty(frames: Iterable[Frame], boxes: Iterable[Box]) -> tuple[Frame, ...]:
    kept: list[Frame] = []
    filled = {box.frame for box in boxes}
    for frame in reversed(tuple(frames)):
        if frame.scope.id in filled:
            kept.append(frame)
            filled.add(frame.parent)
    return tuple(reversed(kept))
