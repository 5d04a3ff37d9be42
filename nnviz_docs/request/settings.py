"""The site's settings, each declared once; hosts register, read and document them from here.

A host's configuration name is ``nnviz_`` and the field's name. Values are primitives, as configuration files
have them.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, cast

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.depths import read_depth
from nnviz_docs.request.style import read_style

_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_MEMORY = re.compile(r"(\d{1,18}(?:\.\d{1,3})?)\s*([KMG]I?B|)", re.ASCII | re.IGNORECASE)
_LEAST_MEMORY = 100 * 10**6
_MOST_SECONDS = 10**9
MOST_BOXES = 400
"""The hard limit to the boxes of one figure."""
_MODES = ("auto", "frozen", "refresh")


def read_boxes(value: object) -> int:
    """Return the number of boxes that ``value`` says; raise `ValueError` if there may not be so many."""
    text = str(value) if type(value) in (int, str) else ""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 0 < int(text) <= MOST_BOXES):
        msg = f"takes a whole number from 1 to {MOST_BOXES}"
        raise ValueError(msg)
    return int(text)


def _read_text(value: object) -> str:
    if isinstance(value, str):
        return value
    msg = "takes a text"
    raise ValueError(msg)


def _read_seconds(value: object) -> float:
    if type(value) not in (int, float) or not 0 < cast(float, value) < _MOST_SECONDS:
        msg = "takes a number of seconds, more than 0"
        raise ValueError(msg)
    return float(cast(float, value))


def _read_memory(value: object) -> int:
    match = _MEMORY.fullmatch(str(value).strip()) if type(value) in (int, str) else None
    size = round(float(match[1]) * _UNITS[match[2].upper()]) if match else -1
    if size != 0 and size < _LEAST_MEMORY:
        msg = "takes a size such as '4GB' (at least 100MB), or 0 for no limit"
        raise ValueError(msg)
    return size


def _read_count(value: object) -> int:
    if type(value) is not int or value < 0:
        msg = "takes a whole number, or 0"
        raise ValueError(msg)
    return value


def _read_flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    msg = "takes True or False"
    raise ValueError(msg)


def _read_patterns(value: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) and item for item in value):
        msg = "takes a list of patterns such as 'mypkg.*'"
        raise ValueError(msg)
    return tuple(value)


def _read_mode(value: object) -> str:
    if value not in _MODES:
        msg = f"takes one of {', '.join(map(repr, _MODES))}"
        raise ValueError(msg)
    return str(value)


def _setting(default: Any, read: Callable[[object], Any], text: str, written: Any = None) -> Any:
    """Return a field; ``written`` is the default as configuration files have it: of a tuple a list."""
    if written is None:
        written = list(default) if isinstance(default, tuple) else default
    return dataclasses.field(default=default, metadata={"read": read, "help": text, "written": written})


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The settings of a site."""

    python: str = _setting("", _read_text, "Python interpreter that has torch; empty for this one.")
    cache_dir: str = _setting(".cache/nnviz", _read_text, "Folder of the cache, from the project's root.")
    cache_size: int = _setting(
        10**9, _read_memory, "Size that the cache is kept within, such as '500MB'; 0 for no limit."
    )
    timeout: float = _setting(120.0, _read_seconds, "Seconds that tracing one model may take.")
    memory_limit: int = _setting(
        0, _read_memory, "Memory that tracing one model may take, such as '4GB'; 0 for no limit."
    )
    workers: int = _setting(0, _read_count, "Models traced at a time; 0 for as many as there are cores.")
    dot: str = _setting("", _read_text, "Graphviz program to lay out with; empty for the one that is found.")
    depth: int | tuple[int, ...] | None = _setting(
        2, read_depth, "Module levels that a figure opens: a number, 'all', or a range such as '1-3'."
    )
    budget: int = _setting(60, read_boxes, "Boxes up to which a figure opens modules by itself.")
    interactive: bool = _setting(
        default=True,
        read=_read_flag,
        text="Let readers zoom, see figures in full screen and follow values, by a script on each page.",
    )
    style: tuple[tuple[str, tuple[str, ...]], ...] = _setting(
        (),
        read_style,
        "Colours and font: names of properties with a value, or with two for light and dark.",
        written={},
    )
    models: tuple[str, ...] = _setting(("*",), _read_patterns, "Patterns of the models that pages may draw.")
    python_inputs: bool = _setting(
        default=False,
        read=_read_flag,
        text="Let pages write any Python as input, which then runs; only for trusted pages.",
    )
    mode: Literal["auto", "frozen", "refresh"] = _setting(
        "auto",
        _read_mode,
        "auto traces what the cache lacks, frozen never traces, refresh traces everything again.",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What a host needs to register and document one setting."""

    name: str
    default: Any
    help: str


def declared_settings() -> tuple[Setting, ...]:
    """Return all settings, in the order declared; defaults are as configuration files write them."""
    return tuple(
        Setting(
            name=field.name,
            default=field.metadata["written"],
            help=field.metadata["help"],
        )
        for field in dataclasses.fields(Settings)
    )


def settings_from(mapping: Mapping[str, object]) -> Settings:
    """Return the settings out of a host's configuration, by field name; None means the default.

    Raises:
        NnvizError: a name that is not a setting, or a value that the setting does not take.
    """
    readers = {field.name: field.metadata["read"] for field in dataclasses.fields(Settings)}
    values = {}
    for name, value in mapping.items():
        if name not in readers:
            close = get_close_matches(name, readers, n=1)
            hint = f"Did you mean nnviz_{close[0]}?" if close else f"There are {', '.join(readers)}."
            raise NnvizError(ProblemKind.CONFIG, f"nnviz_{name} is not a setting.", hint=hint)
        if value is None:
            continue
        try:
            values[name] = readers[name](value)
        except ValueError as error:
            raise NnvizError(ProblemKind.CONFIG, f"nnviz_{name} {error}, not {value!r:.80}.") from None
    return Settings(**values)
