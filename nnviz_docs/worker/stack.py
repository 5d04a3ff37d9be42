"""The stack of module calls that are under way, and the function scopes opened inside the innermost one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, NamedTuple

import torch

from nnviz_docs.graph.model import ScopeKind
from nnviz_docs.worker.describing import PlacedTensor
from nnviz_docs.worker.drafts import GraphDraft, Mark, ScopeDraft
from nnviz_docs.worker.flops import Count
from nnviz_docs.worker.frames import function_frames, function_full_name
from nnviz_docs.worker.places import function_place


class FunctionCall(NamedTuple):
    """A call of a torch function that is under way; ``inputs`` are the tensors in its arguments.

    ``before`` is what was counted until it began.
    """

    function: Callable[..., Any]
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    inputs: list[PlacedTensor]
    before: Count


@dataclass(eq=False, kw_only=True, slots=True)
class ModuleCall:
    """A call of a module that is under way; ``leaf`` when nothing inside it is recorded.

    ``inputs`` are the tensors in its positional arguments, as they were when it began, and ``before`` is what
    was counted until then.
    """

    module: torch.nn.Module
    inputs: list[PlacedTensor]
    scope: ScopeDraft
    leaf: bool
    mark: Mark
    before: Count
    calls_modules: bool = False
    functions: list[tuple[FrameType, ScopeDraft]] = field(default_factory=list)

    @property
    def is_script(self) -> bool:
        """Whether the module runs without torch calls that a mode for functions sees."""
        return isinstance(self.module, torch.jit.ScriptModule)


class CallStack:
    """Where in the model the run is, as the scope that a call made now belongs to."""

    def __init__(self, draft: GraphDraft, root: ScopeDraft) -> None:
        self.root = root
        self._draft = draft
        self._calls: list[ModuleCall] = []

    @property
    def innermost(self) -> ModuleCall | None:
        """The innermost call under way."""
        return self._calls[-1] if self._calls else None

    @property
    def module(self) -> torch.nn.Module | None:
        """The module of the innermost call."""
        return self._calls[-1].module if self._calls else None

    def push(self, call: ModuleCall) -> None:
        """Enter a module's call."""
        if self._calls:
            self._calls[-1].calls_modules = True
        self._calls.append(call)

    def pop(self) -> ModuleCall:
        """Leave the innermost call."""
        return self._calls.pop()

    def scope(self) -> ScopeDraft:
        """Return the scope of a call made now: the innermost function's, else the innermost module's.

        Functions are told apart by the identity of their frames, so that two calls of one function are two
        scopes; only the frames of the current stack are kept alive for it.
        """
        if not self._calls:
            return self.root
        call, frames = self._calls[-1], function_frames()
        known = 0
        while known < min(len(frames), len(call.functions)) and frames[known] is call.functions[known][0]:
            known += 1
        del call.functions[known:]
        for frame in frames[known:]:
            parent = call.functions[-1][1] if call.functions else call.scope
            scope = _function_scope(frame, parent)
            call.functions.append((frame, scope))
            self._draft.scopes.append(scope)
        return call.functions[-1][1] if call.functions else call.scope


def _function_scope(frame: FrameType, parent: ScopeDraft) -> ScopeDraft:
    name = f"{frame.f_code.co_name}()"
    return ScopeDraft(
        kind=ScopeKind.FUNCTION,
        name=name,
        type_name=name,
        full_name=function_full_name(frame),
        source=function_place(frame.f_code, frame.f_globals.get("__name__", "")),
        parent=parent,
    )
