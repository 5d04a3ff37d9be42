"""One tracer per request, among all builds that share a cache: the others wait and take what it stored.

This only saves work: entries are whole and right without it. Where locks can't be had, all trace.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock, Timeout

from nnviz_docs.tracing.store import keep_out_of_git


class Claims:
    """The claims of one process, as locked files in a folder of the cache."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: dict[str, FileLock] = {}

    def claim(self, keys: Iterable[str], *, wait: float = 0) -> set[str]:
        """Return the keys that nobody else has claimed; wait for each as many seconds, if need be."""
        return {key for key in keys if self._claim(key, wait)}

    def release(self, key: str) -> None:
        """Let others have a key."""
        lock = self._locks.pop(key, None)
        if lock is not None:
            with contextlib.suppress(OSError):
                lock.release()

    def release_all(self) -> None:
        """Let others have all keys."""
        for key in list(self._locks):
            self.release(key)

    def _claim(self, key: str, wait: float) -> bool:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            keep_out_of_git(self._folder)
            lock = FileLock(self._folder / f"{key}.lock", timeout=wait)
            lock.acquire()
        except Timeout:
            return False
        except (OSError, NotImplementedError):
            return True
        self._locks[key] = lock
        return True
