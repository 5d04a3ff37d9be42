"""Keeps the cache within its size: what was used longest ago goes first, and what killed writers left."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KINDS = ("traces", "layouts", "drawings")
"""The folders of a cache that entries are in."""
_SHARD = re.compile("[0-9a-f]{2}")
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
    return [item for shard in _shards(folder) for item in _files(shard, ".json")]


def sweep(folder: Path) -> int:
    """Remove what writers that were killed left behind; return the number of files."""
    old = time.time() - _ABANDONED
    parts = (item for place in (folder, *_shards(folder)) for item in _files(place, ".part"))
    return sum(_remove(item) for item in parts if item.path.name.startswith(".") and item.used < old)


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


def _shards(folder: Path) -> list[Path]:
    """Return the folders that entries are in, and no others: the cache may be among a site's own files."""
    kinds = [kind for kind in _folders(folder) if kind.name in KINDS]
    return [shard for kind in kinds for shard in _folders(kind) if _SHARD.fullmatch(shard.name)]


def _folders(folder: Path) -> list[Path]:
    return [Path(item.path) for item in _listed(folder) if item.is_dir(follow_symlinks=False)]


def _files(folder: Path, end: str) -> Iterator[Stored]:
    for item in _listed(folder):
        if item.name.endswith(end):
            with contextlib.suppress(OSError):
                status = item.stat(follow_symlinks=False)
                yield Stored(status.st_mtime, status.st_size, Path(item.path))


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def _remove(entry: Stored) -> bool:
    try:
        entry.path.unlink()
    except OSError:  # another one was quicker, or it is not ours
        return False
    return True
