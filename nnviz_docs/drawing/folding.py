"""Copies drawn once: a run of equal items becomes its first copy, marked with how many there are.

Copies of one item leave that item; copies of several are put into a scope made for them, whose frame
carries the number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from nnviz_docs.drawing.repeats import Repeats, Run
from nnviz_docs.drawing.tree import Fold, Tree, is_module
from nnviz_docs.drawing.wording import plural
from nnviz_docs.graph.model import Graph, Node, Scope, ScopeKind, total


def fold(tree: Tree, graph: Graph, marks: Mapping[str, object] | None = None) -> Tree:
    """Return the tree with each run of copies folded; items with different ``marks`` are no copies."""
    repeats = Repeats(tree, graph, marks or {})
    items, children = dict(tree.items), dict(tree.children)
    folds: dict[str, Fold] = {}
    drawn_for: dict[str, str] = {}
    waiting = [tree.root]
    while waiting:
        scope = waiting.pop()
        for run in repeats.runs(children[scope]):
            first = repeats.nodes(run[0])
            for copy in run[1:]:
                drawn_for.update(zip(repeats.nodes(copy), first, strict=True))
            kept = run[0][0]
            if len(run[0]) > 1:
                made = _sequence(tree, scope, run)
                kept, items[made.id], children[made.id] = made.id, made, run[0]
            folds[kept] = _fold(tree, run)
            children[scope] = tuple(_with_run_as(children[scope], run, kept))
        waiting += [child for child in children[scope] if child in children]
    return replace(tree, items=items, children=children, folds=folds, drawn_for=_resolved(drawn_for))


def _with_run_as(items: Sequence[str], run: Run, kept: str) -> Iterator[str]:
    hidden = {item for copy in run for item in copy}
    for item in items:
        if item == run[0][0]:
            yield kept
        elif item not in hidden:
            yield item


def _resolved(drawn_for: Mapping[str, str]) -> dict[str, str]:
    """Return for each hidden node the one that is drawn: a run in a run hides what the outer one keeps."""
    found = {}
    for node in drawn_for:
        kept = drawn_for[node]
        while kept in drawn_for:
            kept = drawn_for[kept]
        found[node] = kept
    return found


def _sequence(tree: Tree, parent: str, run: Run) -> Scope:
    first = [tree.items[item] for item in run[0]]
    noun = "operation" if all(isinstance(content, Node) for content in first) else "part"
    name = plural(len(first), noun)
    return Scope(
        id=f"{run[0][0]}…{run[0][-1]}×{len(run)}",
        kind=ScopeKind.FUNCTION,
        name=name,
        type_name=name,
        parent=parent,
        output=first[-1].output,
    )


def _fold(tree: Tree, run: Run) -> Fold:
    contents = [tree.items[item] for copy in run for item in copy]
    sizes = {content.name: content.parameters for content in contents}
    modules = [content for content in contents if is_module(content)]
    return Fold(
        count=len(run),
        first=modules[0] if modules else None,
        last=modules[-1] if modules else None,
        parameters=sum(sizes.values()),
        flops=total(content.flops for content in contents),
        memory=total(content.memory for content in contents),
        is_sequence=len(run[0]) > 1,
    )
