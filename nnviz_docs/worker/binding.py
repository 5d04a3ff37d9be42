"""A request's inputs bound to the parameters of the model's ``forward``."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import torch

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.request import Inputs
from nnviz_docs.worker.failures import translated
from nnviz_docs.worker.making import make

_NAMEABLE = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


@dataclass(frozen=True, slots=True)
class BoundInputs:
    """What ``forward`` is called with: positional and named values."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    names: tuple[str, ...]

    def by_name(self) -> dict[str, Any]:
        """Return all values by their parameters' names."""
        return dict(zip(self.names, self.args, strict=True)) | self.kwargs


def bind(inputs: Inputs, model: torch.nn.Module) -> BoundInputs:
    """Make the inputs on the default device, and bind them to ``forward``.

    A value without a name goes to ``x`` when ``forward`` has it, otherwise to its first parameter. Named
    values go by name; a dict none of whose keys is a parameter is itself the first argument.

    Raises:
        NnvizError: the inputs don't fit the signature, which the message shows.
    """
    signature = _signature(model)
    unnamed, named = _make_inputs(inputs)
    if named and not _accepts(signature, named):
        whole = _bind_unnamed((named,), signature)
        if _misfit(signature, whole) is None:
            return whole
    bound = _bind_unnamed(unnamed, signature) if unnamed else BoundInputs((), named, ())
    misfit = _misfit(signature, bound)
    if misfit is not None:
        given = ", ".join(bound.by_name())
        raise NnvizError(
            ProblemKind.INPUT,
            f"The input ({given}) does not fit forward{signature}: {misfit}.",
            hint=f"Name the inputs, as in {_example(list(signature.parameters))}.",
        )
    return bound


def _misfit(signature: inspect.Signature, bound: BoundInputs) -> TypeError | None:
    try:
        signature.bind(*bound.args, **bound.kwargs)
    except TypeError as error:
        return error
    return None


def _make_inputs(inputs: Inputs) -> tuple[tuple[Any, ...], dict[str, Any]]:
    with translated(ProblemKind.INPUT, "Making the input failed"):
        if inputs.code is not None:
            value = eval(inputs.code, {"torch": torch})  # noqa: S307 (the site's configuration allows it)
            if isinstance(value, dict) and value and all(isinstance(key, str) for key in value):
                return (), value
            return (value,), {}
        return tuple(make(v) for v in inputs.unnamed or ()), {k: make(v) for k, v in inputs.named}


def _accepts(signature: inspect.Signature, named: dict[str, Any]) -> bool:
    """Tell whether the names mean parameters: any of them is one, or ``forward`` takes any name."""
    parameters = signature.parameters.values()
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
    return takes_any or any(p.name in named for p in parameters if p.kind in _NAMEABLE)


def _bind_unnamed(unnamed: tuple[Any, ...], signature: inspect.Signature) -> BoundInputs:
    parameter = signature.parameters.get("x")
    if parameter is not None and parameter.kind in _NAMEABLE:
        return BoundInputs((), {"x": unnamed[0]}, ())
    first = next(iter(signature.parameters.values()), None)
    if first is not None and first.kind is first.KEYWORD_ONLY:
        return BoundInputs((), {first.name: unnamed[0]}, ())
    return BoundInputs(unnamed, {}, (first.name if first is not None else "input",))


def _signature(model: torch.nn.Module) -> inspect.Signature:
    try:
        return inspect.signature(model.forward)
    except (TypeError, ValueError):
        anything = [inspect.Parameter("inputs", inspect.Parameter.VAR_POSITIONAL)]
        return inspect.Signature(anything)


def _example(names: list[str]) -> str:
    return ";".join(f"{name}:tensor1x8" for name in names[:2]) or "x:tensor1x8"
