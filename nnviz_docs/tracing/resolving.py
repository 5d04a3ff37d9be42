"""What a module's name leads to now, found as the import system would, but without importing anything.

The same question is asked when a trace is stored and when it is used: a new module earlier on the path, a
module that became a package, one that was moved or deleted give another answer, and so a new trace.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from importlib import machinery
from pathlib import Path

INSTALLED = "*"
"""The answer for what is not the project's: it is known by its distribution's version."""
NOWHERE = ""

_LOADERS = (
    (machinery.ExtensionFileLoader, machinery.EXTENSION_SUFFIXES),
    (machinery.SourceFileLoader, machinery.SOURCE_SUFFIXES),
    (machinery.SourcelessFileLoader, machinery.BYTECODE_SUFFIXES),
)


class Resolver:
    """Answers where modules are: in the project's folders, installed, or nowhere.

    Each folder is listed once, afresh: the import system's own lists of folders trust time stamps.

    Args:
        root: Folder that answers are relative to.
        project: The project's folders, in the order searched.
        installed: Folders of installed packages, which come behind.
    """

    def __init__(self, root: Path, project: Iterable[str], installed: Iterable[str]) -> None:
        self._root = root.resolve()
        self._project = [os.path.realpath(folder) for folder in project]
        self._installed = list(installed)
        self._finders: dict[str, machinery.FileFinder] = {}
        self._found: dict[tuple[str, str], machinery.ModuleSpec | None] = {}
        self._known: dict[str, bool] = {}

    def answer(self, name: str, first: str = "") -> str:
        """Return a module's file relative to the root, `INSTALLED` or `NOWHERE`.

        A namespace package is its folders, each with a slash behind it. ``first`` is a folder relative to
        the root that is searched before all others.
        """
        spec = self._spec(name, first)
        if spec is not None:
            return self._shown(spec)
        top = name.partition(".")[0]
        if top != name and self._spec(top, first) is not None:
            return NOWHERE
        return INSTALLED if self._is_installed(top) else NOWHERE

    def _is_installed(self, top: str) -> bool:
        if top not in self._known:
            found = top in sys.stdlib_module_names or self._find(top, self._installed) is not None
            self._known[top] = found
        return self._known[top]

    def _spec(self, name: str, first: str) -> machinery.ModuleSpec | None:
        if (name, first) not in self._found:
            parent, _, _ = name.rpartition(".")
            if parent:
                outer = self._spec(parent, first)
                folders = list((outer and outer.submodule_search_locations) or ())
            else:
                folders = [os.path.realpath(self._root / first), *self._project] if first else self._project
            self._found[name, first] = self._find(name, folders)
        return self._found[name, first]

    def _find(self, name: str, folders: Sequence[str]) -> machinery.ModuleSpec | None:
        portions: list[str] = []
        for folder in folders:
            spec = self._finder(folder).find_spec(name)
            if spec is not None and spec.loader is not None:
                return spec
            portions += (spec and spec.submodule_search_locations) or ()
        if not portions:
            return None
        namespace = machinery.ModuleSpec(name, None, is_package=True)
        namespace.submodule_search_locations = portions
        return namespace

    def _finder(self, folder: str) -> machinery.FileFinder:
        if folder not in self._finders:
            self._finders[folder] = machinery.FileFinder(folder, *_LOADERS)
        return self._finders[folder]

    def _shown(self, spec: machinery.ModuleSpec) -> str:
        if spec.origin is not None:
            return relative(spec.origin, self._root)
        folders = spec.submodule_search_locations or ()
        return ",".join(f"{relative(folder, self._root)}/" for folder in folders)


def relative(path: str, root: Path) -> str:
    """Return a path as entries hold it: real, relative to the root, with slashes."""
    return Path(os.path.relpath(os.path.realpath(path), root)).as_posix()
