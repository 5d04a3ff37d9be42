"""Names of what was called: torch functions, modules, and the constant arguments of a call."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import torch

from nnviz_docs.worker.describing import SCALARS, describe, dtype_name, is_usual
from nnviz_docs.worker.shortening import short_name

_MAX_SUMMARY = 80
_BINARY = {"add", "sub", "mul", "matmul", "truediv", "div", "floordiv", "mod", "pow"}
_BINARY |= {"and", "or", "xor", "lshift", "rshift"}
_SAME = {"truediv": "div", "true_divide": "div", "floordiv": "floor_divide"}


def function_names(function: Callable[..., Any]) -> tuple[str, str]:
    """Return a torch function's short name (``flatten``) and its full name (``torch.flatten``).

    Operators are named by what they do: ``Tensor.__iadd__`` is ``add``; property getters by the property.
    """
    name = str(getattr(function, "__name__", type(function).__name__))
    owner = getattr(function, "__self__", None)
    if name == "__get__" and owner is not None:
        name = str(getattr(owner, "__name__", name))
        return short_name(name), short_name(f"torch.Tensor.{name}")
    if isinstance(function, torch.jit.ScriptFunction):
        return short_name(function.name), short_name(function.qualified_name)
    if isinstance(function, (torch._ops.OpOverloadPacket, torch._ops.OpOverload)):
        full = str(function)
        return short_name(full.split(".")[1] if "." in full else full), short_name(f"torch.ops.{full}")
    operator_name = f"__{name}__" if getattr(operator, name, None) is function else name
    return short_name(_plain(operator_name)), short_name(_full_name(function, name))


def class_names(value: object) -> tuple[str, str]:
    """Return the name of a value's class, and the name with its module."""
    cls = type(value)
    return short_name(cls.__name__), short_name(f"{cls.__module__}.{cls.__qualname__}")


def module_summary(module: torch.nn.Module) -> str:
    """Return what a module says of its construction (``64, 64, kernel_size=(3, 3)``)."""
    try:
        return short_name(str(module.extra_repr()), _MAX_SUMMARY * 2)
    except Exception:  # a model's own extra_repr may need what a meta tensor does not have
        return ""


def argument_summary(name: str, args: Sequence[object], kwargs: Mapping[str, object]) -> str:
    """Return the constant arguments of a call, the named ones with their names.

    Those that hold a tensor are none, and neither is the device that the model happens to be traced on.
    """
    if name in {"getitem", "setitem"} and len(args) >= 2:
        return short_name(f"[{_index_text(args[1])}]", _MAX_SUMMARY)
    constants = [_constant(arg) for arg in args if _is_constant(arg)]
    constants += [f"{key}={_constant(arg)}" for key, arg in kwargs.items() if _is_constant(arg)]
    return short_name(", ".join(constants), _MAX_SUMMARY)


def forward_parameters(module: torch.nn.Module) -> tuple[str, ...]:
    """Return the names of the positional parameters of a module's ``forward``, none where it hides them."""
    method = inspect.getattr_static(type(module), "forward", None)
    return _positional_names(method) if inspect.isfunction(method) else ()


@cache
def _positional_names(method: Callable[..., Any]) -> tuple[str, ...]:
    try:
        parameters = list(inspect.signature(method).parameters.values())[1:]
    except (TypeError, ValueError):  # scripted and compiled modules have none to show
        return ()
    return tuple(p.name for p in parameters if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD})


def _plain(name: str) -> str:
    """Return what an operation does, whatever its form: ``__iadd__``, ``add_``, ``iadd`` are ``add``."""
    is_operator = name.startswith("__") and name.endswith("__")
    name = name.strip("_") if is_operator else name.rstrip("_") or name
    if is_operator and name[1:] in _BINARY and name[0] in "ir":
        name = name[1:]
    return _SAME.get(name, name)


@cache
def _full_name(function: Callable[..., Any], name: str) -> str:
    resolved = torch.overrides.resolve_name(function)
    if resolved:
        return str(resolved)
    module = getattr(function, "__module__", None)
    return f"{module}.{name}" if module else name


def _is_constant(value: object) -> bool:
    if isinstance(value, torch.device):
        return not is_usual(value)
    if isinstance(value, SCALARS):  # most are: no need to describe them for that
        return True
    return not isinstance(value, torch.Tensor) and not describe(value).tensors


def _constant(value: object) -> str:
    match value:
        case torch.dtype():
            return dtype_name(value)
        case list() | tuple():
            inner = ", ".join(_constant(item) for item in value)
            return f"[{inner}]" if isinstance(value, (list, torch.Size)) else f"({inner})"
        case None | bool() | int() | float() | str() | torch.device():
            return repr(value)
        case _:
            return type(value).__name__


def _index_text(index: object) -> str:
    match index:
        case tuple():
            return ", ".join(_index_text(item) for item in index)
        case slice(start=start, stop=stop, step=step):
            text = f"{_bound(start)}:{_bound(stop)}"
            return text if step is None else f"{text}:{_bound(step)}"
        case types_ if types_ is Ellipsis:
            return "..."
        case torch.Tensor():
            return "tensor"
        case _:
            return _constant(index)


def _bound(value: object) -> str:
    return "" if value is None else "tensor" if isinstance(value, torch.Tensor) else str(value)
