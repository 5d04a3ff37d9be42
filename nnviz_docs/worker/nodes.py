"""Drafts of what was called: a leaf module, a module with others in it, a torch function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from nnviz_docs.graph.data import Data
from nnviz_docs.graph.model import NodeKind, ScopeKind
from nnviz_docs.worker.drafts import NodeDraft, ScopeDraft
from nnviz_docs.worker.naming import argument_summary, class_names, function_names, module_summary
from nnviz_docs.worker.places import class_place
from nnviz_docs.worker.shortening import short_name


def module_scope(
    module: torch.nn.Module, name: str, parent: ScopeDraft | None, *, call: int = 0
) -> ScopeDraft:
    """Return the scope of a call of a module."""
    return ScopeDraft(kind=ScopeKind.MODULE, parent=parent, **_module_facts(module, name, call))


def module_node(module: torch.nn.Module, name: str, scope: ScopeDraft, *, call: int = 0) -> NodeDraft:
    """Return the node of a call of a leaf module."""
    facts = _module_facts(module, name, call)
    return NodeDraft(kind=NodeKind.MODULE, scope=scope, summary=module_summary(module), **facts)


def function_node(
    function: Callable[..., Any], args: Sequence[object], kwargs: Mapping[str, object], scope: ScopeDraft
) -> NodeDraft:
    """Return the node of a call of a torch function."""
    name, full_name = function_names(function)
    return NodeDraft(
        kind=NodeKind.FUNCTION,
        name=name,
        type_name=name,
        full_name=full_name,
        scope=scope,
        summary=argument_summary(name, args, kwargs),
    )


def end_node(kind: NodeKind, name: str, scope: ScopeDraft, data: Data | None = None) -> NodeDraft:
    """Return the node of an input or output."""
    return NodeDraft(kind=kind, name=name, type_name=kind.value.capitalize(), scope=scope, output=data)


def constant_node(tensor: torch.Tensor, name: str, scope: ScopeDraft) -> NodeDraft:
    """Return the node of a tensor that the run did not make; ``name`` is empty where the model has none."""
    is_parameter = isinstance(tensor, torch.nn.Parameter)
    return NodeDraft(
        kind=NodeKind.CONSTANT,
        name=name or "constant",
        type_name="Parameter" if is_parameter else "Buffer" if name else "Tensor",
        scope=scope,
        parameters=tensor.numel() if is_parameter else 0,
    )


def failure_node(error: type[BaseException] | None, scope: ScopeDraft) -> NodeDraft:
    """Return the node that marks where the model's own code raised, outside of any torch call."""
    name = f"raise {error.__name__ if error else 'Exception'}"
    return NodeDraft(kind=NodeKind.FUNCTION, name=name, type_name=name, scope=scope)


def unique_parameters(module: torch.nn.Module) -> int:
    """Return the number of elements of all parameters in the module, each parameter counted once."""
    if not module._modules and not module._parameters:  # most leaves, such as activations
        return 0
    return sum(p.numel() for p in module.parameters() if not torch.nn.parameter.is_lazy(p))


def _module_facts(module: torch.nn.Module, name: str, call: int) -> dict[str, Any]:
    cls: type = type(module)
    type_name, full_name = class_names(module)
    return {
        "name": short_name(name),
        "type_name": type_name,
        "full_name": full_name,
        "source": class_place(cls),
        "parameters": unique_parameters(module),
        "call": call,
    }
