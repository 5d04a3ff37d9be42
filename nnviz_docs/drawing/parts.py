"""What one arrow carries: the values on the edges between two boxes, with keys that tell them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nnviz_docs.drawing.tree import Content
from nnviz_docs.graph.data import Data, KeyPath, leaves
from nnviz_docs.graph.model import Edge, Node, NodeKind, Scope

_Paths = Sequence[KeyPath]


@dataclass(frozen=True, slots=True)
class Part:
    """One value on an arrow, with the keys that tell it from the others; unknown data is None."""

    path: KeyPath
    data: Data | None


def carried(edges: Sequence[Edge], source: Content, target: Content) -> tuple[Part, ...]:
    """Return what the edges between two boxes carry; a value that is read twice is there once.

    Keys are those in the consumer's arguments when there is one consumer, else those in the producer's
    output when there is one producer, else those that the shapes give away in what goes into a closed scope
    or comes out of one. A part of the model's result always keeps its keys.
    """
    if isinstance(target, Node) and target.kind is NodeKind.OUTPUT:
        return tuple(Part(edge.target_path, edge.data) for edge in edges)
    values = list({(edge.source, edge.source_path): edge for edge in reversed(edges)}.values())[::-1]
    if len(values) == 1:
        return (Part((), values[0].data),)
    paths = (
        _of_one_owner([(edge.target, edge.target_path) for edge in values])
        or _of_one_owner([(edge.source, edge.source_path) for edge in values])
        or _by_shape(values, target.inputs if isinstance(target, Scope) else None)
        or _by_shape(values, source.output)
        or [()] * len(values)
    )
    parts = [Part(path, edge.data) for path, edge in zip(paths, values, strict=True)]
    return tuple(sorted(parts, key=_order(paths)))


def _order(paths: Iterable[KeyPath]) -> Callable[[Part], list[tuple[bool, int]]]:
    """Return a sort key: by positions in lists, and by keys of dicts in the order in which they come."""
    known: dict[KeyPath, int] = {}
    for path in paths:
        for end in range(1, len(path) + 1):
            known.setdefault(path[:end], len(known))

    def place(path: KeyPath) -> tuple[bool, int]:
        return (False, int(path[-1])) if path[-1].isdecimal() else (True, known[path])

    return lambda part: [place(part.path[:end]) for end in range(1, len(part.path) + 1)]


def _of_one_owner(places: Sequence[tuple[str, KeyPath]]) -> _Paths | None:
    """Return the paths when they tell the values of one node apart."""
    owners = {owner for owner, _ in places}
    paths = [path for _, path in places]
    return _without_shared_key(paths) if len(owners) == 1 and len(set(paths)) == len(paths) else None


def _by_shape(values: Sequence[Edge], whole: Data | None) -> _Paths | None:
    """Return where the values sit in a whole in which each of them is the only one of its shape."""
    if whole is None:
        return None
    places: dict[Data, list[KeyPath]] = {}
    for path, leaf in leaves(whole):
        places.setdefault(leaf, []).append(path)
    found = [places.get(edge.data, []) if edge.data is not None else [] for edge in values]
    paths = [path for paths in found for path in paths]
    if {len(paths) for paths in found} != {1} or len(set(paths)) < len(values):
        return None
    return _without_shared_key(paths)


def _without_shared_key(paths: Sequence[KeyPath]) -> _Paths:
    """Return the paths without a first key that all have before others: the argument that all are in."""
    shared = len({path[:1] for path in paths}) == 1 and min(map(len, paths)) > 1
    return [path[1:] for path in paths] if shared else paths
