"""The figures of a page or a site: asked for while Markdown is read, made together, then put in their places.

Until then an empty element holds each place. A fence that turns out to be part of a code example leaves none
on the page, and so costs nothing and warns of nothing.
"""

from __future__ import annotations

import hashlib
import logging
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from nnviz_docs.errors import NnvizError, Problem, ProblemKind
from nnviz_docs.figure import Figures, figure_html, problem_html, trace_log
from nnviz_docs.hosts.markdown.markup import figure_place
from nnviz_docs.hosts.markdown.source import Source
from nnviz_docs.request.fence import parse_fence
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.request import FigureOptions, FigureRequest, TraceRequest
from nnviz_docs.request.settings import Settings

_MARK = "data-nnviz"
_PLACES = re.compile(rf'<div {_MARK}="(\d{{1,9}})"></div>')


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """What one fence asks for: a request or what is wrong with it, and where the fence stands."""

    asked: FigureRequest | Problem
    page: str
    place: str
    id_prefix: str


class Collection:
    """Gathers fences and makes their figures.

    Args:
        settings: The site's settings.
        figures: Makes the figures.
        logger: Takes the warnings.
    """

    def __init__(self, settings: Settings, figures: Figures, logger: logging.Logger) -> None:
        self._settings = settings
        self._figures = figures
        self._logger = logger
        self._entries: list[_Entry] = []
        self._shown: dict[int, None] = {}

    def add(self, body: str, header: Mapping[str, str], source: Source) -> str:
        """Note a fence; return the elements for its place on the page.

        Nothing is raised: SuperFences would swallow it.
        """
        number = len(self._entries)
        line = source.line_of(body)
        page = hashlib.sha256((source.path or body).encode(errors="replace")).hexdigest()[:6]
        source.fences += 1
        entry = _Entry(
            asked=self._read(body, header),
            page=source.path,
            place=":".join(filter(None, (source.path, str(line or "")))) or "Markdown",
            id_prefix=f"nnviz-{page}-{source.fences}",
        )
        self._entries.append(entry)
        options = entry.asked.options if isinstance(entry.asked, FigureRequest) else FigureOptions()
        return figure_place(Element("div", {_MARK: str(number)}), options)

    def note_shown(self, html: str) -> None:
        """Note which places are left on a page that was rendered: those get their figures."""
        self._shown.update(dict.fromkeys(int(number) for number in _PLACES.findall(html)))

    def missing(self) -> list[TraceRequest]:
        """Return what has to be traced for the places noted."""
        return self._figures.missing(self.requests())

    def requests(self) -> Iterator[FigureRequest]:
        """Yield what the places noted ask for."""
        for entry in self._shown_entries():
            if isinstance(entry.asked, FigureRequest):
                yield entry.asked

    def trace(self, missing: Iterable[TraceRequest]) -> Iterator[TraceRequest]:
        """Trace all that is missing together; yield each request when it is done."""
        for done in self._figures.prepare(missing):
            with suppress(NnvizError):  # the page is told
                self._logger.debug("%s", trace_log(done, self._figures.trace(done).graph))
            yield done

    def finish(self) -> None:
        """Note what a whole site asks for, page by page, for the command line."""
        pages: dict[str, list[FigureRequest]] = {}
        for entry in self._shown_entries():
            if isinstance(entry.asked, FigureRequest):
                pages.setdefault(entry.page, []).append(entry.asked)
        self._figures.finish(pages)

    def report(self) -> list[Problem]:
        """Warn of every problem with the places noted, and return them."""
        found = [(entry, problem) for entry in self._shown_entries() for problem in self._problems(entry)]
        for entry, problem in found:
            self._warn(problem, f"{entry.place}: ")
        if self._figures.cache_problem:
            self._warn(self._figures.cache_problem)
        return [problem for _, problem in found]

    def fill(self, html: str) -> str:
        """Return a page with the figures in their places."""
        return _PLACES.sub(self._html, html)

    def close(self) -> None:
        """End what was started to make the figures."""
        self._figures.close()

    def _read(self, body: str, header: Mapping[str, str]) -> FigureRequest | Problem:
        try:
            return parse_request(*parse_fence(body, header), self._settings)
        except NnvizError as error:
            return error.problem
        except Exception as error:  # noqa: BLE001 (SuperFences would show the fence as code, and say nothing)
            return Problem(
                kind=ProblemKind.OPTION,
                message=f"The fence could not be read: {type(error).__name__}.",
                detail=traceback.format_exc(),
            )

    def _html(self, match: re.Match[str]) -> str:
        number = int(match[1])
        if number >= len(self._entries):  # not a place of ours
            return match[0]
        entry = self._entries[number]
        if isinstance(entry.asked, Problem):
            return problem_html(entry.asked)
        try:
            return figure_html(self._figures.figure(entry.asked), id_prefix=entry.id_prefix)
        except NnvizError as error:
            return problem_html(error.problem)

    def _shown_entries(self) -> Iterator[_Entry]:
        return (self._entries[number] for number in self._shown if number < len(self._entries))

    def _problems(self, entry: _Entry) -> Iterator[Problem]:
        if isinstance(entry.asked, Problem):
            yield entry.asked
            return
        try:
            yield from self._figures.figure(entry.asked).problems
        except NnvizError as error:
            yield error.problem

    def _warn(self, problem: Problem, place: str = "") -> None:
        self._logger.warning("%s[nnviz.%s] %s", place, problem.kind, problem)
        if problem.detail:
            self._logger.debug("%s", problem.detail.rstrip())
