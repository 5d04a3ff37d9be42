"""Keeps the cache within its size: what was used longest ago goes first, and what killed writers left."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ABANDONED = 3600.0
"""Seconds after which a file that is still unfinished belongs to nobody."""


@dataclass(frozen=True, order=True, slots=True)
class Stored:
    """A file of the cache: when it was used last, its size in bytes, and where it is."""

    used: float
    size: int
    path: Path


def stored(folder: Path) -> list[Stored]:
    """Return all entries below a cache's folder; one that goes meanwhile is passed over."""
    return list(_look_at(folder.glob("*/??/*.json")))


def sweep(folder: Path) -> int:
    """Remove what writers that were killed left behind; return the number of files."""
    old = time.time() - _ABANDONED
    parts = [item for item in _look_at(folder.rglob(".*.part")) if item.used < old]
    return sum(_remove(item) for item in parts)


def prune(folder: Path, most: int) -> int:
    """Remove the entries used longest ago until the rest takes ``most`` bytes; return how many."""
    removed = 0
    entries = sorted(stored(folder))
    excess = sum(entry.size for entry in entries) - most
    for entry in entries:
        if excess <= 0:
            break
        removed += _remove(entry)
        excess -= entry.size
    return removed


def _look_at(paths: Iterator[Path]) -> Iterator[Stored]:
    for path in paths:
        with contextlib.suppress(OSError):
            status = path.lstat()
            yield Stored(status.st_mtime, status.st_size, path)


def _remove(entry: Stored) -> bool:
    try:
        entry.path.unlink()
    except OSError:  # another one was quicker, or it is not ours
        return False
    return True
