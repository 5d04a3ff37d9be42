"""Whether a real run can be dared: what its parameters take against what is free."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import torch

from nnviz_docs.errors import NnvizError, ProblemKind

_SHARE = 0.8
"""Share of the free memory that one model may take; the rest is for what flows in it, and for others."""
_MALLOC = {-1: 256 * 2**20, -3: 64 * 2**20}
"""Bytes of free memory to keep, and size from which memory is not kept, by their numbers in ``malloc.h``."""


def check_memory(needed: int) -> None:
    """Refuse a model whose parameters and buffers, which are ``needed`` bytes, would alone fill the memory.

    Raises:
        NnvizError: they take more than most of what is free, or than the limit that is set.
    """
    free = free_memory()
    if needed > _SHARE * free:
        raise NnvizError(
            ProblemKind.MEMORY,
            f"A real run needs {_gigabytes(needed)} for the parameters, of {_gigabytes(free)} that are free.",
            hint="Document a smaller configuration of the model, or raise nnviz_memory_limit if it is set.",
        )


def free_memory() -> int:
    """Return the bytes that this process may still take: what is free, or the limit that is set."""
    if sys.platform != "linux":
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 2**63
    import resource

    lines = Path("/proc/meminfo").read_text().splitlines()
    free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    limit, _ = resource.getrlimit(resource.RLIMIT_DATA)
    return free if limit == resource.RLIM_INFINITY else min(free, limit)


def keep_freed_memory() -> None:
    """Keep what is freed for what is needed next: glibc would give each large tensor back to the system.

    That wins back a tenth of the time of a real run. Tensors that are larger still than most are given back:
    between ever larger ones, what is kept would only pile up.
    """
    if sys.platform == "linux":
        import ctypes

        library = ctypes.CDLL(None)
        if hasattr(library, "mallopt"):  # musl has none
            for parameter, value in _MALLOC.items():
                library.mallopt(parameter, value)


def bytes_of(model: torch.nn.Module) -> int:
    """Return what a model's parameters and buffers take, or would take if it is on meta."""
    tensors = {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())}
    known = (t for t in tensors.values() if not torch.nn.parameter.is_lazy(t))
    return sum(tensor.numel() * tensor.element_size() for tensor in known)


def _gigabytes(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"
