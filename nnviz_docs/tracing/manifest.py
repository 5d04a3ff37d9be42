"""What a trace depended on, and whether all of that is still as it was; nothing is imported to check."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """The project's files (path from the root, SHA-256) and the distributions (name, version) of a trace."""

    files: tuple[tuple[str, str], ...] = ()
    distributions: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Surroundings:
    """What is on disk and installed now, each looked at once.

    ``packages`` are the folders in which the distributions of another interpreter are; None for this one's.
    """

    root: Path
    packages: list[str] | None = None
    _digests: dict[str, str] = field(default_factory=dict)
    _versions: dict[str, str] = field(default_factory=dict)

    def differences(self, manifest: Manifest) -> Iterator[str]:
        """Yield, in words, what is no longer as the manifest says."""
        for path, digest in manifest.files:
            if self._digest(path) != digest:
                yield f"{path} changed"
        for name, version in manifest.distributions:
            now = self._version(name)
            if now != version:
                yield f"{name} was {version} and is {now or 'gone'}"

    def holds(self, manifest: Manifest) -> bool:
        """Tell whether all is as the manifest says."""
        return next(self.differences(manifest), None) is None

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
            folders = sys.path if self.packages is None else self.packages
            found = next(iter(metadata.distributions(name=name, path=folders)), None)
            self._versions[name] = found.version if found else ""
        return self._versions[name]


def packages_of(python: str) -> list[str] | None:
    """Return the package folders of another interpreter, found by where it is; None for this one."""
    if not python:
        return None
    home = Path(python).parent.parent
    return [str(folder) for folder in _package_folders(home)]


def _package_folders(home: Path) -> Iterable[Path]:
    return [*sorted(home.glob("lib/python*/site-packages")), *home.glob("Lib/site-packages")]
