"""Traced graphs on disk, under what was asked for, valid while what they depended on is unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from nnviz_docs.errors import Problem, ProblemKind
from nnviz_docs.graph.schema import SCHEMA
from nnviz_docs.request.canonical import canonical_text
from nnviz_docs.request.request import TraceRequest
from nnviz_docs.tracing.manifest import Manifest, Pairs
from nnviz_docs.tracing.store import Entry, Store

if TYPE_CHECKING:
    from nnviz_docs.graph.model import Graph


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """A traced graph, the problems that its readers must know of, and what it depended on.

    ``digest`` is that of the cache's entry, empty where there is none.
    """

    graph: Graph
    problems: tuple[Problem, ...] = ()
    manifest: Manifest
    digest: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """Why there is no graph, and what that depended on: it will fail again while all of that holds."""

    problem: Problem
    manifest: Manifest


Outcome = Trace | Failure


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What the cache has for a request, current or not; the graph is read when it is asked for.

    ``digest`` changes when anything in the entry does. Without a graph there is one problem: the reason.
    """

    digest: str
    manifest: Manifest
    problems: tuple[Problem, ...]
    has_graph: bool
    _entry: Entry

    def outcome(self) -> Outcome | None:
        """Return what was kept, None when it is not sound after all."""
        if not self.has_graph:
            return Failure(problem=self.problems[0], manifest=self.manifest)
        from nnviz_docs.graph.codec import graph_from_json  # noqa: PLC0415 (a warm build reads no graph)

        try:
            graph = graph_from_json(self._entry.body())
        except (ValueError, ArithmeticError):
            return None
        return Trace(graph=graph, problems=self.problems, manifest=self.manifest, digest=self.digest)


def lookup_key(request: TraceRequest) -> str:
    """Return the key of a request: SHA-256 of its canonical text and the graph's schema, in hexadecimal."""
    return hashlib.sha256(f"{SCHEMA}\n{canonical_text(request)}".encode()).hexdigest()


class TraceCache:
    """The trace entries of a site."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def find(self, request: TraceRequest) -> Kept | None:
        """Return what was kept for a request, None when there is nothing sound; it may be out of date."""
        entry = self.store.read(lookup_key(request))
        try:
            return None if entry is None else _kept(entry)
        except (ValueError, LookupError, TypeError):
            return None

    def keep(self, request: TraceRequest, outcome: Outcome, document: Any) -> str:
        """Store an outcome, without the details that only the log shows; return the entry's digest.

        ``document`` is its graph in JSON, None where there is no graph.

        Raises:
            NnvizError: the cache can't be written to.
        """
        problems = outcome.problems if isinstance(outcome, Trace) else (outcome.problem,)
        head = {
            "manifest": manifest_to_json(outcome.manifest),
            "problems": [asdict(problem) | {"detail": ""} for problem in problems],
        }
        return self.store.write(lookup_key(request), head, document)


def _kept(entry: Entry) -> Kept:
    kept = Kept(
        digest=entry.digest,
        manifest=manifest_from_json(entry.head["manifest"]),
        problems=tuple(problem_from_json(item) for item in entry.head["problems"]),
        has_graph=entry.has_body,
        _entry=entry,
    )
    if not kept.has_graph and len(kept.problems) != 1:
        msg = "neither a graph nor the reason that there is none"
        raise ValueError(msg)
    return kept


def manifest_to_json(manifest: Manifest) -> dict[str, Any]:
    """Return a manifest as plain JSON data."""
    return asdict(manifest)


def manifest_from_json(document: Mapping[str, Any]) -> Manifest:
    """Return the manifest that was written; raises `ValueError`, a lookup or a type error otherwise."""
    return Manifest(
        files=_pairs(document["files"]),
        modules=_pairs(document["modules"]),
        distributions=_pairs(document["distributions"]),
        folder=str(document["folder"]),
    )


def problem_from_json(document: Mapping[str, str]) -> Problem:
    """Return the problem that the worker sent or an entry holds; raises `ValueError` or a lookup error."""
    return Problem(
        kind=ProblemKind(document["kind"]),
        message=str(document["message"]),
        hint=str(document["hint"]),
        where=str(document["where"]),
        detail=str(document["detail"]),
    )


def _pairs(document: Any) -> Pairs:
    return tuple((str(name), str(value)) for name, value in document)
