"""Frozen dataclasses as JSON: each a list of its fields' values, read back strictly by its annotations.

What is read may come from anywhere. It gives values of exactly the annotated types, with numbers of a size
that a figure can have, or a `ValueError`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

_LARGEST = 1e7
_Read = Callable[[Any], Any]
Record = TypeVar("Record")


def record_to_json(value: Any) -> Any:
    """Return a dataclass, or what may be in its fields, as plain JSON data."""
    if is_dataclass(value):
        return [record_to_json(getattr(value, field.name)) for field in fields(value)]
    return [record_to_json(item) for item in value] if isinstance(value, tuple) else value


def record_from_json(kind: type[Record], document: Any) -> Record:
    """Return the value of this type that `record_to_json` wrote.

    Raises:
        ValueError: the document is not one.
    """
    return cast(Record, _reader(kind)(document))


def _new_reader(kind: Any) -> _Read:
    """Return what reads values of a type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple and arguments[-1] is Ellipsis:
        return _reader_of_items(_reader(arguments[0]))
    if origin is tuple:
        return _reader_of_row([_reader(item) for item in arguments], lambda *values: values)
    if origin is UnionType:
        (present,) = (item for item in arguments if item is not NoneType)
        return _reader_of_optional(_reader(present))
    if origin is Literal:
        return _reader_of_choice({choice: choice for choice in arguments})
    if issubclass(kind, StrEnum):
        return _reader_of_choice({member.value: member for member in kind})
    if is_dataclass(kind):
        return _reader_of_record(kind)
    return _reader_of_number if kind is float else _reader_of_plain(kind)


_reader: Callable[[Any], _Read] = cache(_new_reader)
"""What reads values of a type; made once per type."""


def _reader_of_record(kind: Any) -> _Read:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    readers = [_reader(hints[name]) for name in names]
    return _reader_of_row(readers, lambda *values: kind(**dict(zip(names, values, strict=True))))


def _reader_of_items(read: _Read) -> _Read:
    return lambda document: tuple([read(item) for item in _list(document)])


def _reader_of_row(readers: list[_Read], make: Callable[..., Any]) -> _Read:
    def read_row(document: Any) -> Any:
        return make(*[read(item) for read, item in zip(readers, _list(document), strict=True)])

    return read_row


def _reader_of_optional(read: _Read) -> _Read:
    return lambda document: None if document is None else read(document)


def _reader_of_choice(choices: dict[str, Any]) -> _Read:
    def read_choice(document: Any) -> Any:
        if not isinstance(document, str) or document not in choices:
            raise ValueError("not one of the names that there are")
        return choices[document]

    return read_choice


def _reader_of_number(document: Any) -> float | int:
    if type(document) not in (float, int) or not -_LARGEST < document < _LARGEST:
        raise ValueError("not a number of a sensible size")
    number: float | int = document
    return number


def _reader_of_plain(kind: type) -> _Read:
    def read_plain(document: Any) -> Any:
        if type(document) is not kind:
            raise ValueError(f"not {kind.__name__}")
        return _reader_of_number(document) if kind is int else document

    return read_plain


def _list(document: Any) -> list[Any]:
    if not isinstance(document, list):
        raise ValueError("not a list")  # noqa: TRY004 (all that is wrong with a document is a ValueError)
    return document
