"""The torch functions that page text may call for a tensor, each declared once, as a row of `FACTORIES`.

A name from a page is looked up here and nowhere else, never in torch itself. Binding an argument list to a
row gives a `TensorCall`, whose shape and dtype are known without making the tensor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nnviz_docs.request import tensor_rules as rules
from nnviz_docs.request.dtypes import DTYPES, Category
from nnviz_docs.request.values import DType, Items, TensorCall, Value

_DEFAULT_DTYPE = "float32"
_FLOATS: frozenset[Category] = frozenset({"float", "complex"})
_REALS: frozenset[Category] = frozenset({"integer", "float"})
_ALL: frozenset[Category] = frozenset({"bool", "integer", "float", "complex"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Factory:
    """One function: its argument lists (all names required), and what follows from the arguments.

    ``made_by`` is the factory that the worker calls.
    """

    made_by: str
    signatures: tuple[tuple[str, ...], ...]
    shape: rules.ShapeRule
    dtype: rules.DTypeRule = rules.default_dtype
    categories: frozenset[Category] = _ALL


@dataclass(frozen=True, slots=True)
class BoundCall:
    """A call with what the limits need to know of its tensor."""

    call: TensorCall
    shape: tuple[int, ...]
    item_bytes: int


_SIZE = (("size",),)
FACTORIES: Mapping[str, Factory] = {
    "rand": Factory(made_by="rand", signatures=_SIZE, shape=rules.shape_of_size, categories=_FLOATS),
    "randn": Factory(made_by="randn", signatures=_SIZE, shape=rules.shape_of_size, categories=_FLOATS),
    "zeros": Factory(made_by="zeros", signatures=_SIZE, shape=rules.shape_of_size),
    "ones": Factory(made_by="ones", signatures=_SIZE, shape=rules.shape_of_size),
    # What an empty tensor holds changes from build to build; zeros are one of its possible contents.
    "empty": Factory(made_by="zeros", signatures=_SIZE, shape=rules.shape_of_size),
    "full": Factory(
        made_by="full",
        signatures=(("size", "fill_value"),),
        shape=rules.shape_of_size,
        dtype=rules.dtype_of_fill,
    ),
    "randint": Factory(
        made_by="randint",
        signatures=(("high", "size"), ("low", "high", "size")),
        shape=rules.shape_of_randint,
        dtype=rules.integer_dtype,
        categories=_REALS | {"bool"},
    ),
    "arange": Factory(
        made_by="arange",
        signatures=(("end",), ("start", "end"), ("start", "end", "step")),
        shape=rules.shape_of_arange,
        dtype=rules.dtype_of_arange,
        categories=_REALS,
    ),
    "linspace": Factory(
        made_by="linspace",
        signatures=(("start", "end", "steps"),),
        shape=rules.shape_of_linspace,
        categories=_REALS,
    ),
    "eye": Factory(made_by="eye", signatures=(("n",), ("n", "m")), shape=rules.shape_of_eye),
    "tensor": Factory(
        made_by="tensor", signatures=(("data",),), shape=rules.shape_of_data, dtype=rules.dtype_of_data
    ),
}


def usage(name: str) -> str:
    """Return the argument lists that a factory accepts, as a hint shows them."""
    signatures = (", ".join([*names, "dtype=…"]) for names in FACTORIES[name].signatures)
    return " or ".join(f"{name}({names.replace('size', 'size=(1, 3)')})" for names in signatures)


def bind(name: str, positional: Sequence[Value], keywords: Mapping[str, Value]) -> BoundCall:
    """Return the call of the factory ``name`` with these arguments, each under its name.

    The dtype is stated unless both it and the factory's own choice for these arguments are float32.

    Raises:
        ValueError: the factory does not take these arguments; the text says which it takes.
    """
    factory = FACTORIES[name]
    stated = keywords.get("dtype")
    names = {key: value for key, value in keywords.items() if key != "dtype"}
    arguments = {
        key: rules.checked_argument(key, value)
        for key, value in _match_signature(name, factory, _gather_sizes(factory, positional), names)
    }
    own = factory.dtype(arguments)
    dtype = own if stated is None else _checked_dtype(name, factory, stated)
    shape = factory.shape(arguments)
    pairs: list[tuple[str, Value]] = list(arguments.items())
    if (own, dtype) != (_DEFAULT_DTYPE, _DEFAULT_DTYPE):
        pairs.append(("dtype", DType(dtype)))
    return BoundCall(TensorCall(factory.made_by, tuple(pairs)), shape, DTYPES[dtype].item_bytes)


def _gather_sizes(factory: Factory, positional: Sequence[Value]) -> Sequence[Value]:
    """Turn ``rand(1, 3)`` into ``rand((1, 3))``."""
    if factory.signatures == _SIZE and positional and all(type(value) is int for value in positional):
        return [Items("tuple", tuple(positional))]
    return positional


def _match_signature(
    name: str, factory: Factory, positional: Sequence[Value], keywords: Mapping[str, Value]
) -> list[tuple[str, Value]]:
    for names in factory.signatures:
        bound = dict(zip(names, positional, strict=False))
        if len(positional) <= len(names) and not bound.keys() & keywords.keys():
            bound |= keywords
            if bound.keys() == set(names):
                return [(key, bound[key]) for key in names]
    msg = f"{name} does not take these arguments"
    raise ValueError(msg)


def _checked_dtype(name: str, factory: Factory, value: Value) -> str:
    match value:
        case DType(dtype) if DTYPES[dtype].category in factory.categories:
            return dtype
        case DType(dtype):
            instead = " (use randint)" if factory.categories == _FLOATS else ""
            msg = f"{name} makes no tensors of dtype {dtype}{instead}"
        case _:
            msg = "dtype takes a dtype, such as torch.int64"
    raise ValueError(msg)
