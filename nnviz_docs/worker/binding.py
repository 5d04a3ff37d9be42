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
from nnviz_docs.worker.signatures import NAMEABLE, misfit, names_taken, signature_text, takes_any_name


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

    Named values go by name. A value without a name goes to ``x`` when ``forward`` has it, otherwise to its
    first parameter. The items of a dict that names parameters, and those of a dict or tuple that ``forward``
    does not take as a whole, go to parameters themselves.

    Raises:
        NnvizError: the inputs don't fit the signature, which the message shows.
    """
    signature = _signature(model)
    bound = _bound(inputs, signature)
    if reason := misfit(signature, bound.args, bound.kwargs):
        given = ", ".join(bound.by_name())
        raise NnvizError(
            ProblemKind.INPUT,
            f"The input ({given}) does not fit forward{signature_text(signature)}: {reason}.",
            hint=f"Name the inputs, as in {_example(names_taken(signature))}.",
        )
    return bound


def _bound(inputs: Inputs, signature: inspect.Signature) -> BoundInputs:
    with translated(ProblemKind.INPUT, "Making the input failed"):
        if inputs.code is not None:
            value = eval(inputs.code, {"torch": torch})  # noqa: S307 (the site's configuration allows it)
        elif inputs.unnamed is not None:
            value = make(inputs.unnamed[0])
        else:
            return BoundInputs((), {name: make(value) for name, value in inputs.named}, ())
    whole = _bind_unnamed(value, signature)
    spread = _spread(value, signature)
    if spread is None:
        return whole
    is_meant = isinstance(value, dict) and (
        not spread
        or not spread.keys().isdisjoint(names_taken(signature))
        or (takes_any_name(signature) and not misfit(signature, (), spread))
    )
    if is_meant or misfit(signature, whole.args, whole.kwargs):
        return BoundInputs((), spread, ())
    return whole


def _spread(value: Any, signature: inspect.Signature) -> dict[str, Any] | None:
    """Return a dict's or a tuple's items by the names of parameters, None for what can't be meant so."""
    names = names_taken(signature)
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return value
    if isinstance(value, tuple) and 1 < len(value) <= len(names):
        return dict(zip(names, value, strict=False))
    return None


def _bind_unnamed(value: Any, signature: inspect.Signature) -> BoundInputs:
    first = next(iter(signature.parameters.values()), None)
    parameter = signature.parameters.get("x", first)
    if parameter is not first and parameter is not None and parameter.kind in NAMEABLE:
        return BoundInputs((), {"x": value}, ())
    if first is not None and first.kind is first.KEYWORD_ONLY:
        return BoundInputs((), {first.name: value}, ())
    return BoundInputs((value,), {}, (first.name if first is not None else "input",))


def _signature(model: torch.nn.Module) -> inspect.Signature:
    try:
        return inspect.signature(model.forward)
    except (TypeError, ValueError):
        anything = [inspect.Parameter("inputs", inspect.Parameter.VAR_POSITIONAL)]
        return inspect.Signature(anything)


def _example(names: list[str]) -> str:
    return ";".join(f"{name}:tensor1x8" for name in names[:2]) or "x:tensor1x8"
