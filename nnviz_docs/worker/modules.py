"""The module tree: qualified names, parameter counts, and the graph of last resort made from it alone."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from nnviz_docs.graph.model import Graph, Mechanism
from nnviz_docs.worker.drafts import GraphDraft, ScopeDraft
from nnviz_docs.worker.naming import class_names
from nnviz_docs.worker.nodes import module_node, module_scope, unique_parameters
from nnviz_docs.worker.shortening import short_name


class ModuleNames:
    """Qualified names of a model's modules, parameters and buffers; the first name where there are more."""

    def __init__(self, model: torch.nn.Module) -> None:
        self._modules = {id(module): name for name, module in model.named_modules()}
        self._unregistered: list[torch.nn.Module] = []  # kept alive: their ids are not given again
        self._tensors = {id(tensor): name for name, tensor in model.named_parameters()}
        self._tensors |= {id(tensor): name for name, tensor in model.named_buffers()}

    def of(self, module: torch.nn.Module, outer: torch.nn.Module | None, outer_name: str) -> str:
        """Return a module's path; one that is not registered is looked for in ``outer``'s attributes."""
        name = self._modules.get(id(module))
        if name is None:
            own = next(_attributes_holding(outer, module), type(module).__name__) if outer else ""
            name = f"{outer_name}.{own}" if outer_name else own
            self._modules[id(module)] = name
            self._unregistered.append(module)
        return short_name(name)

    def of_tensor(self, tensor: torch.Tensor) -> str:
        """Return a parameter's or buffer's path, empty for any other tensor."""
        return short_name(self._tensors.get(id(tensor), ""))


def is_torchs(module: torch.nn.Module) -> bool:
    """Tell whether a module is torch's own or scripted: its inside is not the author's code."""
    return type(module).__module__.split(".")[0] == "torch" or isinstance(module, torch.jit.ScriptModule)


def trace_modules(model: torch.nn.Module) -> Graph:
    """Return the graph of the module tree: modules and parameters, without edges."""
    draft = GraphDraft()
    _add_tree(draft, model, "", None)
    type_name, _ = class_names(model)
    return draft.finish(model=type_name, mechanism=Mechanism.MODULES, parameters=unique_parameters(model))


def _add_tree(draft: GraphDraft, module: torch.nn.Module, name: str, parent: ScopeDraft | None) -> None:
    children = list(module.named_children())
    if not children and parent is not None:
        draft.nodes.append(module_node(module, name, parent))
        return
    scope = module_scope(module, name, parent)
    draft.scopes.append(scope)
    for own_name, child in children:
        _add_tree(draft, child, f"{name}.{own_name}" if name else own_name, scope)


def _attributes_holding(outer: torch.nn.Module, module: torch.nn.Module) -> Iterator[str]:
    for attribute, value in vars(outer).items():
        if value is module:
            yield attribute
        elif isinstance(value, (list, tuple)):
            yield from (f"{attribute}.{i}" for i, item in enumerate(value) if item is module)
        elif isinstance(value, dict) and not attribute.startswith("_"):
            yield from (f"{attribute}.{key}" for key, item in value.items() if item is module)
