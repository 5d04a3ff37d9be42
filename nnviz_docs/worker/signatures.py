"""Whether arguments fit a signature, in words that name the argument that is wrong."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from nnviz_docs.worker.shortening import short_name

_MAX_SIGNATURE = 300
NAMEABLE = frozenset({inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY})
"""Kinds of parameters that an argument can be given to by name."""


def names_taken(signature: inspect.Signature) -> list[str]:
    """Return the names that arguments can be given by."""
    return [parameter.name for parameter in signature.parameters.values() if parameter.kind in NAMEABLE]


def takes_any_name(signature: inspect.Signature) -> bool:
    """Tell whether there is a ``**kwargs``."""
    return any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())


def signature_text(signature: inspect.Signature) -> str:
    """Return a signature for a page: without annotations, and with the defaults that can tell no secrets."""
    parameters = [
        parameter.replace(annotation=parameter.empty, default=_shown_default(parameter.default))
        for parameter in signature.parameters.values()
    ]
    return short_name(str(inspect.Signature(parameters)), _MAX_SIGNATURE)


def misfit(signature: inspect.Signature, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """Return why a call would be refused, empty when it would not.

    A name that is not taken comes before one that is missing: the latter is mostly what was meant by it.
    """
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        names = names_taken(signature)
        strange = next((name for name in kwargs if name not in names), None)
        if strange is None or takes_any_name(signature):
            return str(error)
        close = get_close_matches(strange, names, n=1)
        return f"there is no parameter {strange!r}" + (f" (did you mean {close[0]!r}?)" if close else "")
    return ""


class _Hidden:
    """Stands for a default that is not shown: it may hold an address, a path or a password."""

    def __repr__(self) -> str:
        return "…"


def _shown_default(default: Any) -> Any:
    is_plain = default is inspect.Parameter.empty or isinstance(default, (bool, int, float, type(None)))
    return default if is_plain else _Hidden()
