"""Whether arguments fit a signature, in words that name the argument that is wrong."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

NAMEABLE = frozenset({inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY})
"""Kinds of parameters that an argument can be given to by name."""


def names_taken(signature: inspect.Signature) -> list[str]:
    """Return the names that arguments can be given by."""
    return [parameter.name for parameter in signature.parameters.values() if parameter.kind in NAMEABLE]


def takes_any_name(signature: inspect.Signature) -> bool:
    """Tell whether there is a ``**kwargs``."""
    return any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())


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
