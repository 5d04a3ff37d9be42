"""What a trace depended on, and whether all of that is still as it was; nothing is imported to check."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from nnviz_docs import __version__
from nnviz_docs.tracing.resolving import Resolver

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What a trace depended on.

    ``files`` are the project's files (path from the root, SHA-256; an empty one for a file that was looked
    for and not there), ``modules`` the names that were imported (and what `Resolver.answer` says of them,
    with ``folder`` searched first), ``distributions`` the installed ones with their versions, with
    ``python`` and this package's own name among them.
    """

    files: Pairs = ()
    modules: Pairs = ()
    distributions: Pairs = ()
    folder: str = ""


@dataclass(slots=True)
class Surroundings:
    """What is on disk and installed now, each looked at once.

    ``paths`` are the project's folders that modules are imported from. ``packages`` are the folders in which
    the distributions of another interpreter are; None for this one's.
    """

    root: Path
    paths: Sequence[str] = ()
    packages: list[str] | None = None
    _digests: dict[str, str] = field(default_factory=dict)
    _versions: dict[str, str] = field(default_factory=dict)
    _resolver: Resolver | None = None

    def differences(self, manifest: Manifest) -> Iterator[str]:
        """Yield, in words, what is no longer as the manifest says."""
        yield from self.project_differences(manifest)
        for name, version in manifest.distributions:
            now = self._version(name)
            if now != version and (now or name != "python"):
                yield f"{name} was {version} and is {now or 'gone'}"
        for name, answer in manifest.modules:
            now = self.answer(name, manifest.folder)
            if now != answer and not _is_file(now) and not _is_file(answer):
                yield f"the module {name} is {'installed' if now else 'no longer installed'}"

    def project_differences(self, manifest: Manifest) -> Iterator[str]:
        """Yield what of the project differs, whatever is installed where this runs."""
        for path, digest in manifest.files:
            now = self._digest(path)
            if now != digest:
                yield f"{path} {'changed' if now and digest else 'is new' if now else 'is gone'}"
        for name, answer in manifest.modules:
            now = self.answer(name, manifest.folder)
            if now != answer and (_is_file(now) or _is_file(answer)):
                yield f"the module {name} is now {now if _is_file(now) else 'another one'}"

    def holds(self, manifest: Manifest) -> bool:
        """Tell whether all is as the manifest says."""
        return next(self.differences(manifest), None) is None

    def answer(self, module: str, folder: str) -> str:
        """Return where a module is now; see `Resolver.answer`."""
        if self._resolver is None:
            packages = sys.path if self.packages is None else self.packages
            project = {os.path.realpath(path) for path in self.paths}
            installed = [path for path in packages if os.path.realpath(path) not in project]
            self._resolver = Resolver(self.root, self.paths, installed)
        return self._resolver.answer(module, folder)

    def _digest(self, path: str) -> str:
        if path not in self._digests:
            try:
                content = (self.root / path).read_bytes()
                self._digests[path] = hashlib.sha256(content).hexdigest()
            except OSError:
                self._digests[path] = ""
        return self._digests[path]

    def _version(self, name: str) -> str:
        if name not in self._versions:
            self._versions[name] = self._find_version(name)
        return self._versions[name]

    def _find_version(self, name: str) -> str:
        if name == "nnviz-docs":
            return __version__
        if name == "python":
            return python_version(self.packages)
        folders = sys.path if self.packages is None else self.packages
        found = next(iter(metadata.distributions(name=name, path=folders)), None)
        return found.version if found else ""


def packages_of(python: str) -> list[str] | None:
    """Return the package folders of another interpreter, found by where it is; None for this one."""
    if not python:
        return None
    home = Path(python).absolute().parent.parent
    folders = (*sorted(home.glob("lib/python*/site-packages")), *home.glob("Lib/site-packages"))
    return [str(folder) for folder in folders]


def python_version(packages: Sequence[str] | None) -> str:
    """Return major and minor version of the interpreter whose package folders these are, empty if unknown."""
    if packages is None:
        return f"{sys.version_info.major}.{sys.version_info.minor}"
    matches = (re.search(r"python(\d+\.\d+)/site-packages$", folder) for folder in packages)
    found = next(filter(None, matches), None)
    return found[1] if found else ""


def _is_file(answer: str) -> bool:
    return answer not in {"", "*"}
