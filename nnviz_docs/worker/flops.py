"""Counts the floating point operations of calls with torch's own formulas, as they run.

As in ``torch.utils.flop_counter``, only matrix products and convolutions count, those inside attention and
recurrent layers among them, and a multiplication with its addition counts as two. A dispatch mode sees what a
call really runs. Entering it costs time, and so it is entered only where a product may be, and once for all
calls of a function with arguments of the same shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import TracebackType
from typing import Any, NamedTuple, Self

import torch
from torch.utils import flop_counter
from torch.utils._python_dispatch import TorchDispatchMode

from nnviz_docs.worker.naming import function_names

_aten = torch.ops.aten


class Count(NamedTuple):
    """What was counted up to some time; ``unknown`` is the number of calls that can't be counted."""

    flops: int
    unknown: int


class FlopCounter(TorchDispatchMode):
    """Counts what runs in its `call`, or while it is entered.

    Example:
        >>> counter = FlopCounter()
        >>> before = counter.count
        >>> y = counter.call(torch.matmul, (a, b), {})
        >>> counter.since(before)
        4096
    """

    supports_higher_order_operators = True

    def __init__(self) -> None:
        super().__init__()
        self.count = Count(0, 0)
        self._depth = 0
        self._known: dict[object, Count] = {}

    def call(
        self, function: Callable[..., Any], args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Return what a torch function returns, and count what it runs."""
        kwargs = kwargs or {}
        if self._depth or _is_free(function):
            return function(*args, **kwargs)
        key = _key(function, args, kwargs)
        known = self._known.get(key)
        if known is not None:
            self._add(*known)
            return function(*args, **kwargs)
        before = self.count
        with self:
            output = function(*args, **kwargs)
        if key is not None:
            flops, unknown = self.count
            self._known[key] = Count(flops - before.flops, unknown - before.unknown)
        return output

    def since(self, before: Count) -> int | None:
        """Return the operations since then, None when there was a call that can't be counted."""
        return None if self.count.unknown > before.unknown else self.count.flops - before.flops

    def __enter__(self) -> Self:
        """Start to count; nothing is counted twice where it has been started already."""
        self._depth += 1
        if self._depth == 1:
            super().__enter__()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop to count."""
        self._depth -= 1
        if self._depth == 0:
            super().__exit__(exc_type, exc_value, traceback)

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Run an operator, and count it."""
        kwargs = kwargs or {}
        output = func(*args, **kwargs)
        operator = getattr(func, "overloadpacket", func)
        formula = _formulas().get(operator)
        if formula is not None:
            self._add(*_counted(formula, args, kwargs, output))
        elif not _is_counted_as_nothing(operator):
            self._add(0, 1)
        return output

    def _add(self, flops: int, unknown: int) -> None:
        self.count = Count(self.count.flops + flops, self.count.unknown + unknown)


def _counted(
    formula: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], output: object
) -> Count:
    try:
        return Count(int(formula(*args, **kwargs, out_val=output)), 0)
    except Exception:  # formulas know plain, dense tensors of known sizes
        return Count(0, 1)


_CONSTANTS = (bool, int, float, str, type(None), type(...), torch.dtype, torch.device)


