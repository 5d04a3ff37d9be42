"""How the text of each option is read: functions that raise `ValueError` with what the option takes."""

from __future__ import annotations

import re
from collections.abc import Callable

from nnviz_docs.request import depths
from nnviz_docs.request import settings as site
from nnviz_docs.request.arguments import parse_arguments
from nnviz_docs.request.depths import Depth
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.request import Inputs, TraceMode
from nnviz_docs.request.settings import Settings

SWITCH = ("on", "off")
FACTS = ("path", "class", "args", "source", "output", "params", "share", "flops", "memory", "dtype")
"""What a box can show."""
_CLASS = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]{0,99}")
_LONGEST_PATH = 256
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(px|em|rem|%|)", re.ASCII)


def read_input(text: str, settings: Settings) -> Inputs:
    """Return what ``forward`` is called with."""
    return parse_inputs(text, allow_python=settings.python_inputs)


def read_args(text: str, _settings: Settings) -> object:
    """Return what the model is built with."""
    return parse_arguments(text)


def read_depth(text: str, _settings: Settings) -> Depth:
    """Return a number of levels, several, or None for all."""
    return depths.read_depth(text.strip())


def read_boxes(text: str, _settings: Settings) -> int:
    """Return a number of boxes."""
    return site.read_boxes(text.strip())


def read_free_text(text: str, _settings: Settings) -> str:
    """Return a text, without the space around it."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        msg = "takes a text that UTF-8 can encode"
        raise ValueError(msg)
    return text.strip()


def read_classes(text: str, _settings: Settings) -> tuple[str, ...]:
    """Return CSS classes."""
    names = tuple(text.split())
    if not names or not all(_CLASS.fullmatch(name) for name in names):
        msg = "takes CSS class names (ASCII letters, digits, - and _), separated by spaces"
        raise ValueError(msg)
    return names


def read_patterns(text: str, _settings: Settings) -> tuple[str, ...]:
    """Return paths of modules, or patterns for them."""
    patterns = tuple(text.replace(",", " ").split())
    if not patterns or not all(map(_is_path, patterns)):
        msg = "takes paths such as layer1.0, or patterns such as layer*, separated by spaces"
        raise ValueError(msg)
    return patterns


def read_facts(text: str, _settings: Settings) -> tuple[str, ...]:
    """Return names of facts, none for ``none``."""
    names = tuple(text.replace(",", " ").split())
    if not names or (names != ("none",) and not set(names) <= set(FACTS)):
        msg = f"takes some of {', '.join(FACTS)}, or none"
        raise ValueError(msg)
    return () if names == ("none",) else tuple(dict.fromkeys(names))


def read_path(text: str, _settings: Settings) -> str:
    """Return the path of a module."""
    if len(text.split()) != 1 or not _is_path(text.strip()):
        msg = "takes the path of a module, such as layer1.0"
        raise ValueError(msg)
    return text.strip()


def _is_path(text: str) -> bool:
    return text.isprintable() and len(text) <= _LONGEST_PATH


def read_height(text: str, settings: Settings) -> str:
    """Return a length that is no percentage."""
    if text.strip().endswith("%"):
        msg = "takes a length such as 400px, 20em or 20rem; a bare number is in pixels"
        raise ValueError(msg)
    return read_width(text, settings)


def read_width(text: str, _settings: Settings) -> str:
    """Return a length or a percentage."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None or float(match[1]) == 0:
        msg = "takes a length such as 400px, 20em, 20rem or 80%; a bare number is in pixels"
        raise ValueError(msg)
    return f"{match[1]}{match[2] or 'px'}"


def one_of(*choices: str) -> Callable[[str, Settings], str]:
    """Return the parser of an option that takes one of a few words."""

    def parse(text: str, _settings: Settings) -> str:
        if text.strip() not in choices:
            msg = f"takes one of {', '.join(choices)}"
            raise ValueError(msg)
        return text.strip()

    return parse


def read_mode(text: str, settings: Settings) -> TraceMode:
    """Return how to trace."""
    return TraceMode(one_of(*TraceMode)(text, settings))


def read_switch(text: str, settings: Settings) -> bool:
    """Return whether it is on."""
    return one_of(*SWITCH)(text, settings) == "on"
