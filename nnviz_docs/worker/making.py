"""Values of a request turned into real objects, through fixed tables; no name of a page reaches torch."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from types import ModuleType
from typing import Any

import torch

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.values import DType, Items, ObjectCall, Pairs, Reference, TensorCall, Value

FACTORIES: Mapping[str, Callable[..., torch.Tensor]] = {
    "rand": torch.rand,
    "randn": torch.randn,
    "randint": torch.randint,
    "zeros": torch.zeros,
    "ones": torch.ones,
    "full": torch.full,
    "arange": torch.arange,
    "linspace": torch.linspace,
    "eye": torch.eye,
    "tensor": torch.tensor,
}
DTYPES: Mapping[str, torch.dtype] = {
    str(value).removeprefix("torch."): value
    for value in vars(torch).values()
    if isinstance(value, torch.dtype)
}


def make(value: Value) -> Any:
    """Return the object that a value describes; tensors are made on the default device."""
    match value:
        case Items("list", items):
            return [make(item) for item in items]
        case Items("tuple", items):
            return tuple(make(item) for item in items)
        case Pairs(items):
            return {make(key): make(item) for key, item in items}
        case DType(name):
            return DTYPES[name]
        case TensorCall(factory, arguments):
            return _make_tensor(factory, {name: make(item) for name, item in arguments})
        case Reference(path):
            return find_object(path)
        case ObjectCall(path, arguments, keywords):
            positional = [make(item) for item in arguments]
            return _find_class(path)(*positional, **{name: make(item) for name, item in keywords})
        case _:
            return value


def import_named(value: Value) -> None:
    """Import whatever a value names, before a device is chosen that its modules would be made on."""
    match value:
        case Reference(path):
            find_object(path)
        case ObjectCall(path, arguments, keywords):
            find_object(path)
            for item in (*arguments, *(item for _, item in keywords)):
                import_named(item)
        case Items(_, items):
            for item in items:
                import_named(item)
        case Pairs(items):
            for _, item in items:
                import_named(item)


def find_object(path: str) -> Any:
    """Return the object at a dotted path: the longest importable module, then attributes inside it.

    Raises:
        NnvizError: nothing is there, or the attributes lead to another package.
    """
    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module_name = ".".join(parts[:length])
        try:
            module = importlib.import_module(module_name)
        except ModuleNotFoundError as error:
            if error.name is not None and module_name.startswith(error.name):
                continue
            raise
        return follow(module, tuple(parts[length:]), path)
    close = get_close_matches(parts[0], {module.name for module in pkgutil.iter_modules()}, n=1, cutoff=0.8)
    raise NnvizError(
        ProblemKind.IMPORT,
        f"No module named {parts[0]!r}, which {path!r} asks for.",
        hint=f"Did you mean {close[0]}?" if close else IMPORT_HINT,
    )


IMPORT_HINT = "Install the package, or put its folder on the path: sys.path in conf.py, paths in mkdocs.yml."


def follow(module: Any, names: tuple[str, ...], path: str) -> Any:
    """Return the attribute of a module that a chain of names leads to.

    Raises:
        NnvizError: a name is missing, or leads into a module of another package.
    """
    package = module.__name__.split(".")[0]
    value: Any = module
    for name in names:
        if not hasattr(value, name):
            raise _missing(value, name, path)
        value = getattr(value, name)
        if isinstance(value, ModuleType) and value.__name__.split(".")[0] != package:
            msg = f"{path!r} leaves the package {package!r}."
            raise NnvizError(ProblemKind.MODEL, msg, hint=f"Name it in its own package: {value.__name__}.")
    return value


def _find_class(path: str) -> type:
    found = find_object(path)
    if not isinstance(found, type):
        msg = f"{path!r} is no class, and only classes are called in arguments."
        raise NnvizError(ProblemKind.MODEL, msg, hint="Call the function in a function of your own package.")
    return found


def only_a_module(name: str) -> NnvizError:
    """Return the error for a path that ends at a Python module."""
    msg = f"{name!r} is a Python module, not a model."
    return NnvizError(ProblemKind.MODEL, msg, hint=f"Name a class or function in it, as {name}.Model.")


def _missing(owner: object, name: str, path: str) -> NnvizError:
    submodules = {module.name for module in pkgutil.iter_modules(getattr(owner, "__path__", []))}
    owner_name = getattr(owner, "__name__", type(owner).__name__)
    if name in submodules:
        return only_a_module(f"{owner_name}.{name}")
    msg = f"{owner_name!r} has no {name!r}, which {path!r} asks for."
    public = {other for other in dir(owner) if not other.startswith("_")}
    close = get_close_matches(name, public | submodules, n=3)
    hint = f"Did you mean {' or '.join(close)}?" if close else "Check the spelling of the path."
    return NnvizError(ProblemKind.IMPORT, msg, hint=hint)


def _make_tensor(factory: str, arguments: dict[str, Any]) -> torch.Tensor:
    if factory == "tensor":
        return torch.tensor(arguments.pop("data"), **arguments)
    if factory == "randint" and "low" not in arguments:
        arguments["low"] = 0
    return FACTORIES[factory](**arguments)
