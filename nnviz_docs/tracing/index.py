"""The index of a site: which figures its pages ask for, kept beside what was made of them.

With it the command line can tell what is out of date, and renew it, without the tool that builds the pages.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.canonical import canonical, request_from_json
from nnviz_docs.request.request import FigureOptions, FigureRequest
from nnviz_docs.tracing.manifest import Manifest
from nnviz_docs.tracing.resolving import INSTALLED, NOWHERE
from nnviz_docs.tracing.store import translated_write_errors, write_whole

NAME = "index.json"
_SCHEMA = 1
_DEFAULTS = {field.name: field.default for field in fields(FigureOptions)}
_HOW = "Build the site once with the cache in place; the build writes it."


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteIndex:
    """The figures of each page, and where the site's models are.

    ``root`` is the site's folder relative to the cache's, ``paths`` are the folders that models are imported
    from, relative to the root.
    """

    root: str
    paths: tuple[str, ...]
    pages: Mapping[str, tuple[FigureRequest, ...]]

    def figures(self) -> Iterator[tuple[str, FigureRequest]]:
        """Yield each figure with its page."""
        for page, requests in sorted(self.pages.items()):
            yield from ((page, request) for request in requests)


def index_of(
    folder: Path, root: Path, paths: tuple[str, ...], pages: Mapping[str, tuple[FigureRequest, ...]]
) -> SiteIndex:
    """Return the index of a site whose cache is in ``folder``."""
    return SiteIndex(
        root=_relative(root, folder), paths=tuple(_relative(Path(path), root) for path in paths), pages=pages
    )


def needed_paths(paths: Iterable[str], root: Path, manifests: Iterable[Manifest | None]) -> tuple[str, ...]:
    """Return the folders without which the traced models would not be found, in the order searched.

    Those are what is the site's own, and what a module was imported from; of a model that is not known yet
    (None) it may be any. The others are only those of the tool that happened to build the site.
    """
    used: set[str] = set()
    for manifest in manifests:
        if manifest is None:
            return tuple(paths)
        used |= {folder for module in manifest.modules for folder in _folders(*module)}
    places = {path: _relative(Path(path), root) for path in paths}
    return tuple(path for path, place in places.items() if place in used or not place.startswith(".."))


def _folders(name: str, answer: str) -> Iterator[str]:
    """Yield the folders on the path that a module was found in; see `Resolver.answer`."""
    for place in answer.split(","):
        if place not in {INSTALLED, NOWHERE}:
            above = PurePosixPath(place).parents
            levels = name.count(".") + place.endswith("/__init__.py")
            yield str(above[min(levels, len(above) - 1)])


def write_index(folder: Path, index: SiteIndex) -> None:
    """Write the index into the cache's folder, unless it is there already.

    Raises:
        NnvizError: the folder can't be written to (`CACHE`).
    """
    raw = _text_of(index).encode()
    path = folder / NAME
    with translated_write_errors():
        if path.is_file() and path.read_bytes() == raw:
            return
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, raw)


def read_index(folder: Path) -> SiteIndex:
    """Return the index in a cache's folder.

    Raises:
        NnvizError: there is none, or none of this version (`CACHE`).
    """
    try:
        document = json.loads((folder / NAME).read_bytes())
        return _index_from_json(document)
    except OSError as error:
        message = f"There is no index of figures in {folder}."
        raise NnvizError(ProblemKind.CACHE, message, hint=_HOW) from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        message = f"The index of figures in {folder} can't be read."
        raise NnvizError(ProblemKind.CACHE, message, hint=_HOW, detail=repr(error)) from error


def _text_of(index: SiteIndex) -> str:
    """Return the index as JSON with a line for each figure, for readable differences."""
    pages = []
    for page, requests in sorted(index.pages.items()):
        lines = ",\n".join(f"  {_dump(_to_json(request))}" for request in requests)
        pages += [f" {_dump(page)}: [\n{lines}\n ]"] if requests else []
    return (
        f'{{"schema": {_SCHEMA}, "root": {_dump(index.root)}, "paths": {_dump(list(index.paths))},\n'
        '"pages": {\n' + ",\n".join(pages) + "\n}}\n"
    )


def _dump(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _index_from_json(document: Mapping[str, Any]) -> SiteIndex:
    if document["schema"] != _SCHEMA:
        raise ValueError("another version")
    return SiteIndex(
        root=str(document["root"]),
        paths=tuple(str(path) for path in document["paths"]),
        pages={page: tuple(map(_from_json, items)) for page, items in document["pages"].items()},
    )


def _to_json(request: FigureRequest) -> dict[str, Any]:
    given = ((name, getattr(request.options, name), default) for name, default in _DEFAULTS.items())
    options = {name: value for name, value, default in given if value != default}
    return {"trace": canonical(request.trace), "options": options}


def _from_json(document: Mapping[str, Any]) -> FigureRequest:
    options: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in document["options"].items()
    }
    trace = request_from_json(document["trace"])
    return FigureRequest(trace=trace, options=FigureOptions(**options))


def _relative(path: Path, start: Path) -> str:
    return Path(os.path.relpath(path.resolve(), start.resolve())).as_posix()
