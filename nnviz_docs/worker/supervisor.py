"""Runs jobs as forks of one process that has imported torch, and leaves no process behind.

The supervisor runs none of the user's code. It is the reaper of whatever its jobs leave behind, children
that made themselves a session of their own included.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import select
import signal
import sys
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from nnviz_docs.worker.distributions import installed_packages
from nnviz_docs.worker.job import Job, run_job
from nnviz_docs.worker.sources import look_at_modules

_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_PDEATHSIG = 1
_TICK = 0.05
"""Seconds between two looks at the running jobs, for what they do before they end."""
_LOG_BYTES = 2**20
"""Size at which a log is begun afresh: its end is what tells why a job failed."""
_LIBRARIES = {"torchvision", "timm", "transformers"}
"""Installed libraries of models that take seconds to import: once per build then, not once per model."""


@dataclass(frozen=True, slots=True)
class _Running:
    """A job, when it began, and a descriptor that is readable when it has ended; None on old kernels."""

    job: Job
    started: float
    end: int | None


class Supervisor:
    """Serves jobs from standard input, ``workers`` at a time."""

    def __init__(self, workers: int) -> None:
        self._workers = max(1, workers)
        self._waiting: deque[Job] = deque()
        self._running: dict[int, _Running] = {}
        self._input = os.dup(0)
        self._output = os.dup(1)
        self._buffer = b""
        self._open = True
        self._parent = os.getppid()

    def serve(self) -> None:
        """Serve until the input ends, or the parent does."""
        _redirect(os.devnull)
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        signal.signal(signal.SIGTERM, _end)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)  # while torch is imported, too
        if self._is_left():  # before it asked to be told
            _end()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, by closing the input
        _import_torch(self._workers)
        _settle()
        try:
            while self._open and os.getppid() == self._parent:
                self._read_jobs()
                self._start_jobs()
                self._end_jobs()
        finally:
            _end()

    def _is_left(self) -> bool:
        """Tell whether nobody is there any more to write jobs."""
        poll = select.poll()
        poll.register(self._input, 0)  # a hang-up is told in any case
        return bool(poll.poll(0))

    def _read_jobs(self) -> None:
        ends = [running.end for running in self._running.values() if running.end is not None]
        ready, _, _ = select.select([self._input, *ends], [], [], _TICK if self._running else 1.0)
        if self._input not in ready:
            return
        chunk = os.read(self._input, 1 << 16)
        self._open = bool(chunk)
        *lines, self._buffer = (self._buffer + chunk).split(b"\n")
        self._waiting.extend(Job(**json.loads(line)) for line in lines)

    def _start_jobs(self) -> None:
        while self._waiting and len(self._running) < self._workers:
            job = self._waiting.popleft()
            _import_library(job)
            pid = os.fork()
            if pid == 0:
                self._become(job)
            self._running[pid] = _Running(job, time.monotonic(), _end_of(pid))

    def _become(self, job: Job) -> None:
        """Be the process of one job; never returns."""
        status = 1
        try:
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            os.setsid()
            os.close(self._input)
            os.close(self._output)
            for other in self._running.values():
                if other.end is not None:
                    os.close(other.end)
            _redirect(job.log)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            run_job(job)
            status = 0
        finally:
            os._exit(status)

    def _end_jobs(self) -> None:
        for pid, running in list(self._running.items()):
            _cut(running.job.log)
            timed_out = time.monotonic() > running.started + running.job.timeout
            if timed_out:
                os.kill(pid, signal.SIGKILL)
            ended, status, usage = os.wait4(pid, 0 if timed_out else os.WNOHANG)
            if ended:
                del self._running[pid]
                if running.end is not None:
                    os.close(running.end)
                _kill_children(keep=set(self._running), group=pid)
                event = {
                    "job": running.job.job,
                    "status": os.waitstatus_to_exitcode(status),
                    "timed_out": timed_out,
                    "seconds": round(time.monotonic() - running.started, 3),
                    "cpu": round(usage.ru_utime + usage.ru_stime, 3),
                    "peak": usage.ru_maxrss * 1024,
                }
                os.write(self._output, json.dumps(event).encode() + b"\n")


def _end_of(pid: int) -> int | None:
    """Return a descriptor that is readable when a child has ended, None where there is no such thing."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def _end(*_signal: object) -> None:
    """End at once, with all that was started: the interpreter's own end, with torch in it, takes seconds."""
    _kill_children(keep=set())
    os._exit(0)


def _redirect(log: str) -> None:
    """Send the standard streams to a log, so that what models print disturbs nothing."""
    source = os.open(os.devnull, os.O_RDONLY)
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(source, 0)
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.close(source)
    os.close(target)


def _cut(log: str) -> None:
    with contextlib.suppress(OSError):
        if os.stat(log).st_size > _LOG_BYTES:
            os.truncate(log, 0)  # whoever writes to it appends


def _import_torch(workers: int) -> None:
    """Import torch, and share the cores among the jobs: more threads than cores only wait for each other."""
    with contextlib.suppress(ImportError):  # each job then says so in its reply
        importlib.import_module("nnviz_docs.worker.warming").warm_up()
        importlib.import_module("nnviz_docs.worker.strategies")
        torch = importlib.import_module("torch")
        torch.set_num_threads(max(1, (os.cpu_count() or 1) // workers))


def _import_library(job: Job) -> None:
    """Import the library that a job's model is in, unless the project has its own of that name."""
    model = job.request["model"]
    name = str(model["place"] or model["attributes"][0]).partition(".")[0]
    library = "torchvision" if model["kind"] == "torchvision" else name
    own = any(Path(folder, f"{library}{end}").exists() for folder in job.paths for end in ("", ".py"))
    if library in _LIBRARIES and library not in sys.modules and not own:
        with contextlib.suppress(Exception):  # the job says what is wrong with it
            importlib.import_module(library)
        _settle()


def _settle() -> None:
    """Do once what each fork would do, and keep the garbage collector from touching the pages they share."""
    installed_packages()
    look_at_modules()
    gc.collect()
    gc.freeze()


def _kill_children(keep: set[int], group: int | None = None) -> None:
    """Kill what a job left behind: its process group, then whatever was handed to this process to reap."""
    if group is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    for _ in range(100):  # a killed child's own children arrive one generation at a time
        orphans = _children() - keep
        if not orphans:
            return
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _children() -> set[int]:
    own, children = os.getpid(), set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it may end while we look
            _, _, after_name = stat.read_text(errors="replace").rpartition(")")
            if int(after_name.split()[1]) == own:
                children.add(int(stat.parent.name))
    return children
