"""What is inside of an ``svg`` element, written and measured, and whether it is what this package writes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nnviz_docs.drawing.text import harmless

_TEXT = r"(?:[^<>&]|&(?:amp|lt|gt);)*+"
_NUMBER = r"-?[0-9.]+"
_CLASS = r' class="nnviz-[a-z-]+(?: nnviz-[a-z-]+)*+"'
_PLACE = rf' x="{_NUMBER}" y="{_NUMBER}"'
_ELEMENTS = (
    rf'<g{_CLASS}(?: data-way="-?[0-9]+ -?[0-9]+ -?[0-9]+")?>',
    r"</g>",
    rf"<title>{_TEXT}</title>",
    r"<title />",
    rf'<rect{_PLACE} width="{_NUMBER}" height="{_NUMBER}" rx="{_NUMBER}" />',
    rf'<text{_PLACE}(?: textLength="{_NUMBER}" lengthAdjust="spacingAndGlyphs")?(?:{_CLASS})?>{_TEXT}</text>',
    r'<path d="[-MchH0-9., e]*+" />',
    r'<polygon points="[-0-9., ]*+" />',
)
_INSIDE = re.compile(rf"(?:{'|'.join(_ELEMENTS)})*+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """The drawing of a scene: what is ``inside`` of an ``svg`` element, and its size in whole pixels."""

    title: str
    width: int
    height: int
    inside: str


def is_harmless(inside: str) -> bool:
    """Tell whether the inside of an ``svg`` element has only what our drawings have, written as we write it.

    So there is nothing in it that runs, that loads, or that scripts of the page look for, and nothing that a
    browser reads in another way: it may come from a cache, and that from anywhere.
    """
    if inside.count("<g ") != inside.count("</g>") or not _INSIDE.fullmatch(inside):
        return False
    characters = "".join(sorted(set(inside)))
    return harmless(characters) == characters
