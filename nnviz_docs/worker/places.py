"""Where in the source code a class or a function is, as a place that reads the same on every machine."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType

_PACKAGES = {"site-packages", "dist-packages"}


@cache
def class_place(cls: type) -> str:
    """Return file and line of a class's statement, ``torch/nn/modules/conv.py:378``; empty if it has none."""
    file = getattr(sys.modules.get(cls.__module__), "__file__", None)
    text = _text(file) if isinstance(file, str) else ""
    line = _line_of(cls, file or "", text)
    return f"{_portable(file, cls.__module__)}:{line}" if file and line else ""


def function_place(code: CodeType, module: str) -> str:
    """Return file and line of a function; empty if it is in no file."""
    file = code.co_filename
    return f"{_portable(file, module)}:{code.co_firstlineno}" if _text(file) else ""


def _line_of(cls: type, file: str, text: str) -> int:
    """Return the line of the class's statement: of several with its name, the last one above its methods.

    Looked for in the text, since to parse a file of torch's takes as long as to trace a small model.
    """
    found = [match.start() for match in re.finditer(rf"class[ \t]+{re.escape(cls.__name__)}\b", text)]
    statements = [at for at in found if not text[text.rfind("\n", 0, at) + 1 : at].strip()]
    lines = [text.count("\n", 0, at) + 1 for at in statements]
    codes = [value.__code__ for value in vars(cls).values() if isinstance(value, FunctionType)]
    methods = min((code.co_firstlineno for code in codes if code.co_filename == file), default=0)
    above = [line for line in lines if line < methods] if methods else lines[:1]
    return above[-1] if above else 0


@cache
def _text(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8") if file.endswith(".py") else ""
    except (OSError, UnicodeDecodeError):
        return ""


def _portable(file: str, module: str) -> str:
    """Return the path of a file of the project relative to its root, of any other as its module is imported.

    The root is the folder that this process works in.
    """
    path, root = Path(file).resolve(), Path.cwd().resolve()
    if path.is_relative_to(root) and not _PACKAGES & set(path.parts):
        return path.relative_to(root).as_posix()
    names = [*module.split("."), *(["__init__"] if path.stem == "__init__" else [])]
    is_its_own = [*path.parts[:-1], path.stem][-len(names) :] == names
    return "/".join(path.parts[-len(names) :]) if is_its_own else path.name
