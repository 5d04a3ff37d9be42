"""Where a scope repeats itself: copies of the same items in a row, each taking what the one before gives.

Two items are of one kind when they have the same class, constants, parameters and data, inside as well. A
run of copies counts only if it can be drawn once without telling anything false: every copy takes from the
copy before it, and from elsewhere exactly what the others take; and what copies before the last give to
others, all give to the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from nnviz_docs.drawing.tree import Content, Tree
from nnviz_docs.graph.data import Data, KeyPath
from nnviz_docs.graph.model import Edge, Graph, Node, NodeKind

LONGEST_PERIOD = 256
Run = tuple[tuple[str, ...], ...]
"""Copies of the same items in the order of the calls, each as its items."""
_ENDS = frozenset({NodeKind.INPUT, NodeKind.OUTPUT})
_NOTHING = range(0)
_PASSIVE = _ENDS | {NodeKind.CONSTANT}


class _Taken(NamedTuple):
    """A value that a node of a copy takes: the giver is a position in a copy, or a node elsewhere."""

    place: KeyPath
    data: Data | None
    giver: int | str
    source_path: KeyPath
    is_chained: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """The items of a scope and the nodes in them, one after the other; a copy is a range of the nodes.

    ``starts`` are the places of the items' first nodes, and the end.
    """

    items: Sequence[str]
    nodes: Sequence[str]
    starts: Sequence[int]
    places: Mapping[str, int]

    def copies(self, start: int, period: int, count: int) -> list[range]:
        """Return so many copies of ``period`` items each, the first of which begins at the item ``start``."""
        ends = [self.starts[at] for at in range(start, start + period * count + 1, period)]
        return [range(*pair) for pair in pairwise(ends)]

    def place(self, node: str) -> int:
        """Return the place of a node, -1 when it is elsewhere."""
        return self.places.get(node, -1)


class Repeats:
    """Finds the runs of copies in the scopes of a graph; items with different ``marks`` are never copies."""

    def __init__(self, tree: Tree, graph: Graph, marks: Mapping[str, object]) -> None:
        self._tree = tree
        self._kinds = _kinds(tree, marks, graph.failed_at)
        self._nodes: dict[str, tuple[str, ...]] = {}
        self._into: dict[str, list[Edge]] = {}
        self._out_of: dict[str, list[Edge]] = {}
        for edge in sorted(graph.edges, key=lambda edge: edge.target_path):
            self._into.setdefault(edge.target, []).append(edge)
            self._out_of.setdefault(edge.source, []).append(edge)

    def runs(self, items: Sequence[str]) -> Iterator[Run]:
        """Yield the runs among the items of a scope, at each place the one that covers most."""
        line = self._line(items)
        lengths = _equal_lengths([self._kinds[item] for item in items])
        start = 0
        while start < len(items):
            first, period, count = self._begun_at_a_layer(line, *self._longest(line, start, lengths))
            if count:
                ends = range(first, first + period * count, period)
                yield tuple(tuple(items[at : at + period]) for at in ends)
            start = first + period * count if count else start + 1

    def _line(self, items: Sequence[str]) -> _Line:
        nodes = self.nodes(items)
        sizes = (len(self._nodes_of(item)) for item in items)
        return _Line(items, nodes, list(accumulate(sizes, initial=0)), _positions(nodes))

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

    def _longest(self, line: _Line, start: int, lengths: Sequence[Sequence[int]]) -> tuple[int, int, int]:
        """Return where the run that covers most begins, its period, and its number of copies or 0."""
        counts = [
            (period, 1 + equal[start] // period)
            for period, equal in enumerate(lengths, start=1)
            if equal[start] >= period
        ]
        best, covered = (start, 0, 0), 0
        for period, most in sorted(counts, key=lambda pair: (-pair[0] * pair[1], pair[0])):
            if period * most <= covered:
                continue
            if not self._is_active(line.items[start : start + period]):
                continue
            count = self._drawable(line, line.copies(start, period, most))
            if count > 1 and period * count > covered:
                best, covered = (start, period, count), period * count
        return best

    def _begun_at_a_layer(self, line: _Line, start: int, period: int, count: int) -> tuple[int, int, int]:
        """Return the run, or one as long that starts a little later, at an item with parameters."""
        for at in range(start, start + period):
            if self._tree.items[line.items[at]].parameters:
                end = at + period * count
                kinds = [self._kinds[item] for item in line.items[at:end]]
                is_run = kinds == kinds[:period] * count
                if is_run and self._drawable(line, line.copies(at, period, count)) == count:
                    return at, period, count
                break
        return start, period, count

    def _is_active(self, items: Sequence[str]) -> bool:
        contents = [self._tree.items[item] for item in items]
        return not all(isinstance(content, Node) and content.kind in _PASSIVE for content in contents)

    def _drawable(self, line: _Line, copies: Sequence[range]) -> int:
        """Return how many of the copies, from the first on, can be drawn as one; 0 if no two can."""
        first, second = copies[:2]
        if not self._follows(line, first, second):
            return 0
        step = self._taken(line, second, first)
        given = self._given(line, first, second)
        if not any(taken.is_chained for taken in step) or not given <= self._given(line, second):
            return 0
        count = 2
        for last, nodes in pairwise(copies[1:]):
            if self._taken(line, nodes, last) != step or self._given(line, last, nodes) != given:
                break
            if not given <= self._given(line, nodes):
                break
            count += 1
        return count

    def _follows(self, line: _Line, first: range, second: range) -> bool:
        """Tell whether the second copy takes what the first does, or in its place what the first gives."""
        for at, other in zip(first, second, strict=True):
            ours = self._taken_by(line, at, first)
            theirs = self._taken_by(line, other, second, first)
            if len(ours) != len(theirs) or not all(map(_is_same_or_chained, ours, theirs)):
                return False
        return True

    def _taken(self, line: _Line, copy: range, before: range) -> list[_Taken]:
        return [taken for at in copy for taken in self._taken_by(line, at, copy, before)]

    def _taken_by(self, line: _Line, at: int, own: range, chained: range = _NOTHING) -> list[_Taken]:
        taken = []
        for edge in self._into.get(line.nodes[at], ()):
            place = line.place(edge.source)
            is_chained = place in chained
            copy = chained if is_chained else own
            giver = place - copy.start if place in copy else edge.source
            taken.append(_Taken(edge.target_path, edge.data, giver, edge.source_path, is_chained))
        return taken

    def _given(self, line: _Line, copy: range, other: range = _NOTHING) -> set[tuple[int, KeyPath, str]]:
        """Return what nodes of a copy give to nodes that are neither in it nor in the other."""
        return {
            (at - copy.start, edge.source_path, edge.target)
            for at in copy
            for edge in self._out_of.get(line.nodes[at], ())
            if (place := line.place(edge.target)) not in copy and place not in other
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
