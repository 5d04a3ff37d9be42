"""What to do about an exception of the model's code, where it says itself what is wrong.

A new piece of advice is one row of `_ADVICE`: a text in the message, or a type, and what to do about it.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from typing import TypeGuard

_LONGEST = 256
_NO_PACKAGE = "A file that is given by its path belongs to no package: name the model as package.module.Name."
_CIRCLE = "The modules import each other: move one of the imports into the function that needs it."
_ABSTRACT = "Name a subclass that defines what is abstract."
_NO_FORWARD = "Define forward, or name a part of the model that has one."
_NO_GPU = "Models are traced without a GPU: make tensors where the others are (device=x.device), not on cuda."
_NO_FILE = "Relative paths start from the folder of the docs: let the model find its files from __file__."

_ADVICE: Sequence[tuple[type[BaseException], str, str]] = (
    (ImportError, "no known parent package", _NO_PACKAGE),
    (ImportError, "partially initialized module", _CIRCLE),
    (TypeError, "instantiate abstract class", _ABSTRACT),
    (NotImplementedError, 'missing the required "forward"', _NO_FORWARD),
    (Exception, "NVIDIA", _NO_GPU),
    (Exception, "CUDA", _NO_GPU),
    (FileNotFoundError, "", _NO_FILE),
)


def advice_for(error: BaseException, message: str, otherwise: str = "") -> str:
    """Return what to do about an exception with this message, ``otherwise`` when it does not tell."""
    if isinstance(error, ModuleNotFoundError) and _is_module_name(error.name):
        return _about_module(error.name)
    rows = (hint for kind, text, hint in _ADVICE if isinstance(error, kind) and text in message)
    return next(rows, otherwise)


def _is_module_name(name: object) -> TypeGuard[str]:
    """Tell whether a name is one that a page may show: some code looks for modules by paths."""
    return isinstance(name, str) and len(name) <= _LONGEST and all(map(str.isidentifier, name.split(".")))


def _about_module(name: str) -> str:
    package = name.partition(".")[0]
    if package in sys.modules or importlib.util.find_spec(package):
        return f"Check the spelling, or the version of {package}: it has no {name}."
    return f"Install {package} in the environment that traces the models."
