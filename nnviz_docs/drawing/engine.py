"""Graphviz, behind one small interface: DOT text in, positions out, within a time limit.

It runs in a process of its own, since a dense graph can occupy it for minutes and C code can only be
stopped from outside. `LibraryEngine` uses the library in the pygraphviz wheel and keeps its process;
`ProgramEngine` starts a ``dot`` program for each figure.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import weakref
from pathlib import Path
from typing import IO, Protocol, cast

from nnviz_docs.drawing import engine_process
from nnviz_docs.errors import NnvizError, ProblemKind

_INSTALL_HINT = (
    "Install the layout engine with: pip install 'pygraphviz>=2', or set nnviz_dot to a dot program."
)
_NOISE = "Fontconfig"


class LayoutEngine(Protocol):
    """What turns DOT text into positions."""

    def positions(self, dot: str, seconds: float) -> bytes:
        """Return the positions as Graphviz's ``json0``.

        Raises:
            TimeoutError: It took longer than ``seconds``.
            NnvizError: There is no engine, or it failed.
        """
        ...

    def close(self) -> None:
        """End what runs; another layout starts it again."""
        ...


def find_engine(dot: str = "") -> LayoutEngine:
    """Return the engine to use: the ``dot`` program that is named, the library, or ``dot`` on the path.

    Raises:
        NnvizError: There is none.
    """
    if dot:
        return ProgramEngine(dot)
    if importlib.util.find_spec("pygraphviz") is not None:
        return LibraryEngine()
    program = shutil.which("dot")
    if program is None:
        raise NnvizError(ProblemKind.LAYOUT, "Graphviz is not installed.", hint=_INSTALL_HINT)
    return ProgramEngine(program)


class ProgramEngine:
    """A ``dot`` program, started for each figure."""

    def __init__(self, program: str) -> None:
        self.program = program

    def positions(self, dot: str, seconds: float) -> bytes:
        """Return what ``dot -Tjson0`` prints."""
        try:
            done = subprocess.run(
                [self.program, "-Tjson0"],
                input=dot.encode(),
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        except OSError as error:
            raise _failure(f"The program {self.program} could not be started.", str(error)) from error
        if done.returncode != 0:
            detail = done.stderr.decode(errors="replace")
            raise _failure(f"Graphviz stopped with status {done.returncode}.", detail)
        return done.stdout

    def close(self) -> None:
        """Do nothing: the program ends with each figure."""


class LibraryEngine:
    """The library in the pygraphviz wheel, in a process that is started when needed and kept.

    A process forked from the one that started it starts its own.
    """

    def __init__(self, python: str = sys.executable) -> None:
        self._command = [python, "-P", str(Path(engine_process.__file__))]
        self._worker: _Worker | None = None
        self._lock = threading.Lock()
        _engines.add(self)

    def positions(self, dot: str, seconds: float) -> bytes:
        """Return the positions; a process that died between two figures is replaced."""
        with self._lock:
            if self._worker is not None:
                try:
                    return self._ask(self._worker, dot, seconds)
                except _DiedError:
                    pass
            self._worker = _Worker(self._command)
            try:
                return self._ask(self._worker, dot, seconds)
            except _DiedError as death:
                raise _failure("The layout process died.", str(death)) from death

    def close(self) -> None:
        """End the process; the next figure starts another."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def forget(self) -> None:
        """Let go of the process without ending it: it belongs to the parent of this fork."""
        self._lock = threading.Lock()
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.forget()

    def _ask(self, worker: _Worker, dot: str, seconds: float) -> bytes:
        try:
            reply = worker.ask(dot, seconds)
        except BaseException:  # even Ctrl-C would leave a reply behind for the next figure to take
            self.close()
            raise
        if reply[:1] != b"+":
            raise _failure("Graphviz could not lay out the figure.", reply[1:].decode(errors="replace"))
        return reply[1:]


class _DiedError(Exception):
    """The layout process ended before it replied; holds what it said last."""


class _Worker:
    """One running layout process and its pipes."""

    def __init__(self, command: list[str]) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the process runs)
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, bufsize=0
            )
        except OSError as error:
            self._errors.close()
            raise _failure("The layout process could not be started.", str(error)) from error
        self._requests = cast(IO[bytes], self._process.stdin)
        self._replies = cast(IO[bytes], self._process.stdout)

    def ask(self, dot: str, seconds: float) -> bytes:
        """Send one request and return the reply, or end the process after ``seconds``."""
        late = threading.Event()
        timer = threading.Timer(seconds, self._stop, [late])
        timer.start()
        try:
            limit = bytes([min(int(seconds) + 2, 255)])
            engine_process.write_frame(self._requests, limit + dot.encode())
            reply = engine_process.read_frame(self._replies)
        except OSError:
            reply = None
        finally:
            timer.cancel()
        if reply:
            return reply
        if late.is_set():
            raise TimeoutError
        raise _DiedError(self._complaint())

    def _stop(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def _complaint(self) -> str:
        self._process.kill()
        status = self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read()[-4000:].decode(errors="replace").splitlines()
        return "\n".join([f"status {status}", *(line for line in lines if not line.startswith(_NOISE))])

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self.forget()

    def forget(self) -> None:
        """Close the pipes and wait for the end, which for the process of another returns at once."""
        for stream in (self._requests, self._replies, self._errors):
            stream.close()
        self._process.wait()


def _failure(message: str, detail: str) -> NnvizError:
    return NnvizError(ProblemKind.LAYOUT, message, hint=_INSTALL_HINT, detail=detail)


_engines: weakref.WeakSet[LibraryEngine] = weakref.WeakSet()


def _each(method: str) -> None:
    for engine in tuple(_engines):
        getattr(engine, method)()


atexit.register(_each, "close")
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: _each("forget"))
