"""What the recorder does itself, out of its own sight: reading a shape is a torch call as well."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import torch

_P = ParamSpec("_P")
_R = TypeVar("_R")


class RecordingError(BaseException):
    """The recorder itself failed, which is not the model's fault; its ``except Exception`` is not to help."""


def unseen(method: Callable[_P, _R]) -> Callable[_P, _R]:
    """Keep the recorder from seeing what ``method`` does, and its failures apart from the model's."""

    @wraps(method)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with torch._C.DisableTorchFunction():
            try:
                return method(*args, **kwargs)
            except Exception as error:
                msg = f"{type(error).__name__}: {error}"
                raise RecordingError(msg) from error

    return run


def alias_of(tensor: torch.Tensor) -> torch.Tensor:
    """Return another tensor object with the same memory; the tensor itself where its type has no views."""
    try:
        alias: torch.Tensor = torch.ops.aten.alias.default(tensor)
    except (RuntimeError, NotImplementedError):  # tensor types without views
        return tensor
    return alias
