"""Which names page text may give to Python: the rules for dotted paths, without importing anything."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Sequence
from typing import NamedTuple

MAX_PATH = 256
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PARTS_OF_TORCH = (("torch", "nn"), ("torch", "ao", "nn"))


class Refusal(NamedTuple):
    """Why a name is refused and what to write instead; ``part`` is the index of the faulty part."""

    message: str
    hint: str
    part: int = 0


def refuse_path(parts: Sequence[str]) -> Refusal | None:
    """Return why the path ``parts`` from a top-level package on may not be used, or None when it may.

    Standard-library modules are refused since none holds a model and many run commands; of torch itself
    only ``torch.nn`` is open, since ``torch.hub`` and ``torch.load`` run code from elsewhere.
    """
    if refusal := refuse_names(parts):
        return refusal
    if parts[0] in sys.stdlib_module_names:
        message = f"'{parts[0]}' is a module of Python's standard library, which has no models"
        return Refusal(message, "Name a model of an installed package, or write path/file.py:Name.")
    if parts[0] == "torch" and not any(tuple(parts[: len(open_)]) == open_ for open_ in _PARTS_OF_TORCH):
        message = f"of torch, only what is in torch.nn may be named, not '{'.'.join(parts)}'"
        return Refusal(message, "For example torch.nn.Linear or torch.nn.functional.relu.")
    return None


def refuse_attributes(names: Sequence[str]) -> Refusal | None:
    """Return why the chain of attributes may not be followed from a module or file, or None when it may.

    A module that was imported there for its own use (``mypkg:os.system``) is no way out of the package.
    """
    if refusal := refuse_names(names):
        return refusal
    for index, name in enumerate(names[:-1]):
        if name in sys.stdlib_module_names or name == "torch":
            message = f"'{name}' leads out of the package that the model is in"
            return Refusal(message, "Name a class or function that is defined there.", index)
    return None


def refuse_names(parts: Sequence[str]) -> Refusal | None:
    """Return why one of the names may not be used, or None when all may."""
    for index, part in enumerate(parts):
        if refusal := _refuse_name(part):
            return Refusal(*refusal, index)
    return None


def is_identifier(text: str) -> bool:
    """Tell whether ``text`` is an ASCII identifier."""
    return _IDENTIFIER.fullmatch(text) is not None


def _refuse_name(part: str) -> tuple[str, str] | None:
    if not part:
        return "a name is missing beside a dot or colon", "Write names with single dots between them."
    if not is_identifier(part):
        return f"{part!a} is not a name", "A name has ASCII letters, digits and underscores only."
    if part.startswith("_"):
        return f"'{part}' starts with an underscore, which marks it as private", "Name a public object."
    if keyword.iskeyword(part):
        return f"'{part}' is a Python keyword, not a name", "Name a module, class or function."
    return None
