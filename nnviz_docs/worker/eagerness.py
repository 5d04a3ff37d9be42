"""Makes a run one that can be followed: nothing compiled, and each tensor with a count of its writes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch
from torch.autograd.grad_mode import inference_mode


@contextlib.contextmanager
def followed_eagerly() -> Iterator[None]:
    """Run what is marked for ``torch.compile`` as it is written, and ``inference_mode`` as ``no_grad``.

    Compiled code makes no torch calls that a mode sees, and tensors made in inference mode don't count the
    writes into them. What is computed is the same.
    """
    entered, left = inference_mode.__enter__, inference_mode.__exit__
    inference_mode.__enter__, inference_mode.__exit__ = _do_nothing, _do_nothing
    try:
        with torch.compiler.set_stance("force_eager"):
            yield
    finally:
        inference_mode.__enter__, inference_mode.__exit__ = entered, left


def _do_nothing(*_args: object) -> None:
    pass
