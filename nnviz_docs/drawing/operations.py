"""Long runs of bare operations as one item each, so that a scope full of them can be drawn in few boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from nnviz_docs.drawing.tree import Fold, Tree
from nnviz_docs.drawing.wording import plural
from nnviz_docs.graph.model import Node, NodeKind, Scope, ScopeKind, total

SHORTEST_RUN = 8
"""Fewer operations in a row than this are always drawn one by one."""
_BARE = frozenset({NodeKind.FUNCTION, NodeKind.MODULE, NodeKind.CONSTANT})


def group_operations(tree: Tree) -> Tree:
    """Return the tree with each long run of calls that are no scopes in a loose scope of its own.

    A run that is all that a scope holds stays: closing that scope hides it as well.
    """
    items = dict(tree.items)
    children = dict(tree.children)
    loose = set(tree.loose)
    for scope, inside in tree.children.items():
        grouped: list[str] = []
        for is_bare, group in groupby(inside, lambda item: _is_bare(tree, item)):
            run = tuple(group)
            if not is_bare or len(run) < SHORTEST_RUN or (run == inside and scope != tree.root):
                grouped += run
                continue
            made = _run_scope(tree, scope, run)
            items[made.id] = made
            children[made.id] = run
            loose.add(made.id)
            grouped.append(made.id)
        children[scope] = tuple(grouped)
    return replace(tree, items=items, children=children, loose=frozenset(loose))


def _is_bare(tree: Tree, item: str) -> bool:
    content = tree.items[item]
    return isinstance(content, Node) and content.kind in _BARE


def _run_scope(tree: Tree, parent: str, run: Sequence[str]) -> Scope:
    nodes = [node for item in run if isinstance(node := tree.items[item], Node)]
    calls = sum(_calls(tree, node) for node in nodes)
    name = plural(calls, "operation")
    sizes = {node.name: _drawn(tree, node).parameters for node in nodes}
    return Scope(
        id=f"{run[0]}…{run[-1]}",
        kind=ScopeKind.FUNCTION,
        name=name,
        type_name=name,
        parent=parent,
        parameters=sum(sizes.values()),
        flops=total(_drawn(tree, node).flops for node in nodes),
        memory=total(_drawn(tree, node).memory for node in nodes),
        output=nodes[-1].output,
    )


def _calls(tree: Tree, node: Node) -> int:
    if node.kind is NodeKind.CONSTANT:
        return 0
    return tree.folds[node.id].count if node.id in tree.folds else 1


def _drawn(tree: Tree, node: Node) -> Node | Fold:
    """Return what tells the parameters and costs of all that a node is drawn for."""
    return tree.folds.get(node.id, node)
