"""Refuses, on tensors without memory, the products that real tensors refuse.

Meta kernels multiply integers with floats and float64 with float32 without a word; the figure would show a
run that there can't be. A refusal sends the trace to the next way of running, and in the end to the real one,
whose error the page gets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

_NAMES = ("matmul", "mm", "bmm", "mv", "addmm", "addbmm", "baddbmm", "addmv")
_OTHERS = ("linear", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
_PRODUCTS: frozenset[Any] = frozenset(
    {
        torch.Tensor.__matmul__,
        *(getattr(owner, name) for owner in (torch, torch.Tensor) for name in _NAMES),
        *(getattr(torch.nn.functional, name) for name in _OTHERS),
    }
)


class StrictProducts(TorchFunctionMode):
    """Context manager in which the factors of a product must have one dtype, unless autocast sees to that."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Run a torch call; raise ``RuntimeError`` for a product of different dtypes."""
        if func in _PRODUCTS:
            values = (*args, *(kwargs or {}).values())
            dtypes = [value.dtype for value in values if isinstance(value, torch.Tensor)]
            if len(set(dtypes)) > 1 and not _is_autocast():
                msg = f"the factors must have the same dtype, but are {' and '.join(map(str, dtypes))}"
                raise RuntimeError(msg)
        return func(*args, **(kwargs or {}))


def _is_autocast() -> bool:
    return any(map(torch.is_autocast_enabled, ("cpu", "cuda")))
