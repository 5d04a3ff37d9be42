"""JSON files named by their keys, written so that a reader never sees half of one.

Each file holds its own checksum and key: whatever is damaged, cut, swapped or not a plain file is a miss.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

from nnviz_docs.errors import NnvizError, ProblemKind

_HEAD = b'{"sha256": "%s",\n"entry": '
_TAIL = b"}\n"
_HEAD_LENGTH = len(_HEAD % (b"0" * 64))
_MAX_BYTES = 256 * 2**20


class Store:
    """A folder of entries, one file per key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, key: str) -> Path:
        """Return the file of a key, which is a hexadecimal digest."""
        return self._folder / key[:2] / f"{key[2:]}.json"

    def read(self, key: str) -> Any:
        """Return what was written under a key; None when there is nothing sound."""
        try:
            raw = _read_plain_file(self.path(key))
            digest = hashlib.sha256(raw[_HEAD_LENGTH : -len(_TAIL)]).hexdigest()
            if raw[:_HEAD_LENGTH] != _HEAD % digest.encode() or raw[-len(_TAIL) :] != _TAIL:
                return None
            entry = json.loads(raw[_HEAD_LENGTH : -len(_TAIL)])
            return entry["value"] if entry["key"] == key else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def write(self, key: str, value: Any) -> None:
        """Write an entry, or leave the one there as it was.

        Raises:
            NnvizError: the folder can't be written to (`CACHE`).
        """
        entry = _dump({"key": key, "value": value}).encode()
        raw = _HEAD % hashlib.sha256(entry).hexdigest().encode() + entry + _TAIL
        path = self.path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, raw)
        except OSError as error:
            raise NnvizError(
                ProblemKind.CACHE,
                f"The cache can't be written to: {error.strerror or type(error).__name__}.",
                hint="Point nnviz_cache_dir to a folder that can be written; figures are traced each time.",
            ) from error


def _dump(value: Any) -> str:
    """Return JSON that is the same for the same value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _read_plain_file(path: Path) -> bytes:
    """Return a regular file's content; raise `OSError` for a link, a FIFO, a folder or something huge."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_BYTES:
            msg = "not a plain file of a sensible size"
            raise OSError(msg)
        return file.read()


def _write_whole(path: Path, raw: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.stem[:16]}-", suffix=".part", dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
        unfinished.chmod(0o644)
        unfinished.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise
