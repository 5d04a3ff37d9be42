"""The first look at a text in the data language: one pass, character by character.

It lets through only what data is written with (names, numbers, plain strings, brackets, a few operators),
so that the Python parser never sees a keyword, an f-string, a comment, a look-alike letter or a tower of
brackets, and it finds the semicolons that separate ``key:form`` parts from those inside strings.
"""

from __future__ import annotations

import keyword
import string
import unicodedata

from nnviz_docs.request.limits import MAX_DEPTH
from nnviz_docs.request.located import Source, shown

_WORD_START = frozenset(string.ascii_letters + "_")
_WORD = _WORD_START | frozenset(string.digits)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_PLAIN = frozenset(" \t\n,:.+-*/%=") | frozenset(string.digits)
_CONSTANTS = frozenset({"None", "True", "False"})
_STRING_PREFIXES = frozenset({"r", "R", "u", "U"})


def top_level_semicolons(source: Source) -> list[int]:
    """Return the offsets of the semicolons outside strings, having refused what data is not written with.

    Raises:
        NnvizError: a character, keyword, string or bracket that the data language does not have.
    """
    text = source.text
    open_brackets: list[int] = []
    semicolons: list[int] = []
    offset = 0
    while offset < len(text):
        character = text[offset]
        if character in "'\"":
            offset = _after_string(source, offset)
            continue
        if character in _WORD:
            offset = _after_word(source, offset)
            continue
        if character == ";" and not open_brackets:
            semicolons.append(offset)
        elif character in "()[]{}":
            _track_bracket(source, offset, open_brackets)
        elif character not in _PLAIN:
            raise _foreign_character(source, offset)
        offset += 1
    if open_brackets:
        raise source.error(open_brackets[-1], f"'{text[open_brackets[-1]]}' is never closed")
    return semicolons


def _after_string(source: Source, start: int) -> int:
    text, quote = source.text, source.text[start]
    if text.startswith(quote * 3, start):
        quote *= 3
    offset = start + len(quote)
    while offset < len(text):
        if text.startswith(quote, offset):
            return offset + len(quote)
        if text[offset] == "\n" and len(quote) == 1:
            break
        offset += 2 if text[offset] == "\\" else 1
    raise source.error(start, "this string is never closed", hint=f"End it with {quote}")


def _after_word(source: Source, start: int) -> int:
    text, end = source.text, start
    while end < len(text) and text[end] in _WORD:
        end += 1
    word = text[start:end]
    if keyword.iskeyword(word) and word not in _CONSTANTS:
        raise source.error(start, f"'{word}' is Python code, not data", hint="Write the value itself.")
    if text[end : end + 1] in ("'", '"') and word not in _STRING_PREFIXES:
        hint = "Write a plain string in quotes."
        raise source.error(start, f"{shown(word)} may not stand before a string", hint=hint)
    return end


def _track_bracket(source: Source, offset: int, open_brackets: list[int]) -> None:
    bracket = source.text[offset]
    if bracket in _CLOSING:
        open_brackets.append(offset)
        if len(open_brackets) > MAX_DEPTH:
            raise source.error(offset, f"brackets more than {MAX_DEPTH} deep", hint="Nest less deeply.")
    elif not open_brackets:
        raise source.error(offset, f"'{bracket}' closes nothing")
    else:
        opened = source.text[open_brackets.pop()]
        if _CLOSING[opened] != bracket:
            raise source.error(offset, f"'{bracket}' does not close '{opened}'")


def _foreign_character(source: Source, offset: int) -> Exception:
    character = source.text[offset]
    if character == ";":
        return source.error(offset, "';' inside brackets", hint="Semicolons separate key:form parts.")
    if character.isascii():
        return source.error(offset, f"{character!r} has no meaning in data")
    name = unicodedata.name(character, "an unnamed character")
    hint = "Outside strings, only ASCII letters, digits and signs have a meaning."
    return source.error(offset, f"{character!r} ({name}) has no meaning in data", hint=hint)
