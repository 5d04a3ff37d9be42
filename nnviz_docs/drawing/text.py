"""Text that any build machine and any browser measure alike.

Widths are those of Helvetica, which Arial, Liberation Sans and Arimo share; nothing depends on the fonts
of the machine that builds the page. Text from models is made harmless here, once: control characters and
marks that reorder text are replaced, and what is too long loses its middle.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement

ELLIPSIS = "…"
REPLACEMENT = "�"
LONGEST = 400
"""Characters looked at in one text; no box or row holds as many."""

_REGULAR = {
    191: "'",
    222: "ijl",
    260: "|¦",
    278: " !,./:;I[\\]ft·ÌÍÎÏìíîï",
    334: "()-`r{}¡¨²³´¸¹",
    370: '"ºª',
    400: "*°",
    469: "^",
    500: "Jcksvxyzçýÿ",
    556: "#$0123456789?L_abdeghnopqu¢£¤¥§¯±«»¶÷àáâãäåèéêëðñòóôõöùúûüþ–",
    584: "+<=>~¬µ×",
    611: "FTZ¿ßø",
    667: "&ABEKPSVXYÀÁÂÃÄÅÈÉÊËÝÞ",
    722: "CDHNRUwÇÐÑÙÚÛÜ",
    737: "©®",
    778: "GOQÒÓÔÕÖØ",
    834: "Mm¼½¾",
    889: "%æ",
    944: "W",
    1000: "Æ…—→",
    1015: "@",
}
_BOLD = {
    238: "'",
    280: " ,./I\\ijl|¦·ÌÍÎÏìíîï",
    333: "!()-:;[]`ft¡¨²³´¸¹",
    389: "*r{}ºª",
    400: "°",
    474: '"',
    500: "z",
    556: "#$0123456789J_aceksvxy¢£¤¥§«¶»±÷¯àáâãäåçèéêëýÿ–",
    584: "+<=>^~¬µ×",
    611: "?FLTZbdghnopqu¿ßðñòóôõöøùúûüþ",
    667: "EPSVXYÈÉÊËÝÞ",
    722: "&ABCDHKNRUÀÁÂÃÄÅÇÐÑÙÚÛÜ",
    737: "©®",
    778: "GOQwÒÓÔÕÖØ",
    834: "M¼½¾",
    889: "%mæ",
    944: "W",
    975: "@",
    1000: "Æ…—→",
}
_WIDE = 1000
_WIDEST = 1400
_REPLACED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _by_character(widths: Mapping[int, str]) -> dict[str, int]:
    return {character: width for width, characters in widths.items() for character in characters}


_WIDTHS = {False: _by_character(_REGULAR), True: _by_character(_BOLD)}


def clean(text: str) -> str:
    """Return the text on one line, with control characters and bidi marks replaced, cut at `LONGEST`."""
    if len(text) > LONGEST:
        half = LONGEST // 2
        text = text[:half] + ELLIPSIS + text[-half:]
    return harmless(text).strip()


def harmless(text: str) -> str:
    """Return the text with all white space as spaces, control characters and bidi marks replaced."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_harmless, text))


def text_element(parent: Element, tag: str, text: str) -> Element:
    """Add an element with a text, which is made harmless; return it."""
    element = SubElement(parent, tag)
    element.text = harmless(text)
    return element


def _harmless(character: str) -> str:
    if character.isspace():
        return " "
    return REPLACEMENT if unicodedata.category(character) in _REPLACED else character


@lru_cache(maxsize=10_000)  # the same names and shapes are on figure after figure
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of the text in pixels, never less than a browser will use."""
    widths = _WIDTHS[bold]
    return sum(widths.get(character) or _safe_width(character) for character in text) * size / 1000


def has_known_width(text: str) -> bool:
    """Tell whether the width of the text is known, not only how wide it is at most."""
    return all(character in _WIDTHS[False] for character in text)


def _safe_width(character: str) -> int:
    """Return a width for a character that the tables lack; ligatures count as what they stand for."""
    if ord(character) > 0xFFFF:
        return _WIDEST
    return _WIDE * len(unicodedata.normalize("NFKC", character))


def shorten(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return the text, without its middle where it is wider than ``width`` pixels.

    >>> shorten("features.denseblock4.denselayer16.conv2", 140, 11)
    'features.dense…layer16.conv2'
    """
    if text_width(text, size, bold=bold) <= width:
        return text
    room = width - text_width(ELLIPSIS, size, bold=bold)
    head = _prefix(text, room / 2, size, bold=bold)
    tail = _prefix(text[::-1], room / 2, size, bold=bold)[::-1]
    return head + ELLIPSIS + tail


def _prefix(text: str, width: float, size: float, *, bold: bool) -> str:
    for end, character in enumerate(text):
        width -= text_width(character, size, bold=bold)
        if width < 0:
            return text[:end]
    return text
