"""What the commands write, to the terminal and to files."""

from __future__ import annotations

import sys
from pathlib import Path

from nnviz_docs.errors import WITHOUT_REASON, NnvizError, Problem, ProblemKind


def say(text: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """Write a line to the error stream."""
    sys.stderr.write(f"{text}\n")


def report(problem: Problem, level: str, *, place: str = "", verbose: bool = False) -> None:
    """Write a problem to the error stream, with its details where they are all that there is to go by."""
    where = f"{place}: " if place else ""
    sys.stderr.write(f"{where}{level}: [nnviz.{problem.kind}] {problem}\n")
    if problem.detail and (verbose or problem.kind in WITHOUT_REASON):
        sys.stderr.write(f"{problem.detail.rstrip()}\n")


def progress(done: int, total: int, name: str) -> None:
    """Write how far the work is: on one line that is written over in a terminal, on lines of a log else."""
    if sys.stderr.isatty():
        filled = 30 * done // max(total, 1)
        bar = "#" * filled + "." * (30 - filled)
        sys.stderr.write(f"\r[{bar}] {done}/{total} {name:.40}\x1b[K" + ("\n" if done == total else ""))
    else:
        sys.stderr.write(f"[{done}/{total}] {name}\n")
    sys.stderr.flush()


def write_file(path: Path, text: str) -> None:
    """Write a file, or to the terminal for ``-``; raise `NnvizError` where there can be none."""
    if str(path) == "-":
        sys.stdout.write(text)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NnvizError(ProblemKind.OPTION, f"{path} can't be written: {error.strerror}.") from error
