"""What can go wrong, as one exception and a closed list of problem kinds.

The kinds are the subtypes of the warnings (``nnviz.import``, ``nnviz.input``, …), so that a site can
suppress one of them, and the headings of the troubleshooting page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """The kind of a problem; its value is the subtype of the warning."""

    CONFIG = "config"
    OPTION = "option"
    MODEL = "model"
    IMPORT = "import"
    CONSTRUCT = "construct"
    INPUT = "input"
    FORWARD = "forward"
    TRACE = "trace"
    NETWORK = "network"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"
    WORKER = "worker"
    LAYOUT = "layout"
    CACHE = "cache"
    STALE = "stale"
    MISSING = "missing"


TITLES: Mapping[ProblemKind, str] = {
    ProblemKind.CONFIG: "A setting is wrong",
    ProblemKind.OPTION: "An option is wrong",
    ProblemKind.MODEL: "This is not a model that can be drawn",
    ProblemKind.IMPORT: "The model could not be imported",
    ProblemKind.CONSTRUCT: "The model could not be built",
    ProblemKind.INPUT: "The input is wrong",
    ProblemKind.FORWARD: "The model's forward failed",
    ProblemKind.TRACE: "The model could not be traced",
    ProblemKind.NETWORK: "The model wanted to download something",
    ProblemKind.TIMEOUT: "The model took too long",
    ProblemKind.MEMORY: "The model needed too much memory",
    ProblemKind.CRASH: "The model's process died",
    ProblemKind.WORKER: "The tracing process could not work",
    ProblemKind.LAYOUT: "The figure could not be laid out",
    ProblemKind.CACHE: "The cache could not be used",
    ProblemKind.STALE: "The figure is out of date",
    ProblemKind.MISSING: "The figure is missing from the cache",
}
WITHOUT_REASON = frozenset({ProblemKind.CRASH, ProblemKind.TIMEOUT, ProblemKind.WORKER})
"""Kinds whose message can't say why; hosts always show their details."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that went wrong, in the words that its reader needs.

    ``message`` says what happened in one line, ``hint`` what to do about it. ``where`` is the place in
    the model's own code (``unet.py:12``) when there is one. ``detail`` goes to the log, never to the page.
    """

    kind: ProblemKind
    message: str
    hint: str = ""
    where: str = ""
    detail: str = ""

    @property
    def title(self) -> str:
        """The kind in words, as the heading of the error box."""
        return TITLES[self.kind]

    def __str__(self) -> str:
        """Return the whole message of a warning, on one line."""
        place = f" ({self.where})" if self.where else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.message.rstrip('.')}{place}.{hint}"


class NnvizError(Exception):
    """The only exception that leaves this package; carries a `Problem`."""

    def __init__(
        self, kind: ProblemKind, message: str, *, hint: str = "", where: str = "", detail: str = ""
    ) -> None:
        self.problem = Problem(kind=kind, message=message, hint=hint, where=where, detail=detail)
        super().__init__(str(self.problem))
