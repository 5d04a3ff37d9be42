"""One job in a process of its own: trace a model, and leave the reply in a file."""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nnviz_docs.errors import NnvizError, Problem, ProblemKind
from nnviz_docs.graph.codec import graph_to_json
from nnviz_docs.request.canonical import request_from_json
from nnviz_docs.worker.failures import NetworkRefusedError, to_problem
from nnviz_docs.worker.sources import SourceRecorder

_BEFORE_TIMEOUT = 0.5
"""Seconds before the time limit at which the stack of a hanging model is written to the log."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What the parent asks of the worker; see `nnviz_docs.worker.__main__`."""

    job: int
    request: Any
    root: str
    paths: list[str]
    reply: str
    log: str
    timeout: float
    memory_limit: int


def run_job(job: Job) -> None:
    """Trace the job's model and write the reply; the process is this job's alone from here on."""
    _set_memory_limit(job.memory_limit)
    os.chdir(job.root)
    sys.path[:0] = job.paths
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    if job.timeout > _BEFORE_TIMEOUT:
        faulthandler.dump_traceback_later(job.timeout - _BEFORE_TIMEOUT, file=sys.__stderr__ or sys.stderr)
    sys.addaudithook(_refuse_network)
    sources = SourceRecorder(Path(job.root), job.paths)
    sources.install()
    reply = _reply(job, sources)
    faulthandler.cancel_dump_traceback_later()
    write_reply(job.reply, reply)


def write_reply(path: str, reply: dict[str, Any]) -> None:
    """Write a reply under its final name only when it is whole."""
    unfinished = Path(f"{path}.part")
    unfinished.write_text(json.dumps(reply, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(path)


def problem_to_json(problem: Problem) -> dict[str, str]:
    """Return a problem as the reply holds it."""
    return asdict(problem)


def _reply(job: Job, sources: SourceRecorder) -> dict[str, Any]:
    try:
        from nnviz_docs.worker.strategies import trace  # imports torch, whose absence is a reply too

        traced = trace(request_from_json(job.request))
    except NnvizError as error:
        return {"error": problem_to_json(error.problem), **_depended_on(sources)}
    except (Exception, SystemExit) as error:
        return {"error": problem_to_json(_unexpected(error).problem), **_depended_on(sources)}
    graph = traced.graph
    full_names = [node.full_name for node in graph.nodes] + [scope.full_name for scope in graph.scopes]
    return {
        "graph": graph_to_json(graph),
        "problems": [problem_to_json(problem) for problem in traced.problems],
        **_depended_on(sources, full_names),
    }


def _depended_on(sources: SourceRecorder, full_names: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "files": sources.files(),
        "modules": sources.modules(full_names),
        "distributions": sources.distributions(full_names),
    }


def _unexpected(error: BaseException) -> NnvizError:
    if isinstance(error, ModuleNotFoundError) and error.name == "torch":
        return NnvizError(
            ProblemKind.IMPORT,
            "torch is not installed for the interpreter that traces.",
            hint="Install torch, or name an interpreter that has it with nnviz_python.",
        )
    if isinstance(error, SystemExit):
        return NnvizError(
            ProblemKind.CRASH,
            f"The model's code ended the process with sys.exit({error.code!r}).",
            hint="Remove the call, or guard it with if __name__ == '__main__'.",
        )
    return to_problem(error, ProblemKind.TRACE, "Tracing failed")


def _set_memory_limit(limit: int) -> None:
    if limit and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _refuse_network(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        raise NetworkRefusedError(str(args[0]))
    if event == "socket.connect" and isinstance(args[1], tuple):
        raise NetworkRefusedError(str(args[1][0]))
