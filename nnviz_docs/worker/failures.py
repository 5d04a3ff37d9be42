"""Exceptions of the model's code turned into problems: the message on one line, and where in its files."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.worker.advice import advice_for
from nnviz_docs.worker.shortening import short_name

_MAX_MESSAGE = 300
_NO_NETWORK = (
    "Models are built without a network: leave trained weights out (weights=None, or a configuration "
    "instead of from_pretrained)."
)
_PACKAGES = ("site-packages", "dist-packages")


class NetworkRefusedError(RuntimeError):
    """Raised in place of a connection that the model wanted to open."""

    def __init__(self, host: str) -> None:
        super().__init__(f"wanted to connect to {host}")
        self.host = host


@contextmanager
def translated(kind: ProblemKind, what: str, *, hint: str = "") -> Iterator[None]:
    """Turn whatever the model's code raises into a `NnvizError` of ``kind``; ``what`` opens the message."""
    try:
        yield
    except NnvizError:
        raise
    except Exception as error:
        raise to_problem(error, kind, what, hint) from error


def to_problem(error: BaseException, kind: ProblemKind, what: str, hint: str = "") -> NnvizError:
    """Return the error for an exception of the model's code.

    A refused connection and memory that could not be had are kinds of their own, wherever they come from.
    """
    refused = next((e for e in _chain(error) if isinstance(e, NetworkRefusedError)), None)
    if refused:
        kind, what = ProblemKind.NETWORK, f"{what}, since it {refused}"
        hint = _NO_NETWORK
    elif isinstance(error, MemoryError) or "can't allocate memory" in message_of(error):
        kind, hint = ProblemKind.MEMORY, "Raise nnviz_memory_limit, or document a smaller configuration."
    else:
        hint = advice_for(error, message_of(error), hint)
    return NnvizError(
        kind,
        what if refused else f"{what}: {one_line(error)}",
        hint=hint,
        where=place(error),
        detail="".join(traceback.format_exception(error)),
    )


def one_line(error: BaseException) -> str:
    """Return an exception as ``Type: message``, on one line, without absolute paths."""
    parts = (type(error).__name__, message_of(error))
    return short_name(scrubbed(": ".join(filter(None, parts))), _MAX_MESSAGE)


def message_of(error: BaseException) -> str:
    """Return the text of an exception, empty if it cannot be shown."""
    try:
        return error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception:  # a model's own exception may do anything
        return ""


def scrubbed(text: str) -> str:
    """Take the project's root and the home directory out of a text that may reach a page."""
    home = os.path.expanduser("~")  # stays as it is where there is none
    for folder, name in ((str(Path.cwd()), ""), (home, "~/")):
        if len(folder) > 1:
            text = text.replace(folder + os.sep, name).replace(folder, name or ".")
    return text


def place(error: BaseException) -> str:
    """Return file and line of the innermost frame in the model's own code, relative to the root."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_relative(error.filename)}:{error.lineno}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_own(frame.filename)]
    return f"{_relative(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""


def _is_own(filename: str) -> bool:
    path = Path(filename)
    here = Path(__file__).parent
    outside = here not in path.parents and not any(name in path.parts for name in _PACKAGES)
    return outside and path.is_file() and Path(os.__file__).parent not in path.parents


def _relative(filename: str) -> str:
    path = Path(filename)
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.name


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
