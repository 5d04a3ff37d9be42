"""Traced graphs on disk, under what was asked for, valid while what they depended on is unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nnviz_docs.errors import Problem, ProblemKind
from nnviz_docs.graph.codec import graph_from_json, graph_to_json
from nnviz_docs.graph.model import SCHEMA, Graph
from nnviz_docs.request.canonical import canonical_text
from nnviz_docs.request.request import TraceRequest
from nnviz_docs.tracing.manifest import Manifest, Surroundings
from nnviz_docs.tracing.store import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """A traced graph, the problems that its readers must know of, and what it depended on."""

    graph: Graph
    problems: tuple[Problem, ...] = ()
    manifest: Manifest


def lookup_key(request: TraceRequest) -> str:
    """Return the key of a request: SHA-256 of its canonical text and the graph's schema, in hexadecimal."""
    return hashlib.sha256(f"{SCHEMA}\n{canonical_text(request)}".encode()).hexdigest()


class TraceCache:
    """The trace entries of a site."""

    def __init__(self, store: Store, surroundings: Surroundings) -> None:
        self._store = store
        self._surroundings = surroundings

    def find(self, request: TraceRequest) -> Trace | None:
        """Return the trace for a request, None when there is none that is sound and up to date."""
        document = self._store.read(lookup_key(request))
        try:
            trace = None if document is None else trace_from_json(document)
        except ValueError:
            return None
        return trace if trace and self._surroundings.holds(trace.manifest) else None

    def keep(self, request: TraceRequest, trace: Trace) -> None:
        """Store a trace.

        Raises:
            NnvizError: the cache can't be written to.
        """
        self._store.write(lookup_key(request), trace_to_json(trace))


def trace_to_json(trace: Trace) -> dict[str, Any]:
    """Return a trace as plain JSON data, without the details that only the log shows."""
    return {
        "graph": graph_to_json(trace.graph),
        "problems": [asdict(problem) | {"detail": ""} for problem in trace.problems],
        "files": [list(item) for item in trace.manifest.files],
        "distributions": [list(item) for item in trace.manifest.distributions],
    }


def trace_from_json(document: Any) -> Trace:
    """Return the trace that `trace_to_json`, or the worker, wrote.

    Raises:
        ValueError: the document is not a trace.
    """
    try:
        return Trace(
            graph=graph_from_json(document["graph"]),
            problems=tuple(problem_from_json(item) for item in document["problems"]),
            manifest=Manifest(
                files=tuple((str(path), str(digest)) for path, digest in document["files"]),
                distributions=tuple((str(name), str(version)) for name, version in document["distributions"]),
            ),
        )
    except (TypeError, KeyError) as error:
        msg = f"not a trace: {error!r}"
        raise ValueError(msg) from error


def problem_from_json(document: Mapping[str, str]) -> Problem:
    """Return the problem that the worker sent or an entry holds; raises `ValueError` or a lookup error."""
    return Problem(
        kind=ProblemKind(document["kind"]),
        message=str(document["message"]),
        hint=str(document["hint"]),
        where=str(document["where"]),
        detail=str(document["detail"]),
    )
