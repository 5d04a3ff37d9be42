"""The input language: what ``forward`` is called with, as a page writes it.

A text is one form (``image224``), several forms by parameter (``ids:tensor1x128:int64;mask:None``), or data
in the safe subset of Python. A new form is one row of `FORMS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.data_language import read_value
from nnviz_docs.request.dtypes import DTYPES, dtype_hint, dtype_name
from nnviz_docs.request.expressions import is_python
from nnviz_docs.request.factories import BoundCall, bind
from nnviz_docs.request.limits import Budget
from nnviz_docs.request.located import Source, checked_source, shown
from nnviz_docs.request.request import Inputs
from nnviz_docs.request.scanning import top_level_semicolons
from nnviz_docs.request.values import DType, Items, Value

_DEFAULT_IMAGE = (1, 3, 224, 224)
_LETTERS = re.compile(r"[a-z]*")
_KEY = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*:")
_MAX_DIGITS = 19
_DTYPE_HELP = "Any form may end in a dtype, as in tensor1x128:int64."


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A short way to write a tensor; ``shape`` reads what follows the name, None when it cannot."""

    name: str
    syntax: str
    help: str
    shape: Callable[[str], tuple[int, ...] | None]


def parse_inputs(text: str, *, allow_python: bool = False) -> Inputs:
    """Return what ``forward`` is called with.

    With ``allow_python``, for sites that trust their pages, a Python expression outside the safe language is
    handed on as code.

    Raises:
        NnvizError: the text is not in the input language, or asks for too much; the column is named.
    """
    source = checked_source(text, ProblemKind.INPUT, "input")
    try:
        return _read_inputs(source)
    except NnvizError:
        if allow_python and is_python(text):
            return Inputs(code=text.strip())
        raise


def _read_inputs(source: Source) -> Inputs:
    semicolons = top_level_semicolons(source)
    budget = Budget()
    start, end = _stripped(source, 0, len(source.text))
    if semicolons or _key(source, start, end):
        return Inputs(named=tuple(_read_parts(source, semicolons, budget)))
    return Inputs(unnamed=(_read_part(source, start, end, budget),))


def _read_parts(source: Source, semicolons: Sequence[int], budget: Budget) -> Iterator[tuple[str, Value]]:
    seen: set[str] = set()
    bounds = [-1, *semicolons, len(source.text)]
    if not source.text[bounds[-2] + 1 :].strip():
        bounds.pop()
    for before, after in pairwise(bounds):
        start, end = _stripped(source, before + 1, after)
        key = _key(source, start, end)
        if key is None:
            hint = "Between semicolons, write each as key:form, the key being a parameter of forward."
            raise source.error(start, "a value without a key", hint=hint)
        name = key[1]
        if name in seen or name.startswith("__"):
            fault = "is given twice" if name in seen else "is not a parameter's name"
            raise source.error(start, f"{shown(name)} {fault}", hint="Give each parameter of forward once.")
        seen.add(name)
        value_start, value_end = _stripped(source, key.end(), end)
        yield name, _read_part(source, value_start, value_end, budget)


def _key(source: Source, start: int, end: int) -> re.Match[str] | None:
    """Return the match of ``key:`` at ``start``.

    In ``tensor1x128:int64`` the colon starts a dtype; in ``image1:image128`` the key only looks like a form.
    """
    key = _KEY.match(source.text, start, end)
    if key is None or not _is_form(key[1]):
        return key
    value, _, _ = source.text[key.end() : end].partition(":")
    return key if _is_form(value.strip()) else None


def _is_form(text: str) -> bool:
    form = _form_of(text)
    return form is not None and form.shape(text[len(form.name) :]) is not None


def _read_part(source: Source, start: int, end: int, budget: Budget) -> Value:
    text = source.text[start:end]
    if not text:
        raise source.error(start, "a value is missing", hint=_forms_hint())
    form = _form_of(text)
    if form is None:
        _refuse_misspelt_form(source, start, text)
        return read_value(source, start, end, budget)
    sizes, colon, dtype_text = text[len(form.name) :].partition(":")
    shape = form.shape(sizes.rstrip())
    if shape is None:
        raise source.error(start, f"{shown(text)} is not {form.syntax}", hint=f"{form.help} {_DTYPE_HELP}")
    dtype = dtype_name(dtype_text.strip()) if colon else "float32"
    if dtype is None:
        message = f"{shown(dtype_text.strip())} is not a dtype"
        raise source.error(end - len(dtype_text.lstrip()), message, hint=dtype_hint(dtype_text.strip()))
    budget.spend_node(source, start, 1)
    bound = _tensor_of_form(shape, dtype)
    budget.spend_tensor(source, start, bound.shape, bound.item_bytes)
    return bound.call


def _tensor_of_form(shape: tuple[int, ...], dtype: str) -> BoundCall:
    """Return the tensor that a form stands for: random floats, or integers that any embedding takes.

    Integers and booleans are 0 or 1, since a larger index may be outside the model's vocabulary.
    """
    keywords: dict[str, Value] = {"size": Items("tuple", shape), "dtype": DType(dtype)}
    if DTYPES[dtype].category in ("float", "complex"):
        return bind("rand", (), keywords)
    return bind("randint", (0, 2), keywords)


def _refuse_misspelt_form(source: Source, start: int, text: str) -> None:
    if "x" in text and text[0] != "0" and _sizes(text.partition(":")[0]) is not None:
        raise source.error(start, f"{shown(text)} is no tensor's form", hint=f"Did you mean tensor{text}?")
    word = _LETTERS.match(text)
    close = get_close_matches(word[0], [form.name for form in FORMS], n=1, cutoff=0.7) if word else []
    if word and close and (text == word[0] or _sizes(text[word.end() :]) is not None):
        raise source.error(start, f"{shown(text)} is not known here", hint=f"Did you mean {close[0]}?")


def _form_of(text: str) -> Form | None:
    """Return the form that ``text`` starts with; ``tensor(...)`` is a call, and ``images`` another word."""
    word = _LETTERS.match(text)
    name = word[0] if word else ""
    if text[len(name) :].lstrip()[:1] in ("(", "."):
        return None
    return next((form for form in FORMS if form.name == name), None)


def _stripped(source: Source, start: int, end: int) -> tuple[int, int]:
    text = source.text[start:end]
    return start + len(text) - len(text.lstrip()), end - (len(text) - len(text.rstrip()))


def _forms_hint() -> str:
    return f"Write {', '.join(form.syntax for form in FORMS)}, or Python data such as rand(1, 3)."


def _default_shape(rest: str) -> tuple[int, ...] | None:
    return _DEFAULT_IMAGE if not rest else None


def _image_shape(rest: str) -> tuple[int, ...] | None:
    sides = _sizes(rest)
    if sides is None or len(sides) > 2 or 0 in sides:
        return None
    return (1, 3, sides[0], sides[-1])


def _sizes(rest: str) -> tuple[int, ...] | None:
    parts = rest.split("x")
    if all(part.isascii() and part.isdigit() and len(part) <= _MAX_DIGITS for part in parts):
        return tuple(int(part) for part in parts)
    return None


FORMS: tuple[Form, ...] = (
    Form(
        name="default",
        syntax="default",
        help="default stands for one image of 3x224x224.",
        shape=_default_shape,
    ),
    Form(
        name="image",
        syntax="image<side> or image<height>x<width>",
        help="For example image224 or image224x320: one image with three channels.",
        shape=_image_shape,
    ),
    Form(
        name="tensor",
        syntax="tensor<d0>x<d1>x…",
        help="For example tensor1x3x224x224: a tensor of that shape.",
        shape=_sizes,
    ),
)
