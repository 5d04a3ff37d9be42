"""Page text under its option's name, and errors that name the column in it.

Every parser of this room works on a `Source`, so that a message can say where, and so that the limits that
keep hostile text cheap (length, control characters) are checked once, before anything looks at the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nnviz_docs.errors import NnvizError, ProblemKind

MAX_BYTES = 4096
_SHOWN = 40
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # Controls, lone surrogates.


@dataclass(frozen=True, slots=True)
class Source:
    """A text, the kind of problem that a fault in it is, and the name of the option that it came from."""

    text: str
    kind: ProblemKind
    option: str

    def error(self, offset: int, message: str, *, hint: str = "") -> NnvizError:
        """Return the error for a fault at ``offset`` (in characters, from 0)."""
        line = self.text.count("\n", 0, offset) + 1
        column = offset - self.text.rfind("\n", 0, offset)
        place = f"column {column}" if line == 1 else f"line {line}, column {column}"
        return NnvizError(self.kind, f"{self.option}, {place}: {message}.", hint=hint)


def checked_source(text: str, kind: ProblemKind, option: str, *, limit: int = MAX_BYTES) -> Source:
    """Return the text as a `Source` once its length and characters are known to be harmless.

    Raises:
        NnvizError: the text is empty, longer than ``limit`` bytes, or has characters that no text has.
    """
    source = Source(text[: limit + 1], kind, option)
    if found := _NOT_TEXT.search(source.text):
        code = f"U+{ord(found[0]):04X}"
        raise source.error(found.start(), f"the control character {code} is not allowed", hint="Remove it.")
    if len(source.text.encode()) > limit:
        end = len(source.text.encode()[:limit].decode(errors="ignore"))
        raise source.error(end, f"the text is longer than {limit:,} bytes", hint="Write it shorter.")
    if not text.strip():
        raise source.error(0, "the text is empty", hint=f"Write a value, or leave {option} out.")
    return source


def shown(text: str) -> str:
    """Return a piece of page text for use in a message: quoted, cut, and free of invisible characters."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")
