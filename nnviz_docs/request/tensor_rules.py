"""What the arguments of a tensor factory say: whether each is of the right type, the shape, the dtype."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from nnviz_docs.request.values import Items, Value

Arguments = Mapping[str, Value]
ShapeRule = Callable[[Arguments], tuple[int, ...]]
DTypeRule = Callable[[Arguments], str]


def checked_argument(name: str, value: Value) -> Value:
    """Return the argument as it is kept (a size as a tuple); raise `ValueError` when it is of no use."""
    expected, check = _CHECKS[name]
    if not check(value):
        msg = f"{name} takes {expected}"
        raise ValueError(msg)
    if name == "size":
        return Items("tuple", cast(Items, value).items)
    return value


def default_dtype(_arguments: Arguments) -> str:
    """Return torch's default dtype."""
    return "float32"


def integer_dtype(_arguments: Arguments) -> str:
    """Return torch's default integer dtype."""
    return "int64"


def dtype_of_fill(arguments: Arguments) -> str:
    """Return the dtype that a filled tensor has: that of its value."""
    return _dtype_of_types({type(arguments["fill_value"])})


def dtype_of_data(arguments: Arguments) -> str:
    """Return the dtype of ``tensor(data)``; float32 when there is no number in it."""
    return _dtype_of_types({type(leaf) for leaf in _leaves(arguments["data"])})


def dtype_of_arange(arguments: Arguments) -> str:
    """Return the dtype of a range: float32 as soon as one bound is a float."""
    return _dtype_of_types({type(value) for value in arguments.values()})


def shape_of_size(arguments: Arguments) -> tuple[int, ...]:
    """Return the shape that ``size`` states."""
    return cast(tuple[int, ...], cast(Items, arguments["size"]).items)


def shape_of_randint(arguments: Arguments) -> tuple[int, ...]:
    """Return the shape that ``size`` states, once low < high is known."""
    if not cast(int, arguments.get("low", 0)) < cast(int, arguments["high"]):
        msg = "low must be less than high"
        raise ValueError(msg)
    return shape_of_size(arguments)


def shape_of_arange(arguments: Arguments) -> tuple[int, ...]:
    """Return the length of the range, computed as torch does, as a shape."""
    start, step = cast(float, arguments.get("start", 0)), cast(float, arguments.get("step", 1))
    distance = cast(float, arguments["end"]) - start
    if step == 0 or distance * step < 0:
        msg = "step does not lead from start to end"
        raise ValueError(msg)
    length = distance / step
    if not math.isfinite(length):
        msg = "start, end and step make an endless range"
        raise ValueError(msg)
    exact = isinstance(distance, int) and isinstance(step, int)
    return (int(-(-distance // step)) if exact else math.ceil(length),)


def shape_of_linspace(arguments: Arguments) -> tuple[int, ...]:
    """Return ``steps`` as a shape."""
    return (cast(int, arguments["steps"]),)


def shape_of_eye(arguments: Arguments) -> tuple[int, ...]:
    """Return rows and columns."""
    rows = cast(int, arguments["n"])
    return (rows, cast(int, arguments.get("m", rows)))


def shape_of_data(arguments: Arguments) -> tuple[int, ...]:
    """Return the shape of nested lists; raise `ValueError` when they are ragged."""
    return _shape_of_nested(arguments["data"])


def _shape_of_nested(value: Value) -> tuple[int, ...]:
    if not isinstance(value, Items):
        return ()
    shapes = {_shape_of_nested(item) for item in value.items}
    if len(shapes) > 1:
        msg = "data has rows of different shapes"
        raise ValueError(msg)
    return (len(value.items), *(shapes.pop() if shapes else ()))


def _leaves(value: Value) -> Iterator[Value]:
    if isinstance(value, Items):
        for item in value.items:
            yield from _leaves(item)
    else:
        yield value


def _dtype_of_types(types: set[type]) -> str:
    if float in types or not types:
        return "float32"
    return "int64" if int in types else "bool"


def _is_integer(value: Value) -> bool:
    return type(value) is int


def _is_count(value: Value) -> bool:
    return type(value) is int and value >= 0


def _is_number(value: Value) -> bool:
    return type(value) in (int, float)


def _is_fill(value: Value) -> bool:
    return type(value) in (int, float, bool)


def _is_size(value: Value) -> bool:
    return isinstance(value, Items) and all(_is_count(item) for item in value.items)


def _is_numbers(value: Value) -> bool:
    return all(_is_fill(leaf) for leaf in _leaves(value))


_CHECKS: Mapping[str, tuple[str, Callable[[Value], bool]]] = {
    "size": ("whole numbers, none negative", _is_size),
    "low": ("a whole number", _is_integer),
    "high": ("a whole number", _is_integer),
    "n": ("a whole number, not negative", _is_count),
    "m": ("a whole number, not negative", _is_count),
    "steps": ("a whole number, not negative", _is_count),
    "start": ("a number", _is_number),
    "end": ("a number", _is_number),
    "step": ("a number", _is_number),
    "fill_value": ("a number, True or False", _is_fill),
    "data": ("a number, or lists of numbers", _is_numbers),
}
