"""Which scopes of a tree are open: from the outside in, as deep as asked for, while the boxes last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from nnviz_docs.drawing.tree import Tree
from nnviz_docs.graph.model import Node, NodeKind

_MARGINAL = frozenset({NodeKind.INPUT, NodeKind.OUTPUT, NodeKind.CONSTANT})
_PLAIN_CONTAINERS = "torch.nn."


@dataclass(frozen=True, slots=True)
class Opened:
    """The open scopes, and how many more would be if there were no limit to the boxes."""

    scopes: frozenset[str]
    kept_closed: int


def open_scopes(
    tree: Tree, depth: int | None, boxes: int, chosen: Mapping[str, bool] | None = None
) -> Opened:
    """Return the scopes that are open when ``depth`` levels are (None: all) and there may be ``boxes``.

    The root always is open. A wrapper, whose only content is one scope, does not use up a level, and
    neither does a scope that is none of the model's. Within a level the smallest open first; scopes of one
    class of the model's own open together or not at all. ``chosen`` scopes are open, with all around them,
    or closed in any case.
    """
    forced = _forced(tree, chosen or {})
    opened = {tree.root}
    room = boxes - len(tree.children[tree.root])
    kept_closed = 0
    level = [(tree.root, 0)]
    while level:
        candidates = dict(_inside(tree, level, depth, forced))
        level = [(scope, above) for scope, above in candidates.items() if scope in forced]
        opened.update(scope for scope, _ in level)
        room -= sum(len(tree.children[scope]) - 1 for scope, _ in level)
        for batch in _batches(tree, [scope for scope in candidates if scope not in forced]):
            cost = sum(len(tree.children[scope]) - 1 for scope in batch)
            if cost > room:
                kept_closed += len(batch)
                continue
            room -= cost
            opened.update(batch)
            level += [(scope, candidates[scope]) for scope in batch]
    return Opened(frozenset(opened), kept_closed)


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


def _batches(tree: Tree, candidates: Sequence[str]) -> list[list[str]]:
    """Return the candidates that open together, the cheapest first and runs of operations last."""
    order = {scope: number for number, scope in enumerate(candidates)}

    def kind(scope: str) -> str:
        name = tree.items[scope].full_name
        return scope if scope in tree.loose or not name or name.startswith(_PLAIN_CONTAINERS) else name

    batches = [list(batch) for _, batch in groupby(sorted(candidates, key=kind), kind)]
    for batch in batches:
        batch.sort(key=order.__getitem__)
    return sorted(
        batches,
        key=lambda batch: (
            batch[0] in tree.loose,
            sum(len(tree.children[scope]) for scope in batch),
            order[batch[0]],
        ),
    )


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
