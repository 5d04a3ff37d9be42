"""Traces for requests: from the cache where they hold, from one worker for all that are missing."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from nnviz_docs.errors import NnvizError, Problem, ProblemKind
from nnviz_docs.request.request import TraceRequest
from nnviz_docs.request.settings import Settings
from nnviz_docs.tracing.cache import Failure, Kept, Outcome, Trace, TraceCache, lookup_key
from nnviz_docs.tracing.manifest import Manifest, Surroundings, packages_of
from nnviz_docs.tracing.resolving import INSTALLED, NOWHERE
from nnviz_docs.tracing.store import Store

if TYPE_CHECKING:
    from nnviz_docs.tracing.replies import Reply

_REFRESH = "Run nnviz-docs refresh where torch is, and commit the cache."
_MOST_REASONS = 3
_LASTING = {
    ProblemKind.OPTION,
    ProblemKind.MODEL,
    ProblemKind.IMPORT,
    ProblemKind.CONSTRUCT,
    ProblemKind.INPUT,
    ProblemKind.FORWARD,
    ProblemKind.TRACE,
}
"""Problems that come again while nothing changes. The others depend on the machine's state: not kept."""


class Tracer:
    """The traces of a site.

    ``root`` is the folder that relative paths start from, ``paths`` is what the site added to ``sys.path``.
    What went wrong with the cache itself is in ``cache_problem``; tracing goes on without it.
    """

    def __init__(self, settings: Settings, root: Path, store: Store, paths: tuple[str, ...]) -> None:
        self.cache_problem: Problem | None = None
        self._settings = settings
        self._mode = settings.mode
        self._root = root
        self._paths = tuple(dict.fromkeys(paths))
        self._packages = packages_of(settings.python)
        self._cache = TraceCache(store)
        self._surroundings = self._look_around()

    def kept(self, request: TraceRequest) -> Kept | None:
        """Return what the cache has for a request and may be shown; its graph has not been read yet.

        In frozen mode that may be out of date, with a problem that says why.
        """
        kept = None if self._mode == "refresh" else self._cache.find(request)
        if kept is None or self._mode == "frozen":
            return kept and self._marked(kept, request)
        return kept if self._surroundings.holds(kept.manifest) else None

    def find(self, request: TraceRequest) -> Trace | NnvizError | None:
        """Return what the cache says of a request, None when it is to be traced; frozen, that is never so."""
        kept = self.kept(request)
        outcome = kept.outcome() if kept else None
        if outcome is None and self._mode == "frozen":
            message = (
                f"The cache has no figure of {str(request.model)!r} with this input and these arguments."
            )
            return NnvizError(ProblemKind.MISSING, message, hint=_REFRESH)
        return _raised(outcome) if isinstance(outcome, Failure) else outcome

    def trace(self, requests: Iterable[TraceRequest]) -> Iterator[tuple[TraceRequest, Trace | NnvizError]]:
        """Trace all requests in one worker, keep what holds, and yield each outcome as it comes.

        What another build traces just now is left to it, and taken from the cache when it is done.
        """
        from nnviz_docs.tracing.claims import Claims  # noqa: PLC0415 (a warm build needs no locks)

        wanted = {lookup_key(request): request for request in requests}
        claims = Claims(self._cache.store.folder.with_name("locks"))
        try:
            for wait in (0, self._settings.timeout, None):
                mine = set(wanted) if wait is None else claims.claim(wanted, wait=wait)
                self._surroundings = self._look_around()
                for request, outcome in self._find_or_trace([wanted[key] for key in sorted(mine)]):
                    claims.release(lookup_key(request))
                    yield request, outcome
                wanted = {key: request for key, request in wanted.items() if key not in mine}
        finally:
            claims.release_all()
        self._surroundings = self._look_around()

    def _find_or_trace(
        self, requests: Sequence[TraceRequest]
    ) -> Iterator[tuple[TraceRequest, Trace | NnvizError]]:
        found = {request: self.find(request) for request in requests}
        yield from ((request, outcome) for request, outcome in found.items() if outcome is not None)
        wanted = [request for request, outcome in found.items() if outcome is None]
        if wanted:
            yield from self._trace(wanted)

    def _trace(self, wanted: Sequence[TraceRequest]) -> Iterator[tuple[TraceRequest, Trace | NnvizError]]:
        from nnviz_docs.tracing.client import WorkerClient, WorkerOptions  # noqa: PLC0415 (as above)

        settings = self._settings
        options = WorkerOptions(
            python=settings.python,
            root=self._root,
            paths=self._paths,
            timeout=settings.timeout,
            memory_limit=settings.memory_limit,
            workers=settings.workers or os.cpu_count() or 1,
        )
        with WorkerClient(options) as client:
            try:
                for request, answer in client.trace(wanted):
                    if isinstance(answer, NnvizError):
                        yield request, answer
                        continue
                    outcome = self._outcome(request, answer)
                    yield request, _raised(outcome) if isinstance(outcome, Failure) else outcome
            except NnvizError as error:  # there is no worker at all
                yield from ((request, error) for request in wanted)

    def _outcome(self, request: TraceRequest, reply: Reply) -> Outcome:
        """Return the outcome of a reply, which is kept if what it depended on has not changed meanwhile."""
        surroundings = self._look_around()
        manifest = _manifest(request, reply, surroundings)
        outcome: Outcome
        if reply.graph is None:
            outcome = Failure(problem=reply.problems[0], manifest=manifest)
        else:
            outcome = Trace(graph=reply.graph, problems=reply.problems, manifest=manifest)
        is_lasting = all(problem.kind in _LASTING for problem in reply.problems)
        if is_lasting and _agrees(reply, manifest) and surroundings.holds(manifest):
            return self._keep(request, outcome, reply.document)
        return outcome

    def _keep(self, request: TraceRequest, outcome: Outcome, document: Any) -> Outcome:
        try:
            digest = self._cache.keep(request, outcome, document)
        except NnvizError as error:
            self.cache_problem = error.problem
            return outcome
        return replace(outcome, digest=digest) if isinstance(outcome, Trace) else outcome

    def _marked(self, kept: Kept, request: TraceRequest) -> Kept:
        """Return what is kept, with the problem that it is out of date where it is."""
        reasons = list(islice(self._surroundings.project_differences(kept.manifest), _MOST_REASONS + 1))
        if not reasons:
            return kept
        shown = ", ".join([*reasons[:_MOST_REASONS], *(["…"] if len(reasons) > _MOST_REASONS else [])])
        message = f"The figure of {str(request.model)!r} is out of date: {shown}."
        stale = Problem(kind=ProblemKind.STALE, message=message, hint=_REFRESH)
        return replace(kept, problems=(*(kept.problems if kept.has_graph else ()), stale))

    def _look_around(self) -> Surroundings:
        return Surroundings(self._root, self._paths, self._packages)


