"""A graph's scopes and nodes as a tree, and which of its scopes are open.

The tree is flat (who is in whom) rather than nested, so that no depth of scopes is too deep for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nnviz_docs.graph.model import Graph, Node, NodeKind, Scope

Content = Node | Scope
_MARGINAL = frozenset({NodeKind.INPUT, NodeKind.OUTPUT, NodeKind.CONSTANT})


@dataclass(frozen=True, slots=True)
class Tree:
    """Who is in whom: ``items`` by id, ``children`` of each scope in the order of the calls.

    Scopes in which nothing was called are not in it.
    """

    root: str
    items: Mapping[str, Content]
    children: Mapping[str, tuple[str, ...]]

    def inside(self, scope: str) -> Iterator[str]:
        """Yield the ids of all that is in a scope, from the outside in."""
        waiting = list(self.children[scope])
        while waiting:
            item = waiting.pop()
            yield item
            waiting.extend(self.children.get(item, ()))


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


def open_to_depth(tree: Tree, depth: int | None) -> frozenset[str]:
    """Return the scopes that are open when ``depth`` levels are (None: all); the root always is.

    A wrapper, whose only content is one scope, does not use up a level.
    """
    if depth is None:
        return frozenset(tree.children)
    found = set()
    waiting = [(tree.root, 0)]
    while waiting:
        scope, level = waiting.pop()
        found.add(scope)
        below = level if _is_wrapper(tree, scope) else level + 1
        if below < max(depth, 1):
            waiting += [(child, below) for child in tree.children[scope] if child in tree.children]
    return frozenset(found)


def _is_wrapper(tree: Tree, scope: str) -> bool:
    content = [item for item in tree.children[scope] if not _is_marginal(tree.items[item])]
    return len(content) == 1 and content[0] in tree.children


def _is_marginal(item: Content) -> bool:
    return isinstance(item, Node) and item.kind in _MARGINAL
