"""Which files and distributions a trace depended on, noted while it runs.

Files of the project are hashed as they are read, so that the hash is of the very bytes that ran: a compiled
file beside a module, which only its time stamp ties to the source, is never used for them.
"""

from __future__ import annotations

import hashlib
import importlib.machinery
import os
import sys
import sysconfig
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

# A prefix is not Python's alone (projects live in /usr/src), but that of a virtual environment is.
_ENVIRONMENT = {sys.prefix} - {sys.base_prefix}
_INSTALLED = tuple(
    os.path.realpath(path) + os.sep
    for name, path in (*sysconfig.get_paths().items(), *(("", prefix) for prefix in _ENVIRONMENT))
    if name != "data"
)
_SYSTEM = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/lib/", "/usr/share/")
_OWN = os.path.realpath(Path(__file__).parents[1]) + os.sep


class SourceRecorder:
    """Notes what is read once `install` was called; for a process that traces one model and ends."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._hashes: dict[str, str] = {}
        self._reading = False

    def install(self) -> None:
        """Start to note the project's modules as they are compiled and its files as they are opened."""
        loader: Any = importlib.machinery.SourceFileLoader
        original_stats, original_data = loader.path_stats, loader.get_data

        def path_stats(this: Any, path: str) -> Any:
            if is_project_file(path):
                raise OSError  # makes the import system compile the source afresh
            return original_stats(this, path)

        def get_data(this: Any, path: str) -> bytes:
            data: bytes = original_data(this, path)
            if is_project_file(path):
                self._hashes[os.path.realpath(path)] = _hash(data)
            return data

        loader.path_stats, loader.get_data = path_stats, get_data
        sys.addaudithook(self._note_open)

    def files(self) -> list[tuple[str, str]]:
        """Return path relative to the root, with ``/``, and SHA-256 of each file of the project, sorted."""
        for module in list(sys.modules.values()):
            origin = getattr(module, "__file__", None)
            if isinstance(origin, str) and is_project_file(origin):
                self._note(origin)
        relative = ((os.path.relpath(path, self._root), digest) for path, digest in self._hashes.items())
        return sorted((Path(path).as_posix(), digest) for path, digest in relative)

    def distributions(self, full_names: Iterable[str]) -> list[tuple[str, str]]:
        """Return name and version of the distributions that the model's code came from, sorted.

        Those are torch, the ones that ``full_names`` (of what was called) belong to, and the ones that the
        project's modules use; what these import in their turn is theirs to keep working.
        """
        packages = {"torch", *(name.split(".")[0] for name in full_names)}
        for module in list(sys.modules.values()):
            if is_project_file(str(getattr(module, "__file__", None) or _OWN)):
                packages |= {_package_of(value) for value in list(vars(module).values())}
        return sorted(_versions(name for name in packages if _is_installed(name)))

    def _note_open(self, event: str, args: tuple[Any, ...]) -> None:
        if event != "open" or self._reading or not isinstance(args[0], (str, bytes)):
            return
        path, mode = os.fsdecode(args[0]), args[1]
        if isinstance(mode, str) and mode.startswith("r") and self._is_below_root(path):
            self._note(path)

    def _is_below_root(self, path: str) -> bool:
        return is_project_file(path) and Path(os.path.realpath(path)).is_relative_to(self._root)

    def _note(self, path: str) -> None:
        real = os.path.realpath(path)
        if real in self._hashes or not Path(real).is_file():
            return
        self._reading = True
        try:
            self._hashes[real] = _hash(Path(real).read_bytes())
        except OSError:
            return
        finally:
            self._reading = False


def is_project_file(path: str) -> bool:
    """Tell whether a file is the project's own: not installed, not the system's, not this package."""
    real = os.path.realpath(path)
    if "site-packages" in real or "dist-packages" in real or real.endswith(".pyc"):
        return False
    return not real.startswith((*_SYSTEM, *_INSTALLED, _OWN))


def _package_of(value: object) -> str:
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return name.split(".")[0] if isinstance(name, str) else ""


def _is_installed(package: str) -> bool:
    origin = getattr(sys.modules.get(package), "__file__", None) or ""
    return "site-packages" in origin or "dist-packages" in origin


def _versions(modules: Iterable[str]) -> Iterable[tuple[str, str]]:
    owners = metadata.packages_distributions()
    for name in {owner for module in modules for owner in owners.get(module, ())}:
        yield name, metadata.version(name)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
