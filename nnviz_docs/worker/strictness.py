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

_PRODUCTS: frozenset[Any] = frozenset(
    {
        torch.nn.functional.linear,
        torch.matmul,
        torch.mm,
        torch.bmm,
        torch.Tensor.matmul,
        torch.Tensor.mm,
        torch.Tensor.bmm,
        torch.Tensor.__matmul__,
    }
)
_FACTORS = 2


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
            dtypes = [value.dtype for value in args[:_FACTORS] if isinstance(value, torch.Tensor)]
            if len(set(dtypes)) > 1 and not _is_autocast():
                msg = f"the factors must have the same dtype, but are {' and '.join(map(str, dtypes))}"
                raise RuntimeError(msg)
        return func(*args, **(kwargs or {}))


def _is_autocast() -> bool:
    return any(map(torch.is_autocast_enabled, ("cpu", "cuda")))
