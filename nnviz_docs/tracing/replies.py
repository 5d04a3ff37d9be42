"""What the worker answers, as values; see `nnviz_docs.worker.__main__` for the protocol."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Any

from nnviz_docs.errors import NnvizError, Problem, ProblemKind
from nnviz_docs.graph.codec import graph_from_json
from nnviz_docs.graph.model import Graph
from nnviz_docs.tracing.cache import problem_from_json
from nnviz_docs.tracing.manifest import Pairs

ELSEWHERE = "?"
"""In place of a module's file: it is the project's, but not one file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """The graph, or None and the problem that there is none for, and what the trace was seen to read.

    ``document`` is the graph as the worker wrote it, in JSON.
    """

    graph: Graph | None
    document: Any
    problems: tuple[Problem, ...]
    files: Pairs
    modules: Pairs
    distributions: Pairs


def reply_from_json(document: Any) -> Reply:
    """Return the worker's answer.

    Raises:
        ValueError: the document is not one.
    """
    try:
        has_graph = "graph" in document
        return Reply(
            graph=graph_from_json(document["graph"]) if has_graph else None,
            document=document["graph"] if has_graph else None,
            problems=tuple(
                map(problem_from_json, document["problems"] if has_graph else [document["error"]])
            ),
            files=_pairs(document["files"]),
            modules=_pairs(document["modules"]),
            distributions=_pairs(document["distributions"]),
        )
    except (TypeError, LookupError) as error:
        msg = f"not a reply: {error!r}"
        raise ValueError(msg) from error


def error_for_death(status: int | None, log: str) -> NnvizError:
    """Return what to say of a job without a reply, by its process's status (negative: a signal's number)."""
    if status == -signal.SIGKILL:
        return NnvizError(
            ProblemKind.MEMORY,
            "The model's process was killed, twice, probably because memory ran out.",
            hint="Give a smaller input or model.",
            detail=log,
        )
    if status is None:
        how = "The tracing process died before it answered."
        return NnvizError(ProblemKind.WORKER, how, hint="The log of the build says more.", detail=log)
    how = f"was ended by {_signal_name(-status)}" if status < 0 else f"ended with status {status}"
    return NnvizError(
        ProblemKind.CRASH,
        f"The model's process {how} before it answered.",
        hint="The model's code, or a library of it, ends the process; the log of the build says more.",
        detail=log,
    )


def error_for_timeout(seconds: float, log: str) -> NnvizError:
    """Return what to say of a job that was stopped at its time limit."""
    return NnvizError(
        ProblemKind.TIMEOUT,
        f"Tracing took longer than {seconds:g} seconds and was stopped.",
        hint="Raise nnviz_timeout, or give a smaller input.",
        detail=log,
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _pairs(document: Any) -> Pairs:
    return tuple((str(name), str(value)) for name, value in document)
