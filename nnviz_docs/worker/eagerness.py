"""Makes a run one that can be followed: nothing compiled, and each tensor with a count of its writes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch.autograd.grad_mode import inference_mode
from torch.overrides import handle_torch_function, has_torch_function

_call_scripted = torch.jit.ScriptFunction.__call__


@contextlib.contextmanager
def followed_eagerly() -> Iterator[None]:
    """Run what is compiled or scripted as it is written, and ``inference_mode`` as ``no_grad``.

    Compiled code makes no torch calls that a mode sees, and tensors made in inference mode don't count the
    writes into them. What is computed is the same.
    """
    with (
        _replaced(inference_mode, __enter__=_do_nothing, __exit__=_do_nothing),
        _replaced(torch.jit.ScriptFunction, __call__=_call_as_written),
        torch.compiler.set_stance("force_eager"),
    ):
        yield


@contextlib.contextmanager
def _replaced(cls: type, **methods: Any) -> Iterator[None]:
    originals = {name: vars(cls)[name] for name in methods}
    try:
        for name, method in methods.items():
            setattr(cls, name, method)
        yield
    finally:
        for name, method in originals.items():
            setattr(cls, name, method)


def _do_nothing(*_args: object) -> None:
    pass


def _call_as_written(function: torch.jit.ScriptFunction, *args: Any, **kwargs: Any) -> Any:
    """Call the Python function that was scripted; one whose source is not known is a single torch call."""
    written = getattr(function, "_torchdynamo_inline", None)
    if written is not None:
        return written(*args, **kwargs)
    if has_torch_function(args):
        return handle_torch_function(function, args, *args, **kwargs)
    return _call_scripted(function, *args, **kwargs)
