"""Which distribution a package was installed by, and in which version."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata

from nnviz_docs import __version__


def own_versions() -> list[tuple[str, str]]:
    """Return the versions that every trace depends on: Python's, to its minor one, and this package's."""
    return [("python", f"{sys.version_info.major}.{sys.version_info.minor}"), ("nnviz-docs", __version__)]


def versions(packages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield name and version of the distributions that packages were installed by.

    Where several claim a package, those that hold its ``__init__.py``; a namespace is all of them.
    """
    owners = installed_packages()
    for package in set(packages):
        names = set(owners.get(package, ()))
        holders = {name for name in names if len(names) == 1 or _holds(name, package)}
        for name in holders or names:
            yield name, metadata.version(name)


@cache
def installed_packages() -> Mapping[str, list[str]]:
    """Return the distributions of each package that is installed; reads all of their metadata once."""
    return metadata.packages_distributions()


def _holds(distribution: str, package: str) -> bool:
    return any(str(file) == f"{package}/__init__.py" for file in metadata.files(distribution) or ())
