"""The nested data that flows through a model, described without the values.

A description mirrors its value: an unknown type becomes `Opaque` and keeps its place, so that it never
shifts or hides its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor: shape as sizes per dimension, dtype without ``torch.``, device unless it is the default.

    A size is -1 where the tensors inside a nested one differ.
    """

    shape: tuple[int, ...]
    dtype: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A plain Python value: its type's name, and the value as text when that is short."""

    type: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, a tuple or a named tuple; ``fields`` names the items of the last."""

    type: str
    items: tuple[Data, ...]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping of any type; each key as text, in the mapping's order."""

    type: str
    items: tuple[tuple[str, Data], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A dataclass or a model output: named fields in order."""

    type: str
    items: tuple[tuple[str, Data], ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value of a type that is not looked into."""

    type: str


type_of_leaf = (Tensor, Scalar, Opaque)
Leaf = Tensor | Scalar | Opaque
Data = Tensor | Scalar | Sequence | Mapping | Record | Opaque
KeyPath = tuple[str, ...]
"""Where a value sits in nested data: the keys from the outside in, each as text (``("features", "0")``)."""


def children(data: Data) -> tuple[tuple[str, Data], ...]:
    """Return the keyed parts of nested data in order; nothing for a leaf."""
    match data:
        case Mapping(items=items) | Record(items=items):
            return items
        case Sequence(items=items, fields=fields):
            names = fields or tuple(str(index) for index in range(len(items)))
            return tuple(zip(names, items, strict=True))
        case _:
            return ()


def leaves(data: Data, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Leaf]]:
    """Yield each leaf of nested data with its place, in order."""
    if isinstance(data, type_of_leaf):
        yield path, data
        return
    for key, item in children(data):
        yield from leaves(item, (*path, key))


def tensors(data: Data) -> Iterator[Tensor]:
    """Yield each tensor in nested data, in order."""
    return (leaf for _, leaf in leaves(data) if isinstance(leaf, Tensor))
