"""How much memory a call made: the storages behind its results that were not there before."""

from __future__ import annotations

from collections.abc import Iterable

import torch


def bytes_made(results: Iterable[torch.Tensor], known: Iterable[torch.Tensor]) -> int | None:
    """Return the bytes of the results' storages, each once and without those of ``known`` tensors.

    A view, or a tensor that was written to in place, has the storage of another one. None where a tensor has
    no storage of its own to look at.
    """
    try:
        before = {tensor.untyped_storage()._cdata for tensor in known}
        storages = [tensor.untyped_storage() for tensor in results]
    except (RuntimeError, NotImplementedError):  # sparse tensors, and those that torch.func wraps
        return None
    made = {storage._cdata: storage.nbytes() for storage in storages if storage._cdata not in before}
    return sum(made.values())
