"""Torch calls on tensors without values: refused where real ones are, and quicker where torch is slow.

Meta kernels multiply float64 with float32 and apply a softmax to integers without a word; the figure would
show a run that there can't be. A refusal sends the trace to the next way of running, and in the end to the
real one, whose error the page gets. And torch puts normalisations together from dozens of calls in Python,
a quarter of the time of tracing a usual model, though all that comes of it is a tensor like the first.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812 (everybody calls it so)
from torch.overrides import TorchFunctionMode

_KNOWN = (torch.Tensor, torch.nn.Parameter)
_OWNERS = (torch, torch.Tensor, F, torch._C._nn)


def _functions(names: str) -> frozenset[Any]:
    """Return the functions of these names, wherever torch has them."""
    return frozenset(
        getattr(owner, name) for owner in _OWNERS for name in names.split() if hasattr(owner, name)
    )


_PRODUCTS = _functions(
    "__matmul__ matmul mm bmm mv addmm addbmm baddbmm addmv linear "
    "conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d"
)
_FLOATING = _functions(
    "batch_norm celu gelu glu grid_sample hardshrink hardsigmoid hardswish log_softmax logcumsumexp "
    "logsigmoid mish rrelu silu softmax softmin softplus std var"
)
"""Functions that on a CPU take no integers, and on meta do."""


class WithoutValues(TorchFunctionMode):
    """Context manager for calls on tensors that have no values."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Run a torch call; raise ``RuntimeError`` for one that no real tensors of these dtypes take."""
        kwargs = kwargs or {}
        if func in _PRODUCTS:
            _refuse_different_dtypes((*args, *kwargs.values()))
        elif func in _FLOATING and not _is_dtype_given(args, kwargs):
            _refuse_integers(func, args, kwargs)
        output = _normalised(func, args, kwargs) if func in _NORMALISATIONS else None
        return func(*args, **kwargs) if output is None else output


def _refuse_different_dtypes(values: Iterable[object]) -> None:
    dtypes = dict.fromkeys(value.dtype for value in values if isinstance(value, torch.Tensor))
    if len(dtypes) > 1 and not _is_autocast():
        msg = f"the factors must have the same dtype, but are {' and '.join(map(str, dtypes))}"
        raise RuntimeError(msg)


def _is_dtype_given(args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    return any(isinstance(value, torch.dtype) for value in (*args, *kwargs.values()))


def _refuse_integers(func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    tensor = args[0] if args else kwargs.get("input")
    if isinstance(tensor, torch.Tensor) and not (tensor.is_floating_point() or tensor.is_complex()):
        name = func.__name__
        msg = f"{name} needs floating-point numbers, but got a tensor of {tensor.dtype}"
        raise RuntimeError(msg)


def _normalised(
    func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> torch.Tensor | None:
    """Return what a normalisation gives, None where torch must see to it, or to the error."""
    if torch.is_grad_enabled() or _is_autocast():
        return None
    like, signature = _NORMALISATIONS[func]
    try:
        given = signature.bind(*args, **kwargs).arguments
        return like(given) if given.get("eps", 1.0) > 0 else None
    except (TypeError, AttributeError, IndexError):  # arguments that torch does not take either
        return None


def _like_batch(given: Mapping[str, Any]) -> torch.Tensor | None:
    tensor, statistics = given["input"], (given["running_mean"], given["running_var"])
    if given.get("training") or any(values is None for values in statistics):
        return None
    return _like(tensor, (*statistics, given.get("weight"), given.get("bias")), torch.Size([tensor.shape[1]]))


def _like_layer(given: Mapping[str, Any]) -> torch.Tensor | None:
    tensor, shape = given["input"], torch.Size(given["normalized_shape"])
    fits = len(shape) > 0 and tensor.shape[-len(shape) :] == shape
    return _like(tensor, (given.get("weight"), given.get("bias")), shape) if fits else None


def _like(
    tensor: torch.Tensor, parameters: Sequence[torch.Tensor | None], shape: torch.Size
) -> torch.Tensor | None:
    """Return a new tensor like one that is contiguous, if all parameters are of its dtype and that shape.

    What a model makes on the CPU has values that may be read, and classes of tensors their own functions.
    """
    given = [parameter for parameter in parameters if parameter is not None]
    known = all(type(each) in _KNOWN for each in (tensor, *given)) and tensor.device.type == "meta"
    fit = all(each.shape == shape and each.dtype == tensor.dtype for each in given)
    on_one = all(each.device == tensor.device for each in given)
    is_plain = tensor.is_floating_point() and tensor.is_contiguous()
    return torch.empty_like(tensor) if known and fit and on_one and is_plain else None


_Normalised = Callable[[Mapping[str, Any]], torch.Tensor | None]
_NORMALISATIONS: Mapping[Any, tuple[_Normalised, inspect.Signature]] = {
    F.batch_norm: (_like_batch, inspect.signature(F.batch_norm)),
    F.layer_norm: (_like_layer, inspect.signature(F.layer_norm)),
}


def _is_autocast() -> bool:
    return any(map(torch.is_autocast_enabled, ("cpu", "cuda")))
