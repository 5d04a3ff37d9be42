"""A site's own colours and font, as its configuration has them: values that stay within a CSS declaration."""

from __future__ import annotations

import json
import re

Style = tuple[tuple[str, tuple[str, ...]], ...]
"""Properties of the stylesheet, without ``--nnviz-``, with one value, or with those for light and dark."""

FONT = "font"
_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")
_FONTS = re.compile(r"(?=.{1,200}$)(?:[\w ,-]|\"[\w ,-]+\"|'[\w ,-]+')+", re.ASCII)
_COLOUR = re.compile(r"[\w#%.,()/+ -]{1,200}", re.ASCII)
_WHOLE = re.compile(r"\0|[a-zA-Z]+|#(?:[\da-fA-F]{3,4}|[\da-fA-F]{6}|[\da-fA-F]{8})")
_FUNCTION = re.compile(r"([\w-]*)\([^()]*\)")
_FUNCTIONS = {
    "rgb",
    "rgba",
    "hsl",
    "hsla",
    "hwb",
    "lab",
    "lch",
    "oklab",
    "oklch",
    "color",
    "color-mix",
    "var",
}


def read_style(value: object) -> Style:
    """Return the style that a dict, or its JSON text, says; raise `ValueError` for what may not be in it.

    >>> read_style({"text": "black", "edge": ["#666", "#aaa"]})
    (('text', ('black',)), ('edge', ('#666', '#aaa')))
    """
    names = _from_json(value) if isinstance(value, str) else value
    if not isinstance(names, dict):
        msg = "takes names and values such as {'text': '#222', 'edge': ['#666', '#aaa']}"
        raise ValueError(msg)  # noqa: TRY004 (what the readers of settings raise)
    return tuple((_read_name(name), _read_values(name, values)) for name, values in names.items())


def _from_json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _read_name(name: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"has {name!r:.80}, which is no name of a property,")
    return name


def _read_values(name: str, values: object) -> tuple[str, ...]:
    if name == FONT:
        if isinstance(values, str) and _FONTS.fullmatch(values):
            return (values,)
        raise ValueError("takes for font the names of fonts with commas between")
    pair = tuple(values) if isinstance(values, (list, tuple)) else (values,)
    if not 1 <= len(pair) <= 2 or not all(map(_is_colour, pair)):
        raise ValueError(f"takes for {name} a CSS colour, or a list of two for light and dark")
    return pair


def _is_colour(value: object) -> bool:
    """Tell whether a value is one colour, whole in itself, that asks for nothing from elsewhere."""
    if not isinstance(value, str) or not _COLOUR.fullmatch(value):
        return False
    rest = value
    while match := _FUNCTION.search(rest):
        if match[1] not in _FUNCTIONS:
            return False
        rest = rest.replace(match[0], "\0")
    return bool(_WHOLE.fullmatch(rest.strip()))
