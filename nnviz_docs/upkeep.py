"""What is done to a site's cache between builds: check it, renew it, measure it, make it smaller.

All of it works from the site's own index of figures, without the tool that builds the pages; only `refresh`
runs models.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nnviz_docs.errors import NnvizError, Problem, ProblemKind
from nnviz_docs.figure import Figures
from nnviz_docs.request.request import FigureRequest, TraceRequest
from nnviz_docs.request.settings import Settings
from nnviz_docs.tracing import pruning
from nnviz_docs.tracing.index import NAME, SiteIndex, read_index
from nnviz_docs.tracing.pruning import KINDS
from nnviz_docs.tracing.store import Store

_SITE = (
    "Name the folder with conf.py or mkdocs.yml, or the cache folder itself where nnviz_cache_dir moved it."
)
_OUT_OF_DATE = {ProblemKind.STALE, ProblemKind.MISSING}


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteCache:
    """The cache of a site, with the index of the site's figures."""

    folder: Path
    index: SiteIndex

    def figures(self, settings: Settings) -> Figures:
        """Return what makes the site's figures, under these settings."""
        root = (self.folder / self.index.root).resolve()
        paths = tuple(str((root / path).resolve()) for path in self.index.paths)
        return Figures(replace(settings, cache_dir=str(self.folder.resolve())), root, paths)


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How many entries of a kind there are, and the bytes that they take."""

    kind: str
    entries: int
    bytes: int


def cache_folder(site: Path) -> Path:
    """Return the cache's folder of a site's source folder, or the folder itself when it is a cache.

    Raises:
        NnvizError: there is none (`CONFIG`).
    """
    for folder in (site, site / Settings().cache_dir):
        if (folder / NAME).is_file() or any((folder / part).is_dir() for part in KINDS):
            return folder
    raise NnvizError(ProblemKind.CONFIG, f"There is no cache of figures in {site}.", hint=_SITE)


def open_site(site: Path) -> SiteCache:
    """Return the cache of a site.

    Raises:
        NnvizError: there is none (`CONFIG`), or it has no index (`CACHE`).
    """
    folder = cache_folder(site)
    return SiteCache(folder=folder, index=read_index(folder))


def check(site: SiteCache) -> Iterator[tuple[str, FigureRequest, Problem]]:
    """Yield each figure that is stale or missing, with its page and the reason; no model is run."""
    figures = site.figures(Settings(mode="frozen"))
    for page, request in site.index.figures():
        for problem in _problems(figures, request):
            if problem.kind in _OUT_OF_DATE:
                yield page, request, problem


def missing(site: SiteCache, figures: Figures) -> list[TraceRequest]:
    """Return what `refresh` will trace."""
    return figures.missing(request for _, request in site.index.figures())


def refresh(site: SiteCache, figures: Figures) -> Iterator[tuple[str, Problem]]:
    """Make all figures of the site, and yield each problem with its page; traces what was not prepared."""
    for page, request in site.index.figures():
        yield from ((page, problem) for problem in _problems(figures, request))


def sizes(folder: Path) -> list[Size]:
    """Return what the cache holds, by kind."""
    entries = pruning.stored(folder)
    kinds = {part: [entry for entry in entries if (folder / part) in entry.path.parents] for part in KINDS}
    return [
        Size(kind=kind, entries=len(found), bytes=sum(entry.size for entry in found))
        for kind, found in kinds.items()
    ]


def prune(folder: Path, most: int) -> int:
    """Remove what killed writers left, and beyond ``most`` bytes what was used longest ago."""
    return pruning.sweep(folder) + pruning.prune(folder, most)


def verify(folder: Path) -> list[Path]:
    """Return the files that are damaged; a build takes them for missing and writes them again."""
    stores = [Store(folder / part) for part in KINDS]
    return [store.path(key) for store in stores for key in store.all_keys() if not _is_sound(store, key)]


def clear(folder: Path) -> None:
    """Remove everything that was stored; the index stays, so that `refresh` can make it again."""
    for part in (*KINDS, "locks"):
        shutil.rmtree(folder / part, ignore_errors=True)


def _problems(figures: Figures, request: FigureRequest) -> Iterator[Problem]:
    try:
        yield from figures.figure(request).problems
    except NnvizError as error:
        yield error.problem


def _is_sound(store: Store, key: str) -> bool:
    entry = store.read(key)
    try:
        return entry is not None and isinstance(entry.body(), (dict, list, type(None)))
    except ValueError:
        return False
