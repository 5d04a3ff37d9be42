"""Builds the model that was found: with real initial values, without, and never with downloaded ones."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.request import Arguments, ModelPath
from nnviz_docs.worker.failures import translated
from nnviz_docs.worker.making import make
from nnviz_docs.worker.signatures import NAMEABLE, misfit, signature_text

_DOWNLOADED = ("weights", "pretrained")
"""Beginnings of the names of parameters that ask for trained values, as libraries of models use them."""


@dataclass(slots=True)
class Builder:
    """Builds a model anew at each call.

    A constructor that would download trained values by default is called without them from then on, since a
    graph does not depend on them; ``notes`` says so. ``needed`` are the bytes of its parameters and buffers,
    once it was built in a way that needs none.
    """

    target: Callable[..., Any]
    path: ModelPath
    arguments: Arguments
    notes: tuple[str, ...] = ()
    needed: int = 0
    _withheld: dict[str, Any] = field(default_factory=dict)

    def __call__(self) -> torch.nn.Module:
        """Build the model on the default device.

        Raises:
            NnvizError: the constructor raises or does not take the arguments (`CONSTRUCT`), wants a download
                that nothing says how to do without (`NETWORK`), or returns no module (`MODEL`).
        """
        try:
            return self._build()
        except NnvizError as error:
            if error.problem.kind is not ProblemKind.NETWORK or not self._withhold_downloads():
                raise
        return self._build()

    def without_init(self) -> torch.nn.Module:
        """Build on the CPU with ``torch.nn.init`` doing nothing: quick, and memory is not touched."""
        with _without_init():
            return self()

    def _build(self) -> torch.nn.Module:
        hint = "Check the option args." if self.arguments != Arguments() else ""
        with translated(ProblemKind.CONSTRUCT, f"Building {str(self.path)!r} failed", hint=hint):
            positional = [make(value) for value in self.arguments.positional]
            named = self._withheld | {name: make(value) for name, value in self.arguments.named}
            _check_call(self.target, self.path, positional, named)
            model = self.target(*positional, **named)
        if not isinstance(model, torch.nn.Module):
            msg = f"{str(self.path)!r} returned {kind_of(model)}, not a torch.nn.Module."
            raise NnvizError(ProblemKind.MODEL, msg, hint="Name a function that returns the module itself.")
        return model

    def _withhold_downloads(self) -> bool:
        """Set what asks for trained values to None or False where the page left it; tell if there is any."""
        if self._withheld:
            return False
        given = set(self._given())
        self._withheld = {
            name: False if isinstance(parameter.default, bool) else None
            for name, parameter in _parameters(self.target).items()
            if name.startswith(_DOWNLOADED) and name not in given and parameter.kind in NAMEABLE
        }
        settings = ", ".join(f"{name}={value}" for name, value in self._withheld.items())
        if settings:
            self.notes = (f"Built with {settings}: the defaults would have downloaded trained weights.",)
        return bool(settings)

    def _given(self) -> Iterator[str]:
        yield from (name for name, _ in self.arguments.named)
        yield from list(_parameters(self.target))[: len(self.arguments.positional)]


def kind_of(value: object) -> str:
    """Return what a value is, in the words of a message."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return f"a {type(value).__name__}"


def _check_call(
    target: Callable[..., Any], path: ModelPath, positional: list[Any], named: dict[str, Any]
) -> None:
    try:
        signature = inspect.signature(target)
    except (TypeError, ValueError):
        return
    if reason := misfit(signature, positional, named):
        raise NnvizError(
            ProblemKind.CONSTRUCT,
            f"{str(path)!r} can't be called like this: {reason}.",
            hint=f"Give its arguments with the option args; it takes {signature_text(signature)}.",
        )


def _parameters(target: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(target).parameters
    except (TypeError, ValueError):
        return {}


@contextmanager
def _without_init() -> Iterator[None]:
    names = [name for name in vars(torch.nn.init) if name.endswith("_") and not name.startswith("_")]
    saved = {name: getattr(torch.nn.init, name) for name in names}
    try:
        for name in names:
            setattr(torch.nn.init, name, _leave_alone)
        yield
    finally:
        for name, function in saved.items():
            setattr(torch.nn.init, name, function)


def _leave_alone(tensor: torch.Tensor, *_args: Any, **_kwargs: Any) -> torch.Tensor:
    return tensor
