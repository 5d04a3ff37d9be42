"""The dtypes that page text can name, with what the limits and the factories need to know of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Category = Literal["bool", "integer", "float", "complex"]


@dataclass(frozen=True, slots=True)
class DTypeFacts:
    """The size of one element in bytes, and what kind of number it is."""

    item_bytes: int
    category: Category


DTYPES: Mapping[str, DTypeFacts] = {
    "float32": DTypeFacts(4, "float"),
    "float64": DTypeFacts(8, "float"),
    "float16": DTypeFacts(2, "float"),
    "bfloat16": DTypeFacts(2, "float"),
    "int64": DTypeFacts(8, "integer"),
    "int32": DTypeFacts(4, "integer"),
    "int16": DTypeFacts(2, "integer"),
    "int8": DTypeFacts(1, "integer"),
    "uint8": DTypeFacts(1, "integer"),
    "uint16": DTypeFacts(2, "integer"),
    "uint32": DTypeFacts(4, "integer"),
    "uint64": DTypeFacts(8, "integer"),
    "bool": DTypeFacts(1, "bool"),
    "complex64": DTypeFacts(8, "complex"),
    "complex128": DTypeFacts(16, "complex"),
}
_ALIASES: Mapping[str, str] = {
    "half": "float16",
    "double": "float64",
    "long": "int64",
    "short": "int16",
    "cfloat": "complex64",
    "cdouble": "complex128",
}
# Bare, `int` and `float` mean int64 and float64 to torch; with `torch.` they mean int32 and float32.
_PREFIXED_ALIASES: Mapping[str, str] = {"float": "float32", "int": "int32"}


def dtype_name(text: str) -> str | None:
    """Return the canonical name of the dtype that ``text`` writes (``torch.long`` → ``int64``), or None."""
    name = text.removeprefix("torch.")
    if name in DTYPES:
        return name
    if name != text and name in _PREFIXED_ALIASES:
        return _PREFIXED_ALIASES[name]
    return _ALIASES.get(name)


def dtype_hint(text: str) -> str:
    """Return what to write in place of ``text``, which is not a dtype."""
    name = text.removeprefix("torch.")
    if name in _PREFIXED_ALIASES:
        return f"Say how many bits: {name}32 or {name}64."
    close = get_close_matches(name, DTYPES, n=1)
    suggestion = f"Did you mean {close[0]}? " if close else ""
    return f"{suggestion}The dtypes are {', '.join(DTYPES)}."
