"""Real values described as nested data, together with the tensors that sit in them.

One walk gives both, so that a tensor's place in the description and its place in the value never differ.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence as AnySequence
from functools import cache
from typing import Any, NamedTuple

import torch

from nnviz_docs.graph.data import Data, KeyPath, Mapping, Opaque, Record, Scalar, Sequence, Tensor
from nnviz_docs.worker.shortening import short_name

_MAX_DEPTH = 32
SCALARS = (bool, int, float, complex, str, bytes, type(None), torch.dtype, torch.device, torch.Size, slice)


class PlacedTensor(NamedTuple):
    """A tensor, where it sits in the value that was described, and what it was like at that time.

    ``version`` counts the writes into its memory, through whatever view of it.
    """

    path: KeyPath
    tensor: torch.Tensor
    data: Tensor
    version: int


class Description(NamedTuple):
    """A value's description and the tensors in it, in order."""

    data: Data
    tensors: list[PlacedTensor]


def describe(value: object) -> Description:
    """Describe any value: list, tuple, named tuple, mapping, dataclass, model output, any mixture.

    A container that contains itself, and an unknown type, are described as `Opaque` in their place.
    """
    tensors: list[PlacedTensor] = []
    return Description(_describe(value, (), tensors, ()), tensors)


def describe_tensor(tensor: torch.Tensor) -> Tensor:
    """Describe one tensor; the device is named when it is neither the CPU nor meta."""
    device = "" if is_usual(tensor.device) else str(tensor.device)
    return Tensor(_shape(tensor), dtype_name(tensor.dtype), device)


def _shape(tensor: torch.Tensor) -> tuple[int, ...]:
    """Return a tensor's sizes; -1 where those of the tensors in a nested one differ."""
    if not tensor.is_nested:
        return tuple(map(int, tensor.shape))
    shapes = [part.shape for part in tensor.unbind()]
    differs = (len({shape[axis] for shape in shapes}) > 1 for axis in range(tensor.dim() - 1))
    return (len(shapes), *(-1 if ragged else shapes[0][axis] for axis, ragged in enumerate(differs)))


def is_usual(device: torch.device) -> bool:
    """Tell whether a device goes without saying: models are traced on the CPU, with memory or without."""
    return device.type in {"cpu", "meta"}


def tensor_version(tensor: torch.Tensor) -> int:
    """Return how often the tensor's memory was written to; 0 where no count is kept."""
    try:
        return int(tensor._version)
    except RuntimeError:  # tensors made under inference_mode
        return 0


@cache
def dtype_name(dtype: torch.dtype) -> str:
    """Return the name of a dtype without ``torch.``."""
    return str(dtype).removeprefix("torch.")


def _describe(value: object, path: KeyPath, found: list[PlacedTensor], outer: tuple[int, ...]) -> Data:
    if isinstance(value, torch.Tensor):
        data = describe_tensor(value)
        found.append(PlacedTensor(path, value, data, tensor_version(value)))
        return data
    if isinstance(value, SCALARS):
        return Scalar(type(value).__name__, short_name(_scalar_text(value), 40))
    type_name = short_name(type(value).__name__)
    if id(value) in outer or len(outer) > _MAX_DEPTH:
        return Opaque(type_name)
    outer = (*outer, id(value))

    def parts(items: Iterable[tuple[str, object]]) -> tuple[tuple[str, Data], ...]:
        return tuple((key, _describe(item, (*path, key), found, outer)) for key, item in items)

    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return Record(type_name, parts(_fields(value)))
    if isinstance(value, AnyMapping):
        return Mapping(type_name, parts((_key_text(key), item) for key, item in value.items()))
    if isinstance(value, (list, tuple)):
        names = tuple(short_name(str(name)) for name in getattr(value, "_fields", ()))
        names = names if len(names) == len(value) else ()
        keys = names or (str(index) for index in range(len(value)))
        return Sequence(type_name, tuple(data for _, data in parts(zip(keys, value, strict=True))), names)
    return Opaque(type_name)


def _fields(value: Any) -> Iterable[tuple[str, object]]:
    """Yield a dataclass's fields; those of a mapping as well (a model output) only where they are set."""
    present = value if isinstance(value, AnyMapping) else None
    for field in dataclasses.fields(value):
        if present is None or field.name in present:
            yield field.name, getattr(value, field.name, None)


def _key_text(key: object) -> str:
    return short_name(key if isinstance(key, str) else _safe_repr(key))


def _scalar_text(value: object) -> str:
    match value:
        case torch.dtype():
            return dtype_name(value)
        case torch.Size():
            return str(list(value))
        case _:
            return _safe_repr(value)


def _safe_repr(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # a model's own __repr__ may do anything
        return type(value).__name__


def describe_arguments(
    args: AnySequence[Any], kwargs: AnyMapping[str, Any], names: tuple[str, ...] = ()
) -> Description:
    """Describe the arguments of a call; positional ones are placed by name where it is known."""
    positional = {names[i] if i < len(names) else str(i): arg for i, arg in enumerate(args)}
    return describe(positional | dict(kwargs))