def _key(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> object:
    """Return what is equal for calls that run the same operators; None where that can't be told."""
    try:
        key = function, _signature(args), _signature(dict(kwargs))
        hash(key)
    except (LookupError, TypeError, RuntimeError):  # shapes that are not known, or not hashable
        return None
    return key


def _signature(value: object) -> object:
    """Return shapes in place of tensors; raises `LookupError` for what is neither tensor nor constant."""
    match value:
        case torch.Tensor():
            return value.shape, value.dtype, value.layout
        case list() | tuple():
            return tuple(map(_signature, value))
        case dict():
            return tuple((key, _signature(item)) for key, item in value.items())
        case _ if isinstance(value, _CONSTANTS):
            return type(value), value
    raise LookupError


@cache
def _formulas() -> Mapping[object, Callable[..., Any]]:
    """Return torch's formulas, and those for products that have none: on a CPU, with vectors, in place."""
    attention = flop_counter.flop_registry[_aten._scaled_dot_product_flash_attention]
    own = {
        _aten._scaled_dot_product_flash_attention_for_cpu: attention,
        _aten.mkldnn_rnn_layer: _recurrent_flop,
        _aten.mv: _vector_flop,
        _aten.addmv: _added_vector_flop,
        _aten.dot: _dot_flop,
        _aten.vdot: _dot_flop,
        _aten.addbmm: flop_counter.flop_registry[_aten.baddbmm],
        _aten.addmm_: flop_counter.flop_registry[_aten.addmm],
        _aten.addmv_: _added_vector_flop,
        _aten.baddbmm_: flop_counter.flop_registry[_aten.baddbmm],
    }
    return own | flop_counter.flop_registry


def _recurrent_flop(
    sequence: torch.Tensor, weight: torch.Tensor, hidden: torch.Tensor, *_args: Any, **_kwargs: Any
) -> int:
    """Return the operations of a layer in one direction; ``sequence`` is [steps, batch, features]."""
    steps, batch = sequence.shape[:2]
    return 2 * steps * batch * (weight.numel() + hidden.numel())


def _vector_flop(matrix: torch.Tensor, *_args: Any, **_kwargs: Any) -> int:
    return 2 * matrix.numel()


def _added_vector_flop(_added: torch.Tensor, matrix: torch.Tensor, *_args: Any, **_kwargs: Any) -> int:
    return 2 * matrix.numel()


def _dot_flop(vector: torch.Tensor, *_args: Any, **_kwargs: Any) -> int:
    return 2 * vector.numel()


_PLAIN_NAMESPACES = {"aten", "prim", "prims", "profiler", "torchvision"}
_PRODUCTS = {
    *("mm", "addmm", "addbmm", "hspmm", "matmul", "linear", "trilinear", "attention", "lstm", "gru", "rnn"),
    *("conv", "conv2d", "conv3d", "convolution", "depthwise2d", "depthwise3d", "transformer"),
}
"""Words in the names of operators that multiply: sparse, quantized and other variants have no formula."""


@cache
def _is_counted_as_nothing(operator: Any) -> bool:
    """Tell whether an operator without a formula has no products in it.

    So it is with torch's own, unless the name says otherwise. What an operator of another library does,
    nobody knows here: quantized layers are made of such.
    """
    namespace, _, name = getattr(operator, "_qualified_op_name", "").partition("::")
    return namespace in _PLAIN_NAMESPACES and not _PRODUCTS & set(name.split("_"))


_FREE_OF_PRODUCTS = {
    *("batch_norm", "chunk", "contiguous", "dim", "dropout", "flatten", "getitem", "instance_norm"),
    *("interpolate", "layer_norm", "meshgrid", "normalize", "numel", "pad", "reshape", "setitem", "size"),
    *("softmax", "split", "tensor_split", "to", "where"),
}
"""Frequent functions that torch puts together from others, none of which is a product."""


@cache
def _is_free(function: Callable[..., Any]) -> bool:
    """Tell whether a torch function is known to run no products: it is frequent, or one operator alone."""
    name, full_name = function_names(function)
    if not full_name.startswith("torch.") or full_name.startswith("torch.ops."):
        return False
    if name in _FREE_OF_PRODUCTS or getattr(function, "__name__", "") == "__get__":
        return True
    operator = getattr(_aten, name, None)
    if operator is None or operator in _formulas() or not _is_counted_as_nothing(operator):
        return False
    return not any(map(_is_composite, _overloads(operator)))


def _overloads(operator: Any) -> list[Any]:
    return [getattr(operator, overload) for overload in operator.overloads()]


def _is_composite(overload: Any) -> bool:
    """Tell whether an operator is taken apart into others before a dispatch mode sees it."""
    try:
        return bool(overload.has_kernel_for_dispatch_key(torch._C.DispatchKey.CompositeImplicitAutograd))
    except RuntimeError:  # one that scripts alone can call
        return False
