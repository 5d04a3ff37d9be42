"""JSON files named by their keys, written so that a reader never sees half of one.

Each file holds its own checksum and key: whatever is damaged, cut, swapped or not a plain file is a miss.
An entry has two parts on lines of their own, so that the small one can be read without the large one, and
so that a change of the small one is a small difference to a version control system.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnviz_docs.errors import NnvizError, ProblemKind

_FIRST = b'{"sha256":"%s",\n'
_FIRST_LENGTH = len(_FIRST % (b"0" * 64))
_NAMES = (b'"key":', b'"head":', b'"body":')
_MAX_BYTES = 256 * 2**20
_MARK_USED = 3600.0
"""Seconds after which a file that is read is marked as used again; pruning needs nothing finer."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is stored under a key: a head that was read, a body that is read when it is asked for.

    ``digest`` is the checksum of both: it changes when anything in the entry does.
    """

    digest: str
    head: Any
    _body: bytes

    @property
    def has_body(self) -> bool:
        """Whether the body is anything but None."""
        return self._body != b"null"

    def body(self) -> Any:
        """Return the body; raises `ValueError` when it is not JSON."""
        return _load(self._body)


class Store:
    """A folder of entries, one file per key.

    Args:
        folder: The folder, which is made when something is written.
        committed: Whether a site that commits its cache commits this folder too.
    """

    def __init__(self, folder: Path, *, committed: bool = True) -> None:
        self.folder = folder
        self._committed = committed

    def path(self, key: str) -> Path:
        """Return the file of a key, which is a hexadecimal digest."""
        return self.folder / key[:2] / f"{key[2:]}.json"

    def all_keys(self) -> Iterator[str]:
        """Yield the keys of all files there, sound or not."""
        for path in sorted(self.folder.glob("??/*.json")):
            yield path.parent.name + path.stem

    def read(self, key: str) -> Entry | None:
        """Return what was written under a key; None when there is nothing sound."""
        try:
            return _parse(_read_plain_file(self.path(key)), key)
        except (OSError, ValueError):
            return None

    def write(self, key: str, head: Any, body: Any) -> str:
        """Write an entry, or leave the one there as it was; return its digest.

        Raises:
            NnvizError: the folder can't be written to (`CACHE`).
        """
        values = (_dump(value).encode() for value in (key, head, body))
        rest = b",\n".join(name + value for name, value in zip(_NAMES, values, strict=True)) + b"}\n"
        digest = hashlib.sha256(rest).hexdigest()
        path = self.path(key)
        with translated_write_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            _make_way(path)
            if not self._committed:
                keep_out_of_git(self.folder)
            write_whole(path, _FIRST % digest.encode() + rest)
        return digest


@contextlib.contextmanager
def translated_write_errors() -> Iterator[None]:
    """Turn an `OSError` inside into a `NnvizError` of the kind `CACHE`."""
    try:
        yield
    except OSError as error:
        raise NnvizError(
            ProblemKind.CACHE,
            f"The cache can't be written to: {error.strerror or type(error).__name__}.",
            hint="Point nnviz_cache_dir to a folder that can be written; figures are traced each time.",
        ) from error


def write_whole(path: Path, raw: bytes) -> None:
    """Write a file so that it is there whole, or as it was before; raises `OSError`."""
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


def keep_out_of_git(folder: Path) -> None:
    """Have git ignore what is in a folder; raises `OSError`."""
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")


def _parse(raw: bytes, key: str) -> Entry | None:
    digest = hashlib.sha256(raw[_FIRST_LENGTH:]).hexdigest()
    parts = raw[_FIRST_LENGTH:].removesuffix(b"}\n").split(b",\n")
    if raw[:_FIRST_LENGTH] != _FIRST % digest.encode() or len(parts) != len(_NAMES):
        return None
    if not all(part.startswith(name) for part, name in zip(parts, _NAMES, strict=True)):
        return None
    written_key, head, body = (part[len(name) :] for part, name in zip(parts, _NAMES, strict=True))
    return Entry(digest, _load(head), body) if _load(written_key) == key else None


def _load(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except RecursionError as error:
        msg = "nested too deeply"
        raise ValueError(msg) from error


def _dump(value: Any) -> str:
    """Return JSON that is the same for the same value, on one line."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _read_plain_file(path: Path) -> bytes:
    """Return a regular file's content; raise `OSError` for a link, a FIFO, a folder or something huge."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_BYTES:
            msg = "not a plain file of a sensible size"
            raise OSError(msg)
        if time.time() - status.st_mtime > _MARK_USED:
            with contextlib.suppress(OSError):
                os.utime(path)
        return file.read()


def _make_way(path: Path) -> None:
    """Remove an empty folder that stands where the file goes; a full one is an error to be told."""
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
