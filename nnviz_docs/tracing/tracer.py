"""Traces for requests: from the cache where they hold, from one worker for all that are missing."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from nnviz_docs.errors import NnvizError, Problem
from nnviz_docs.request.request import TraceRequest
from nnviz_docs.request.settings import Settings
from nnviz_docs.tracing.cache import Trace, TraceCache
from nnviz_docs.tracing.client import Outcome, WorkerClient, WorkerOptions
from nnviz_docs.tracing.manifest import Surroundings, packages_of
from nnviz_docs.tracing.store import Store


class Tracer:
    """The traces of a site.

    ``root`` is the folder that relative paths start from, ``paths`` is what the site added to ``sys.path``.
    What went wrong with the cache itself is in ``cache_problem``; tracing goes on without it.
    """

    def __init__(self, settings: Settings, root: Path, store: Store, paths: tuple[str, ...]) -> None:
        self.cache_problem: Problem | None = None
        self._root = root
        self._packages = packages_of(settings.python)
        self._cache = TraceCache(store, Surroundings(root, self._packages))
        self._options = WorkerOptions(
            python=settings.python,
            root=root,
            paths=paths,
            timeout=settings.timeout,
            memory_limit=settings.memory_limit,
            workers=settings.workers or os.cpu_count() or 1,
        )

    def find(self, request: TraceRequest) -> Trace | None:
        """Return the trace out of the cache, None when it is not there or no longer holds."""
        return self._cache.find(request)

    def trace(self, requests: Iterable[TraceRequest]) -> Iterator[tuple[TraceRequest, Outcome]]:
        """Trace all requests in one worker, keep what holds, and yield each outcome as it comes."""
        wanted = list(dict.fromkeys(requests))
        if not wanted:
            return
        with WorkerClient(self._options) as client:
            try:
                for request, outcome in client.trace(wanted):
                    if isinstance(outcome, Trace):
                        self._keep(request, outcome)
                    yield request, outcome
            except NnvizError as error:  # there is no worker at all
                yield from ((request, error) for request in wanted)

    def _keep(self, request: TraceRequest, trace: Trace) -> None:
        """Store a trace, unless what it depended on changed while it ran: then it is shown, not kept."""
        if not Surroundings(self._root, self._packages).holds(trace.manifest):
            return
        try:
            self._cache.keep(request, trace)
        except NnvizError as error:
            self.cache_problem = error.problem


def added_paths(path: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the entries of ``sys.path`` that are the project's: neither Python's own nor installed."""
    pythons = [Path(folder).resolve() for name, folder in sysconfig.get_paths().items() if name != "data"]
    folders = dict.fromkeys(Path(entry).resolve() for entry in (sys.path if path is None else path))
    return tuple(
        str(folder)
        for folder in folders
        if folder.is_dir()
        and folder.name not in {"site-packages", "dist-packages"}
        and not any(folder.is_relative_to(python) for python in pythons)
    )