def added_paths(path: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the entries of ``sys.path`` that are the project's: neither Python's own nor installed."""
    pythons = [Path(folder).resolve() for name, folder in sysconfig.get_paths().items() if name != "data"]
    folders = dict.fromkeys(Path(entry).resolve() for entry in (sys.path if path is None else path))
    return tuple(
        str(folder)
        for folder in folders
        if os.path.isdir(folder)  # noqa: PTH112 (Path's own raises where nobody may look)
        and folder.name not in {"site-packages", "dist-packages"}
        and not any(folder.is_relative_to(python) for python in pythons)
    )


def _manifest(request: TraceRequest, reply: Reply, surroundings: Surroundings) -> Manifest:
    model = request.model
    folder = str(PurePosixPath(model.place).parent) if model.kind == "file" else ""
    return Manifest(
        files=reply.files,
        modules=tuple((name, surroundings.answer(name, folder)) for name, _ in reply.modules),
        distributions=reply.distributions,
        folder=folder,
    )


def _agrees(reply: Reply, manifest: Manifest) -> bool:
    """Tell whether each module, looked for now, is the one that the worker imported."""
    from nnviz_docs.tracing.replies import ELSEWHERE  # noqa: PLC0415 (as above)

    pairs = zip(reply.modules, manifest.modules, strict=True)
    return all(now in {INSTALLED, NOWHERE, then} or then == ELSEWHERE for (_, then), (_, now) in pairs)


def _raised(failure: Failure) -> NnvizError:
    problem = failure.problem
    return NnvizError(
        problem.kind, problem.message, hint=problem.hint, where=problem.where, detail=problem.detail
    )
