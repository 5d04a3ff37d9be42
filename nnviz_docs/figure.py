"""From a request to a finished figure: the only place where tracing and drawing meet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nnviz_docs.drawing.drawing import Drawing
from nnviz_docs.drawing.html import Picture, render_error, render_html
from nnviz_docs.drawing.image import Image
from nnviz_docs.drawing.svg import render_svg
from nnviz_docs.drawings import Drawings
from nnviz_docs.errors import NnvizError, Problem
from nnviz_docs.request.request import FigureRequest, TraceRequest
from nnviz_docs.request.settings import Settings
from nnviz_docs.tracing.cache import Kept, Trace
from nnviz_docs.tracing.index import index_of, needed_paths, write_index
from nnviz_docs.tracing.manifest import Manifest
from nnviz_docs.tracing.pruning import prune, sweep
from nnviz_docs.tracing.store import Store
from nnviz_docs.tracing.tracer import Tracer, added_paths

if TYPE_CHECKING:
    from nnviz_docs.graph.model import Graph

STYLESHEET = Path(__file__).parent / "drawing" / "nnviz.css"
"""The stylesheet of pages with figures."""
SCRIPT = STYLESHEET.with_suffix(".js")
"""The script of pages with figures, which makes them interactive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A finished figure: its drawings, and the problems that the page's author must know of.

    The ``drawings`` are in the order of their depths; ``shown`` is the one that a reader sees first, and the
    only one where there can be no choice.
    """

    request: FigureRequest
    drawings: tuple[Drawing, ...]
    shown: Drawing
    problems: tuple[Problem, ...]

    @property
    def alt(self) -> str:
        """The description of the figure in a sentence: the page's own, else a generated one."""
        return self.request.options.alt or self.shown.description


class Figures:
    """Makes the figures of one build of a site.

    Args:
        settings: The site's settings.
        root: Folder that relative paths start from, the cache's among them.
        paths: Folders to import models from, before those that the site added to ``sys.path``.
    """

    def __init__(self, settings: Settings, root: Path, paths: tuple[str, ...] = ()) -> None:
        folder = root / settings.cache_dir
        self._settings = settings
        self._folder, self._root = folder, root
        self._paths = (*paths, *added_paths())
        self._tracer = Tracer(settings, root, Store(folder / "traces"), self._paths)
        self._drawings = Drawings(settings, folder)
        self._kept: dict[TraceRequest, Kept | None] = {}
        self._outcomes: dict[TraceRequest, Trace | NnvizError] = {}
        self._figures: dict[FigureRequest, Figure] = {}
        self._waiting: dict[TraceRequest, list[FigureRequest]] = {}
        self._cache_problem: Problem | None = None
        self._has_grown = False

    @property
    def cache_problem(self) -> Problem | None:
        """What keeps the cache from being written, None when nothing does."""
        return self._tracer.cache_problem or self._drawings.cache_problem or self._cache_problem

    def missing(self, requests: Iterable[FigureRequest]) -> list[TraceRequest]:
        """Return what the figures need and the cache lacks, each once."""
        undrawn = [request for request in dict.fromkeys(requests) if self._drawn(request) is None]
        self._waiting = {}
        for request in undrawn:
            self._waiting.setdefault(request.trace, []).append(request)
        return [request for request in self._waiting if self._find(request) is None]

    def state(self, request: FigureRequest) -> str:
        """Return a text that changes when the figure would be drawn from another graph.

        Empty when it must be traced first.
        """
        kept = self._look_up(request.trace)
        if kept is None:
            return "missing" if self._settings.mode == "frozen" else ""
        return "\n".join((kept.digest, *(problem.message for problem in kept.problems)))

    def prepare(self, missing: Iterable[TraceRequest]) -> Iterator[TraceRequest]:
        """Trace all that is missing together in one worker; yield each request when it is done.

        The figures that `missing` was asked for are drawn meanwhile, while the worker traces the next.
        """
        for request, outcome in self._tracer.trace(missing):
            self._outcomes[request] = outcome
            self._kept.pop(request, None)
            self._has_grown = True
            for figure in self._waiting.pop(request, ()):
                with suppress(NnvizError):  # told to whoever asks for the figure
                    self.figure(figure)
            yield request
        self._kept.clear()  # files may have changed since they were looked at

    def trace(self, request: TraceRequest) -> Trace:
        """Return the trace for a request.

        Raises:
            NnvizError: there is no graph, with the reason.
        """
        if self._find(request) is None:
            list(self.prepare([request]))
        outcome = self._outcomes[request]
        if isinstance(outcome, NnvizError):
            raise outcome
        return outcome

    def files(self, request: TraceRequest) -> tuple[Path, ...]:
        """Return the project's files that a trace depended on; none while there is no trace."""
        manifest = self._manifest(request)
        return tuple(self._root / path for path, _ in manifest.files) if manifest else ()

    def figure(self, request: FigureRequest) -> Figure:
        """Return the finished figure for a request.

        Raises:
            NnvizError: there is no graph, with the reason.
        """
        drawn = self._drawn(request)
        if drawn is None:
            self._waiting.pop(request.trace, None)  # it is drawn here
            trace = self.trace(request.trace)
            drawings, problems = self._drawings.make(trace, request.options)
            self._has_grown = True
            drawn = self._finished(request, drawings, (*trace.problems, *problems))
            self._figures[request] = drawn
        return drawn

    def text(self, request: FigureRequest) -> str:
        """Return a figure as plain text, for builders without pictures; of several depths, the first.

        Raises:
            NnvizError: there is no graph, with the reason.
        """
        from nnviz_docs.drawing.making import make_text  # noqa: PLC0415 (a warm build of pages makes none)

        return make_text(self.trace(request.trace).graph, request.options)

    def close(self) -> None:
        """End the layout process; a figure that is asked for later starts another."""
        self._drawings.close()

    def finish(self, pages: Mapping[str, Iterable[FigureRequest]]) -> None:
        """Note which figures the whole site asks for, by page; keep the cache within its size if it grew."""
        if self._settings.mode == "frozen":
            return
        listed = {page: tuple(requests) for page, requests in pages.items()}
        try:
            traces = dict.fromkeys(request.trace for requests in listed.values() for request in requests)
            paths = needed_paths(self._paths, self._root, map(self._manifest, traces))
            write_index(self._folder, index_of(self._folder, self._root, paths, listed))
        except NnvizError as error:
            self._cache_problem = error.problem
        if not self._has_grown:
            return
        sweep(self._folder)
        if self._settings.cache_size:
            prune(self._folder, self._settings.cache_size)

    def _manifest(self, request: TraceRequest) -> Manifest | None:
        """Return what a trace, or why there is none, depended on; None while that is not known."""
        found = self._outcomes.get(request)
        known = found if isinstance(found, Trace) else self._look_up(request)
        return known.manifest if known else None

    def _drawn(self, request: FigureRequest) -> Figure | None:
        """Return the figure that was drawn in this build, or before it from the same trace."""
        if request not in self._figures:
            kept = self._look_up(request.trace)
            drawings = self._drawings.find(kept.digest, request.options) if kept and kept.has_graph else None
            if kept is None or drawings is None:
                return None
            self._figures[request] = self._finished(request, drawings, kept.problems)
        return self._figures[request]

    def _finished(
        self, request: FigureRequest, drawings: tuple[Drawing, ...], problems: tuple[Problem, ...]
    ) -> Figure:
        return Figure(
            request=request,
            drawings=tuple(sorted(drawings, key=lambda drawing: drawing.depth or 0)),
            shown=drawings[0],
            problems=problems,
        )

    def _look_up(self, request: TraceRequest) -> Kept | None:
        if request not in self._kept:
            self._kept[request] = self._tracer.kept(request)
        return self._kept[request]

    def _find(self, request: TraceRequest) -> Trace | NnvizError | None:
        if request not in self._outcomes:
            found = self._tracer.find(request)
            if found is None:
                return None
            self._outcomes[request] = found
        return self._outcomes[request]


