"""Where a scope repeats itself: copies of the same items in a row, each taking what the one before gives.

Two items are of one kind when they have the same class, constants, parameters and data, inside as well. A
run of copies counts only if it can be drawn once without telling anything false: every copy takes from the
copy before it, and from elsewhere exactly what the others take; and what copies before the last give to
others, all give to the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nnviz_docs.drawing.tree import Content, Tree
from nnviz_docs.graph.data import Data, KeyPath
from nnviz_docs.graph.model import Edge, Graph, Node, NodeKind

LONGEST_PERIOD = 256
Run = tuple[tuple[str, ...], ...]
"""Copies of the same items in the order of the calls, each as its items."""
_ENDS = frozenset({NodeKind.INPUT, NodeKind.OUTPUT})
_PASSIVE = _ENDS | {NodeKind.CONSTANT}


@dataclass(frozen=True, slots=True)
class _Taken:
    """A value that a node of a copy takes: the giver is a position in a copy, or a node elsewhere."""

    place: KeyPath
    data: Data | None
    giver: int | str
    source_path: KeyPath
    is_chained: bool = False


class Repeats:
    """Finds the runs of copies in the scopes of a graph; items with different ``marks`` are never copies."""

    def __init__(self, tree: Tree, graph: Graph, marks: Mapping[str, object]) -> None:
        self._tree = tree
        self._kinds = _kinds(tree, marks, graph.failed_at)
        self._nodes: dict[str, tuple[str, ...]] = {}
        self._into: dict[str, list[Edge]] = {}
        self._out_of: dict[str, list[Edge]] = {}
        for edge in graph.edges:
            self._into.setdefault(edge.target, []).append(edge)
            self._out_of.setdefault(edge.source, []).append(edge)

    def runs(self, items: Sequence[str]) -> Iterator[Run]:
        """Yield the runs among the items of a scope, at each place the one that covers most."""
        lengths = _equal_lengths([self._kinds[item] for item in items])
        start = 0
        while start < len(items):
            run = self._begun_at_a_layer(items, start, self._longest(items, start, lengths))
            yield from [run] if run else []
            start = items.index(run[-1][-1], start) + 1 if run else start + 1

    def nodes(self, items: Sequence[str]) -> list[str]:
        """Return the nodes in some items, in an order that is the same for items of one kind."""
        return [node for item in items for node in self._nodes_of(item)]

    def _nodes_of(self, item: str) -> tuple[str, ...]:
        if item not in self._tree.children:
            return (item,)
        if item not in self._nodes:
            inside = self._tree.inside(item)
            self._nodes[item] = tuple(node for node in inside if node not in self._tree.children)
        return self._nodes[item]

    def _longest(self, items: Sequence[str], start: int, lengths: Sequence[Sequence[int]]) -> Run:
        counts = [(period, 1 + equal[start] // period) for period, equal in enumerate(lengths, start=1)]
        best: Run = ()
        covered = 0
        for period, most in sorted(counts, key=lambda pair: (-pair[0] * pair[1], pair[0])):
            if most == 1 or period * most <= covered or not self._is_active(items[start : start + period]):
                continue
            starts = range(start, start + period * most, period)
            run = self._drawable([tuple(items[at : at + period]) for at in starts])
            if len(run) > 1 and period * len(run) > covered:
                best, covered = run, period * len(run)
        return best

    def _begun_at_a_layer(self, items: Sequence[str], start: int, run: Run) -> Run:
        """Return the run, or one as long that starts a little later, at an item with parameters."""
        period = len(run[0]) if run else 0
        for at in range(start, start + period):
            if self._tree.items[items[at]].parameters:
                ends = range(at, at + period * len(run), period)
                shifted = [tuple(items[end : end + period]) for end in ends]
                if len(set(map(self._kinds_of, shifted))) == 1:
                    drawable = self._drawable(shifted)
                    return drawable if len(drawable) == len(run) else run
                return run
        return run

    def _kinds_of(self, items: Sequence[str]) -> tuple[int, ...]:
        return tuple(self._kinds[item] for item in items)

    def _is_active(self, items: Sequence[str]) -> bool:
        contents = [self._tree.items[item] for item in items]
        return not all(isinstance(content, Node) and content.kind in _PASSIVE for content in contents)

    def _drawable(self, copies: Sequence[tuple[str, ...]]) -> Run:
        """Return the copies, from the first on, that can be drawn as one."""
        first, second = self.nodes(copies[0]), self.nodes(copies[1])
        if not self._follows(first, second):
            return ()
        step = self._taken(second, first)
        given = self._given(first, second)
        if not any(taken.is_chained for taken in step) or not given <= self._given(second, ()):
            return ()
        count = 2
        for before, copy in pairwise(copies[1:]):
            last, nodes = self.nodes(before), self.nodes(copy)
            if self._taken(nodes, last) != step or self._given(last, nodes) != given:
                break
            if not given <= self._given(nodes, ()):
                break
            count += 1
        return tuple(copies[:count])

    def _follows(self, first: Sequence[str], second: Sequence[str]) -> bool:
        """Tell whether the second copy takes what the first does, or in its place what the first gives."""
        places, before = _positions(first), _positions(second)
        for node, other in zip(first, second, strict=True):
            ours = self._taken_by(node, places, {})
            theirs = self._taken_by(other, before, places)
            if len(ours) != len(theirs) or not all(map(_is_same_or_chained, ours, theirs)):
                return False
        return True

    def _taken(self, nodes: Sequence[str], before: Sequence[str]) -> list[_Taken]:
        own, chained = _positions(nodes), _positions(before)
        return [taken for node in nodes for taken in self._taken_by(node, own, chained)]

    def _taken_by(self, node: str, own: Mapping[str, int], chained: Mapping[str, int]) -> list[_Taken]:
        return [
            _Taken(
                edge.target_path,
                edge.data,
                own.get(edge.source, chained.get(edge.source, edge.source)),
                edge.source_path,
                edge.source in chained,
            )
            for edge in sorted(self._into.get(node, ()), key=lambda edge: edge.target_path)
        ]

    def _given(self, nodes: Sequence[str], others: Sequence[str]) -> set[tuple[int, KeyPath, str]]:
        """Return what nodes of a copy give to nodes that are neither in it nor among the others."""
        inside = {*nodes, *others}
        return {
            (position, edge.source_path, edge.target)
            for position, node in enumerate(nodes)
            for edge in self._out_of.get(node, ())
            if edge.target not in inside
        }


def _positions(nodes: Sequence[str]) -> dict[str, int]:
    return {node: position for position, node in enumerate(nodes)}


def _is_same_or_chained(ours: _Taken, theirs: _Taken) -> bool:
    if not theirs.is_chained:
        return ours == theirs
    return isinstance(ours.giver, str) and (ours.place, ours.data) == (theirs.place, theirs.data)


def _equal_lengths(kinds: Sequence[int]) -> list[list[int]]:
    """Return for each period and place how many items from there on are of the kind a period later."""
    lengths = []
    for period in range(1, min(LONGEST_PERIOD, len(kinds) // 2) + 1):
        equal = [0] * (len(kinds) + 1)
        for at in reversed(range(len(kinds) - period)):
            equal[at] = equal[at + 1] + 1 if kinds[at] == kinds[at + period] else 0
        lengths.append(equal)
    return lengths


def _kinds(tree: Tree, marks: Mapping[str, object], failed_at: str | None) -> dict[str, int]:
    """Return a number for each item; items with the same one are alike but for their names."""
    numbers: dict[object, int] = {}
    kinds: dict[str, int] = {}
    for item in reversed([tree.root, *tree.inside(tree.root)]):
        inside = tuple(kinds[child] for child in tree.children.get(item, ()))
        nature = (_nature(tree.items[item]), inside, item == failed_at, marks.get(item))
        kinds[item] = numbers.setdefault(nature, len(numbers))
    return kinds


def _nature(content: Content) -> tuple[object, ...]:
    shared = (content.kind, content.type_name, content.full_name, content.parameters, content.output)
    if not isinstance(content, Node):
        return (*shared, content.inputs)
    return (*shared, content.summary, content.id if content.kind in _ENDS else "")
