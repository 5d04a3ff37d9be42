"""Finds what a request names: a module class, a function that returns a module, or a ready module."""

from __future__ import annotations

import copy
import importlib
import importlib.util
import inspect
import sys
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.request import Arguments, ModelPath
from nnviz_docs.worker.building import Builder, kind_of
from nnviz_docs.worker.failures import translated
from nnviz_docs.worker.making import IMPORT_HINT, find_object, follow, import_named, only_a_module


def load(path: ModelPath, arguments: Arguments) -> Builder:
    """Import what a model path names, and return what builds the model from it.

    A module class or a function is called with ``arguments`` at each build; of a ready instance each
    build returns a copy.

    Raises:
        NnvizError: it can't be imported (`IMPORT`), or is not something that gives a module (`MODEL`).
    """
    with translated(ProblemKind.IMPORT, f"Importing {str(path)!r} failed"):
        found = _find(path)
        for value in (*arguments.positional, *(value for _, value in arguments.named)):
            import_named(value)
    if isinstance(found, torch.nn.Module):
        if arguments != Arguments():
            msg = f"{str(path)!r} is a ready model, which takes no arguments."
            raise NnvizError(ProblemKind.OPTION, msg, hint="Leave out the option args.")
        return Builder(lambda: copy.deepcopy(found), path, arguments)
    if isinstance(found, ModuleType):
        raise only_a_module(found.__name__)
    is_class = isinstance(found, type) and issubclass(found, torch.nn.Module)
    if not is_class and not inspect.isroutine(found):
        msg = f"{str(path)!r} is {kind_of(found)}, not a torch.nn.Module."
        raise NnvizError(
            ProblemKind.MODEL, msg, hint="Name a module class, a function that returns a module, or a module."
        )
    _check_owner(found, path)
    return Builder(found, path, arguments)


def _check_owner(found: Any, path: ModelPath) -> None:
    """Refuse to call a function that a module only imported: a page may name no more than it seems to."""
    package = (path.place if path.kind == "qualified" else path.attributes[0]).split(".")[0]
    owner = str(getattr(found, "__module__", "")).split(".")[0]
    if path.kind in {"qualified", "dotted"} and not isinstance(found, type) and owner != package:
        msg = f"{str(path)!r} is a function of {owner or 'another package'}, not of {package}."
        hint = "Name it where it is defined, or wrap it in a function of your own."
        raise NnvizError(ProblemKind.MODEL, msg, hint=hint)


def _find(path: ModelPath) -> Any:
    match path.kind:
        case "torchvision":
            return _find_torchvision(path.attributes[0])
        case "dotted":
            return find_object(".".join(path.attributes))
        case "file":
            return follow(_load_file(Path(path.place)), path.attributes, str(path))
        case _:
            return follow(importlib.import_module(path.place), path.attributes, str(path))


def _find_torchvision(name: str) -> Any:
    try:
        from torchvision import models
    except ModuleNotFoundError as error:
        if error.name != "torchvision":
            raise
        msg = f"torchvision is not installed, and {name!r} without a package means a model of torchvision."
        raise NnvizError(ProblemKind.IMPORT, msg, hint=IMPORT_HINT) from error
    if name in models.list_models():
        return models.get_model_builder(name)
    if not hasattr(models, name):
        close = get_close_matches(name, models.list_models(), n=3)
        did = f"Did you mean {' or '.join(close)}? " if close else ""
        msg = f"torchvision has no model {name!r}, and a name without a package means one of its models."
        hint = f"{did}Name your own as package.module.{name} or path/file.py:{name}."
        raise NnvizError(ProblemKind.IMPORT, msg, hint=hint)
    return getattr(models, name)


def _load_file(path: Path) -> Any:
    """Import a file by its path, under its own name; its folder is on the path for what it imports."""
    if not path.is_file():
        msg = f"There is no file {path.as_posix()!r} below the project's root."
        raise NnvizError(ProblemKind.IMPORT, msg, hint="Give the path relative to the docs' folder.")
    sys.path.insert(0, str(path.parent.resolve()))
    spec = importlib.util.spec_from_file_location(path.stem, path.resolve())
    if spec is None or spec.loader is None:
        msg = f"{path.as_posix()!r} is not a Python file."
        raise NnvizError(ProblemKind.IMPORT, msg)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
