"""What is inside of an ``svg`` element, written and measured, and whether it is what this package writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from nnviz_docs.drawing.text import harmless

_ROOT = "svg"
_VALUES: Mapping[str, re.Pattern[str]] = {
    "class": re.compile(r"nnviz-[a-z-]+(?: nnviz-[a-z-]+)*"),
    "data-way": re.compile(r"-?[0-9]+ -?[0-9]+ -?[0-9]+"),
}
"""What attributes may say that scripts of a page look for."""
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "g": frozenset({"class", "data-way"}),
    "title": frozenset(),
    "rect": frozenset({"x", "y", "width", "height", "rx"}),
    "text": frozenset({"class", "x", "y", "textLength", "lengthAdjust"}),
    "path": frozenset({"d"}),
    "polygon": frozenset({"points"}),
}
_WITH_TEXT = frozenset({"title", "text"})
"""Elements that hold nothing but text: browsers read what is in a title as HTML."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """The drawing of a scene: what is ``inside`` of an ``svg`` element, and its size in whole pixels."""

    title: str
    width: int
    height: int
    inside: str


def is_harmless(inside: str) -> bool:
    """Tell whether the inside of an ``svg`` element has only the elements and attributes of our drawings.

    So there is nothing in it that runs, that loads, or that scripts of the page look for: it may come from a
    cache, and that from anywhere. What HTML reads otherwise than XML (comments, declarations, instructions)
    is refused as well, and characters that drawings do not have.
    """
    characters = "".join(sorted(set(inside)))
    if "<!" in inside or "<?" in inside or harmless(characters) != characters:
        return False
    around: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if around and (around[-1] in _WITH_TEXT or not attributes.keys() <= _ATTRIBUTES[name]):
            raise ValueError(name)
        for attribute in _VALUES.keys() & attributes.keys():
            if not _VALUES[attribute].fullmatch(attributes[attribute]):
                raise ValueError(attribute)
        around.append(name)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: around.pop()
    try:
        parser.Parse(f"<{_ROOT}>{inside}</{_ROOT}>", True)  # noqa: FBT003 (it takes no names)
    except (expat.ExpatError, ValueError, KeyError):
        return False
    return True
