"""Which files ``mkdocs serve`` watches beside the pages: those of the models, whether they work or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.machinery import PathFinder
from pathlib import Path

from mkdocs.livereload import LiveReloadServer

from nnviz_docs.figure import Figures
from nnviz_docs.request.request import FigureRequest, ModelPath


class Watch:
    """Collects the files of each build, and hands new ones to the server."""

    def __init__(self) -> None:
        self._server: LiveReloadServer | None = None
        self._figures: Figures | None = None
        self._paths: tuple[str, ...] = ()
        self._found: dict[Path, None] = {}
        self._watched: set[Path] = set()

    def start_build(self, figures: Figures, paths: tuple[str, ...]) -> None:
        """Note the figures of a build, and where its models are imported from."""
        self._figures, self._paths = figures, paths

    def finish_build(self, requests: Iterable[FigureRequest]) -> None:
        """Note the files of the models that were asked for."""
        for request in requests:
            self._found.update(dict.fromkeys(self._files_of(request)))
        self._hand_over()

    def serve(self, server: LiveReloadServer) -> None:
        """Hand over what was found, and from now on what will be."""
        self._server = server
        self._hand_over()

    def _files_of(self, request: FigureRequest) -> Iterable[Path]:
        """Return the project's files that a trace read; without a trace, those that it would begin with."""
        read = self._figures.files(request.trace) if self._figures else ()
        return read or self._sources_of(request.trace.model)

    def _sources_of(self, model: ModelPath) -> Iterator[Path]:
        """Yield the files of the model's module or package, found without importing it."""
        if model.kind not in {"dotted", "qualified"}:
            return
        top = (model.place or model.attributes[0]).partition(".")[0]
        found = PathFinder.find_spec(top, self._paths)
        if found is None:
            return
        for folder in found.submodule_search_locations or ():
            yield from Path(folder).rglob("*.py")  # not the folder: importing writes below it
        if found.has_location and found.origin:
            yield Path(found.origin)

    def _hand_over(self) -> None:
        if self._server is None:
            return
        for path in self._found:
            if path not in self._watched and path.exists():
                self._watched.add(path)
                self._server.watch(str(path))
