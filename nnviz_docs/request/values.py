"""Values that page text can describe: data, tensors to be made, and names of objects; never code.

The docs process parses text into these; the worker turns them into real objects through a fixed table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scalar = None | bool | int | float | str


@dataclass(frozen=True, slots=True)
class Items:
    """A list or a tuple."""

    type: Literal["list", "tuple"]
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A dict, in the order written."""

    items: tuple[tuple[Value, Value], ...]


@dataclass(frozen=True, slots=True)
class DType:
    """A torch dtype by its name without ``torch.`` (``int64``)."""

    name: str


@dataclass(frozen=True, slots=True)
class TensorCall:
    """A tensor made by one of the fixed factories, with its arguments by name, in the factory's order.

    ``arguments`` holds ``size`` (a tuple of integers) for the factories that take one; defaults that the
    text left out stay out, but for ``dtype``, which every form states when it is not float32.
    """

    factory: str
    arguments: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """An object named by its dotted path (``torch.nn.LayerNorm``); constructor arguments only."""

    path: str


@dataclass(frozen=True, slots=True)
class ObjectCall:
    """An object made by calling a named class with data (``transformers.LlamaConfig(num_layers=2)``)."""

    path: str
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


Value = Scalar | Items | Pairs | DType | TensorCall | Reference | ObjectCall


def holds_tensor(value: Value) -> bool:
    """Tell whether a tensor is made anywhere in a value."""
    match value:
        case TensorCall():
            return True
        case Items(_, items):
            return any(map(holds_tensor, items))
        case Pairs(items):
            return any(holds_tensor(item) for _, item in items)
        case _:
            return False
