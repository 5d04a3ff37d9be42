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
from nnviz_docs.tracing.manifest import Manifest, Pairs
from nnviz_docs.tracing.store import Entry, Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """A traced graph, the problems that its readers must know of, and what it depended on."""

    graph: Graph
    problems: tuple[Problem, ...] = ()
    manifest: Manifest


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """Why there is no graph, and what that depended on: it will fail again while all of that holds."""

    problem: Problem
    manifest: Manifest


Outcome = Trace | Failure


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What the cache has for a request, current or not; the graph is read when it is asked for."""

    digest: str
    manifest: Manifest
    _entry: Entry

    def outcome(self) -> Outcome | None:
        """Return what was kept, None when it is not sound after all."""
        try:
            problems = tuple(problem_from_json(item) for item in self._entry.head["problems"])
            body = self._entry.body()
            if body is None:
                return Failure(problem=problems[0], manifest=self.manifest)
            return Trace(graph=graph_from_json(body), problems=problems, manifest=self.manifest)
        except (ValueError, LookupError, TypeError, ArithmeticError):
            return None


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
            manifest = None if entry is None else manifest_from_json(entry.head["manifest"])
        except (ValueError, LookupError, TypeError):
            return None
        return Kept(digest=entry.digest, manifest=manifest, _entry=entry) if entry and manifest else None

    def keep(self, request: TraceRequest, outcome: Outcome) -> None:
        """Store an outcome, without the details that only the log shows.

        Raises:
            NnvizError: the cache can't be written to.
        """
        problems = outcome.problems if isinstance(outcome, Trace) else (outcome.problem,)
        head = {
            "manifest": manifest_to_json(outcome.manifest),
            "problems": [asdict(problem) | {"detail": ""} for problem in problems],
        }
        body = graph_to_json(outcome.graph) if isinstance(outcome, Trace) else None
        self.store.write(lookup_key(request), head, body)


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
