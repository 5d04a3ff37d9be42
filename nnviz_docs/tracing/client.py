"""The parent's end of the worker's protocol, which `nnviz_docs.worker.__main__` describes."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.canonical import canonical
from nnviz_docs.request.request import TraceRequest
from nnviz_docs.tracing.replies import Reply, error_for_death, error_for_timeout, reply_from_json

_GRACE = 30.0
"""Seconds beyond all time limits after which a silent worker is given up."""
_LOG_TAIL = 4000
_PACKAGE_ROOT = str(Path(__file__).parents[2])


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerOptions:
    """How the worker runs: interpreter, folder, import paths, limits (seconds, bytes), jobs at a time."""

    python: str
    root: Path
    paths: tuple[str, ...]
    timeout: float
    memory_limit: int
    workers: int


Answer = Reply | NnvizError


class WorkerClient:
    """A running worker. Use it as a context manager: at the end nothing of it is left."""

    def __init__(self, options: WorkerOptions) -> None:
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._folder = Path()
        self._number = 0

    def __enter__(self) -> Self:
        """Make the folder for replies and logs; the process starts with the first job."""
        self._folder = Path(tempfile.mkdtemp(prefix="nnviz-"))
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the worker and remove its folder."""
        self._stop()
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                path.unlink()
            self._folder.rmdir()

    def trace(self, requests: Sequence[TraceRequest]) -> Iterator[tuple[TraceRequest, Answer]]:
        """Trace all requests, and yield each with its answer as it comes.

        What was killed from outside is tried once more: it may have been the machine's memory.
        """
        pending = {self._send(request): request for request in requests}
        retried: set[TraceRequest] = set()
        patience = self._options.timeout * (len(pending) / self._options.workers + 1) + _GRACE
        while pending:
            event = self._wait(patience)
            if event is None:
                yield from ((request, self._answer(n, {"status": None})) for n, request in pending.items())
                self._stop()
                return
            request = pending.pop(event["job"])
            answer = self._answer(event["job"], event)
            if _was_killed(answer, event) and request not in retried:
                retried.add(request)
                pending[self._send(request)] = request
            else:
                yield request, answer

    def _send(self, request: TraceRequest) -> int:
        """Send a job, and return its number."""
        self._number += 1
        number = self._number
        options = self._options
        job = {
            "job": number,
            "request": canonical(request),
            "root": str(options.root),
            "paths": list(options.paths),
            "reply": str(self._folder / f"{number}.json"),
            "log": str(self._folder / f"{number}.log"),
            "timeout": options.timeout,
            "memory_limit": options.memory_limit,
        }
        stdin = self._running().stdin
        assert stdin is not None  # noqa: S101 (it is a pipe)
        with contextlib.suppress(BrokenPipeError):  # its death shows when the reply is waited for
            stdin.write(json.dumps(job).encode() + b"\n")
            stdin.flush()
        return number

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = self._start()
            threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True).start()
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        python = self._options.python or sys.executable
        command = [python, "-P", "-m", "nnviz_docs.worker", "--workers", str(self._options.workers)]
        environment = os.environ | {"PYTHONPATH": _with_package(os.environ.get("PYTHONPATH", ""))}
        try:
            with (self._folder / "worker.log").open("wb") as log:
                return subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=environment,
                    start_new_session=True,
                )
        except OSError as error:
            raise NnvizError(
                ProblemKind.WORKER,
                f"The interpreter {python!r} could not be started: {error.strerror}.",
                hint="Check nnviz_python.",
            ) from error

    def _listen(self, stdout: IO[bytes]) -> None:
        for line in stdout:
            with contextlib.suppress(ValueError):
                self._events.put(json.loads(line))
        self._events.put(None)

    def _wait(self, patience: float) -> dict[str, Any] | None:
        try:
            return self._events.get(timeout=patience)
        except queue.Empty:
            return None

    def _answer(self, number: int, event: dict[str, Any]) -> Answer:
        log = _tail(self._folder / f"{number}.log") or _tail(self._folder / "worker.log")
        if event.get("timed_out"):
            return error_for_timeout(self._options.timeout, log)
        try:
            return reply_from_json(json.loads((self._folder / f"{number}.json").read_bytes()))
        except (OSError, ValueError, RecursionError):
            return error_for_death(event.get("status"), log)

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _was_killed(answer: Answer, event: dict[str, Any]) -> bool:
    return isinstance(answer, NnvizError) and event["status"] == -signal.SIGKILL and not event["timed_out"]


def _with_package(python_path: str) -> str:
    """Make this very package importable for another interpreter too, behind what the user has set."""
    return os.pathsep.join(filter(None, (python_path, _PACKAGE_ROOT)))


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _LOG_TAIL))
            return file.read().decode(errors="replace")
    except OSError:
        return ""
