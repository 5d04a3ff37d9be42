"""A graph's scopes and nodes as a tree.

The tree is flat (who is in whom) rather than nested, so that no depth of scopes is too deep for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nnviz_docs.graph.model import Graph, Node, NodeKind, Scope, ScopeKind

Content = Node | Scope


@dataclass(frozen=True, kw_only=True, slots=True)
class Fold:
    """What an item is drawn for besides itself: ``count`` copies of it, from ``first`` to ``last``.

    Those are the modules at the ends of the run, None in a run without modules; ``parameters``, ``flops`` and
    ``memory`` are those of all copies, the last two None where one is unknown. ``is_sequence`` when each copy
    is a sequence of items, in a scope that was made for it.
    """

    count: int
    first: Content | None
    last: Content | None
    parameters: int
    flops: int | None
    memory: int | None
    is_sequence: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """Who is in whom: ``items`` by id, ``children`` of each scope in the order of the calls.

    Scopes in which nothing was called are not in it. ``loose`` scopes are none of the model's: they hold
    a run of items that is drawn as one box when it is closed, and without a frame when it is open.
    ``folds`` are the items that are drawn for several; ``drawn_for`` tells which node is drawn for one that
    is not.
    """

    root: str
    items: Mapping[str, Content]
    children: Mapping[str, tuple[str, ...]]
    loose: frozenset[str] = frozenset()
    folds: Mapping[str, Fold] = field(default_factory=dict)
    drawn_for: Mapping[str, str] = field(default_factory=dict)

    def inside(self, scope: str) -> Iterator[str]:
        """Yield the ids of all that is in a scope, from the outside in."""
        waiting = list(self.children[scope])
        while waiting:
            item = waiting.pop()
            yield item
            waiting.extend(self.children.get(item, ()))


def is_module(content: Content) -> bool:
    """Tell whether a node or scope is the call of a module."""
    return content.kind in {NodeKind.MODULE, ScopeKind.MODULE}


def build_tree(graph: Graph) -> Tree:
    """Return the tree of a graph; a scope comes where the first of its nodes comes."""
    scopes = {scope.id: scope for scope in graph.scopes}
    root = next(scope.id for scope in graph.scopes if scope.parent is None)
    items: dict[str, Content] = {root: scopes[root]}
    children: dict[str, list[str]] = {root: []}
    for node in graph.nodes:
        item: Content = node
        parent: str | None = node.scope
        while parent is not None and item.id not in items:
            items[item.id] = item
            children.setdefault(parent, []).append(item.id)
            item, parent = scopes[parent], scopes[parent].parent
    return Tree(root, items, {scope: tuple(ids) for scope, ids in children.items()})