def trace_log(request: TraceRequest, graph: Graph) -> str:
    """Return a line for a log: how the graph was made, with what was tried before."""
    from nnviz_docs.drawing.notes import how_traced  # noqa: PLC0415 (as above)

    return f"{request.model} was traced {how_traced(graph)}."


def figure_svg(figure: Figure) -> str:
    """Return the drawing that is seen first, as an SVG file of its own.

    Raises:
        NnvizError: it could not be laid out.
    """
    if figure.shown.image is None:
        problem = figure.problems[-1]
        raise NnvizError(problem.kind, problem.message, hint=problem.hint, detail=problem.detail)
    return _svg(figure, figure.shown.image, id_prefix="nnviz", standalone=True)


def figure_html(figure: Figure, *, id_prefix: str) -> str:
    """Return the figure for a page, under the boxes of its problems; ids begin with ``id_prefix``."""
    options = figure.request.options
    boxes = "".join(render_error(problem) for problem in figure.problems)
    return boxes + render_html(
        [_picture(figure, drawing, id_prefix) for drawing in figure.drawings],
        shown=figure.drawings.index(figure.shown),
        id_prefix=id_prefix,
        classes=(*([f"nnviz-{options.align}"] if options.align else []), *options.classes),
    )


def _picture(figure: Figure, drawing: Drawing, id_prefix: str) -> Picture:
    """Return one drawing for a page; without a layout, the table of all arrows is in its place."""
    image = drawing.image
    prefix = f"{id_prefix}-{drawing.depth}" if len(figure.drawings) > 1 else id_prefix
    return Picture(
        title=f"Depth {drawing.depth}",
        svg=_svg(figure, image, id_prefix=prefix, standalone=False) if image else "",
        width=image.width if image else 0,
        height=image.height if image else 0,
        notes=drawing.notes,
        tables=drawing.tables,
    )


def _svg(figure: Figure, image: Image, *, id_prefix: str, standalone: bool) -> str:
    options = figure.request.options
    return render_svg(
        image,
        id_prefix=id_prefix,
        standalone=standalone,
        alt=figure.alt,
        width=options.width,
        height=options.height,
    )


def style_css(settings: Settings) -> str:
    """Return the stylesheet of the site's own colours and font, empty where it has none.

    Raises:
        NnvizError: the site sets a property that there is not.
    """
    if not settings.style:
        return ""
    from nnviz_docs.drawing.restyling import restyled  # noqa: PLC0415 (most sites have none)

    return restyled(settings.style)


def problem_html(problem: Problem) -> str:
    """Return the box that stands in the place of a figure that there is not."""
    return render_error(problem)


def graph_json(trace: Trace) -> str:
    """Return a traced graph as indented JSON text."""
    from nnviz_docs.graph.codec import graph_to_json  # noqa: PLC0415 (as above)

    return json.dumps(graph_to_json(trace.graph), ensure_ascii=False, indent=1) + "\n"
