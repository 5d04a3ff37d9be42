"""Which scopes of a tree are open: from the outside in, as deep as asked for, while the boxes last.

An author who draws a model by hand draws its modules, and what the code computes between them as one box
with a name. So a figure that may choose what it shows opens scopes in which no module is called last, and
only as long as it is small.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from nnviz_docs.drawing.tree import Content, Tree, is_module
from nnviz_docs.graph.model import Node, NodeKind

_MARGINAL = frozenset({NodeKind.INPUT, NodeKind.OUTPUT, NodeKind.CONSTANT})
_PLAIN_CONTAINERS = "torch.nn."
MOST_WITH_OPERATIONS = 20
"""A figure that chooses what it shows opens scopes without modules up to so many boxes."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The open scopes, those that a page asked for, and how many more would be if boxes had no limit."""

    scopes: frozenset[str]
    asked_for: frozenset[str]
    kept_closed: int


def open_scopes(
    tree: Tree,
    depth: int | None,
    boxes: int,
    chosen: Mapping[str, bool] | None = None,
    *,
    sparing: bool = False,
) -> Opened:
    """Return the scopes that are open when ``depth`` levels are (None: all) and there may be ``boxes``.

    The root always is open. A wrapper, whose only content is one scope, does not use up a level, and
    neither does a scope that is none of the model's. Within a level the smallest open first; scopes of one
    class of the model's own open together or not at all. ``chosen`` scopes are open, with all around them,
    or closed in any case. ``sparing`` opens scopes in which no module is called only while there are few
    boxes, and one that shows only functions together with those of them that call modules, or not at all; a
    class of the model's own that ``depth`` keeps closed in one place then is closed everywhere.
    """
    bare = _without_modules(tree) if sparing else frozenset[str]()
    spared = max(boxes - MOST_WITH_OPERATIONS, 0)
    forced = _forced(tree, chosen or {})
    too_deep = _classes_too_deep(tree, depth) if sparing else frozenset[str]()
    opened = {tree.root}
    room = boxes - len(tree.children[tree.root])
    kept_closed = 0
    level = [(tree.root, 0)]
    while level:
        candidates = dict(_inside(tree, level, depth, forced))
        level = [(scope, above) for scope, above in candidates.items() if scope in forced]
        opened.update(scope for scope, _ in level)
        room -= sum(len(tree.children[scope]) - 1 for scope, _ in level)
        for batch in _batches(tree, [scope for scope in candidates if scope not in forced], bare):
            if opens_with(tree.items[batch[0]]) in too_deep:
                continue
            shown = {scope: list(_shown_with(tree, scope, bare)) if sparing else [scope] for scope in batch}
            cost = sum(len(tree.children[part]) - 1 for parts in shown.values() for part in parts)
            if cost > room - (spared if batch[0] in bare else 0):
                kept_closed += len(batch)
                continue
            room -= cost
            level += [(part, candidates[scope]) for scope, parts in shown.items() for part in parts]
            opened.update(part for parts in shown.values() for part in parts)
    return Opened(frozenset(opened), frozenset(forced), kept_closed)


def _inside(
    tree: Tree, level: list[tuple[str, int]], depth: int | None, forced: Mapping[str, bool]
) -> Iterator[tuple[str, int]]:
    """Yield the scopes in those of a level that may open, each with the levels above it."""
    for scope, above in level:
        below = above if _is_made(tree, scope) or _is_wrapper(tree, scope) else above + 1
        for child in tree.children[scope]:
            is_near = depth is None or below < max(depth, 1)
            if child in tree.children and forced.get(child, is_near or _is_made(tree, child)):
                yield child, below


def _classes_too_deep(tree: Tree, depth: int | None) -> frozenset[str]:
    """Return the classes with a scope that is seen, but too deep to open."""
    names: set[str] = set()
    level = [(tree.root, 0)]
    while level:
        near = dict(_inside(tree, level, depth, {}))
        inside = [child for scope, _ in level for child in tree.children[scope] if child in tree.children]
        names.update(opens_with(tree.items[child]) for child in inside if child not in near)
        level = list(near.items())
    return frozenset(names)


def _forced(tree: Tree, chosen: Mapping[str, bool]) -> dict[str, bool]:
    """Return what is chosen, and open for all that is around what is chosen to be open."""
    parents = {child: scope for scope, inside in tree.children.items() for child in inside}
    forced = {}
    for scope, is_open in chosen.items():
        forced[scope] = is_open
        around = parents.get(scope)
        while is_open and around is not None:
            forced.setdefault(around, chosen.get(around, True))
            around = parents.get(around)
    return forced


def _without_modules(tree: Tree) -> frozenset[str]:
    """Return the scopes in which nothing is called but functions that read no parameters."""
    bare: set[str] = set()
    for scope in reversed(list(_from_the_outside(tree))):
        if all(child in bare or _is_operation(tree.items[child]) for child in tree.children[scope]):
            bare.add(scope)
    return frozenset(bare)


def _shown_with(tree: Tree, scope: str, bare: Collection[str]) -> Iterator[str]:
    """Yield a scope and, if no module is seen in it, the functions in it that call modules."""
    yield scope
    inside = tree.children[scope]
    if not any(is_module(tree.items[child]) for child in inside):
        for child in inside:
            if child in tree.children and child not in bare and child not in tree.loose:
                yield from _shown_with(tree, child, bare)


def _from_the_outside(tree: Tree) -> Iterator[str]:
    yield tree.root
    yield from (item for item in tree.inside(tree.root) if item in tree.children)


def _is_operation(content: Content) -> bool:
    return isinstance(content, Node) and content.kind is not NodeKind.MODULE and not content.parameters


def _batches(tree: Tree, candidates: Sequence[str], last: Collection[str]) -> list[list[str]]:
    """Return the candidates that open together: the cheapest first, loose scopes and ``last`` ones last."""
    order = {scope: number for number, scope in enumerate(candidates)}

    def kind(scope: str) -> str:
        return opens_with(tree.items[scope])

    batches = [list(batch) for _, batch in groupby(sorted(candidates, key=kind), kind)]
    for batch in batches:
        batch.sort(key=order.__getitem__)
    return sorted(
        batches,
        key=lambda batch: (
            batch[0] in last,
            batch[0] in tree.loose,
            sum(len(tree.children[scope]) for scope in batch),
            order[batch[0]],
        ),
    )


def opens_with(content: Content) -> str:
    """Return what all scopes have in common that open together: a class of the model's own, else the id."""
    name = content.full_name
    return content.id if not name or name.startswith(_PLAIN_CONTAINERS) else name


def _is_wrapper(tree: Tree, scope: str) -> bool:
    content = [item for item in tree.children[scope] if not _is_marginal(tree, item)]
    if len(content) != 1 or content[0] in tree.folds:
        return False
    return content[0] in tree.children and content[0] not in tree.loose


def _is_made(tree: Tree, scope: str) -> bool:
    """Tell whether a scope was made for the drawing: a run of operations, or a sequence that repeats."""
    return scope in tree.loose or (scope in tree.folds and tree.folds[scope].is_sequence)


def _is_marginal(tree: Tree, item: str) -> bool:
    content = tree.items[item]
    return isinstance(content, Node) and content.kind in _MARGINAL
