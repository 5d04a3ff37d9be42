"""Symbolic tracing with ``torch.fx``: the structure of a model without an input, and without shapes.

Nodes and scopes follow the same rules as in a recorded run, so that both kinds of graph agree: arithmetic
on shapes is left out, and taking one item of a call's tuple is a place in its output, not a call.
"""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import fx

from nnviz_docs.graph.data import KeyPath
from nnviz_docs.graph.model import Graph, Mechanism, NodeKind
from nnviz_docs.worker.drafts import EdgeDraft, GraphDraft, NodeDraft, ScopeDraft
from nnviz_docs.worker.modules import is_torchs
from nnviz_docs.worker.naming import argument_summary, class_names, forward_parameters, function_names
from nnviz_docs.worker.nodes import constant_node, end_node, module_node, module_scope, unique_parameters

_SHAPE_ATTRIBUTES = {"shape", "dtype", "device", "ndim", "is_cuda", "requires_grad", "layout"}
_SHAPE_METHODS = {"size", "dim", "numel", "stride", "element_size", "get_device"}
_TUPLE_CALLS = {"split", "chunk", "unbind", "topk", "sort", "meshgrid", "tensor_split", "svd", "qr"}


def trace_symbolic(build: Callable[[], torch.nn.Module]) -> Graph:
    """Return the graph that ``torch.fx`` finds; raises whatever it raises for models it can't follow.

    A second try is on a model of its own: what ``forward`` stores in the first one is of use to no other.
    """
    model = build()
    fixed = _optional_arguments(model)
    try:
        traced = _BufferTracer(autowrap_modules=()).trace(model, concrete_args=fixed or None)
    except Exception:  # the code branches on a buffer's values, or hands one to what takes no proxy
        model = build()
        traced = _Tracer(autowrap_modules=()).trace(model, concrete_args=fixed or None)
    converter = _Converter(model, set(fixed))
    for node in traced.nodes:
        converter.add(node)
    name, _ = class_names(model)
    return converter.draft.finish(
        model=name, mechanism=Mechanism.SYMBOLIC, parameters=unique_parameters(model)
    )


class _Tracer(fx.Tracer):
    """Takes for one call what a recorded run takes for one: a module of torch's without children as well."""

    def is_leaf_module(self, m: torch.nn.Module, module_qualified_name: str) -> bool:
        """Tell whether a module is not looked into."""
        whole = is_torchs(m) and not any(True for _ in m.children())
        return whole or super().is_leaf_module(m, module_qualified_name)


class _BufferTracer(_Tracer):
    """Follows buffers too, where the plain tracer computes with them at once and keeps the result."""

    proxy_buffer_attributes = True


class _Converter:
    """Turns fx nodes, in order, into drafts."""

    def __init__(self, model: torch.nn.Module, fixed: set[str]) -> None:
        self.draft = GraphDraft()
        self._model = model
        self._modules = dict(model.named_modules(remove_duplicate=False))
        self._fixed = fixed
        self._root = module_scope(model, "", None)
        self.draft.scopes.append(self._root)
        self._scopes: dict[tuple[str, ...], ScopeDraft] = {(): self._root}
        self._made: dict[fx.Node, tuple[NodeDraft, KeyPath]] = {}
        self._calls: dict[str, int] = {}

    def add(self, node: fx.Node) -> None:
        """Add one fx node, unless it only computes with shapes."""
        if self._is_about_shapes(node):
            return
        if self._is_item_of_tuple(node):
            source, path = self._made[node.args[0]]
            self._made[node] = (source, (*path, str(node.args[1])))
            return
        draft = self._draft(node)
        if draft is None:
            return
        for path, source in self._arguments(node):
            producer, source_path = self._made[source]
            self.draft.edges.append(
                EdgeDraft(source=producer, target=draft, source_path=source_path, target_path=path)
            )
        self.draft.nodes.append(draft)
        self._made[node] = (draft, ())
        if self._writes_into_first(node):
            self._made[node.args[0]] = self._made[node]

    def _draft(self, node: fx.Node) -> NodeDraft | None:
        match node.op:
            case "placeholder":
                name = str(node.target).lstrip("*")
                if any(name == f or name.startswith(f"{f}_") for f in self._fixed) and not node.users:
                    return None
                return end_node(NodeKind.INPUT, name, self._root)
            case "output":
                return end_node(NodeKind.OUTPUT, "output", self._root)
            case "get_attr":
                return self._constant(node)
            case "call_module":
                return self._module(node)
            case _:
                return self._function(node)

    def _module(self, node: fx.Node) -> NodeDraft:
        path = str(node.target)
        call = self._calls[path] = self._calls.get(path, -1) + 1
        return module_node(self._modules[path], path, self._scope(node, leaf=True), call=call)

    def _function(self, node: fx.Node) -> NodeDraft | None:
        if node.op == "call_method":
            method = getattr(torch.Tensor, str(node.target), None)
            own = str(node.target), f"torch.Tensor.{node.target}"
            name, full_name = function_names(method) if callable(method) else own
        else:
            assert callable(node.target)  # noqa: S101 (what fx promises for call_function)
            if node.target in {torch._assert, getattr}:
                return None
            name, full_name = function_names(node.target)
        values = fx.node.map_arg((node.args, node.kwargs), lambda _: _PLACEHOLDER)
        args, kwargs = values
        return NodeDraft(
            kind=NodeKind.FUNCTION,
            name=name,
            type_name=name,
            full_name=full_name,
            scope=self._scope(node),
            summary=argument_summary(name, args, kwargs),
        )

    def _constant(self, node: fx.Node) -> NodeDraft:
        value: Any = operator.attrgetter(str(node.target))(self._model)
        return constant_node(value, str(node.target), self._scope(node))

    def _scope(self, node: fx.Node, *, leaf: bool = False) -> ScopeDraft:
        stack: dict[str, tuple[str, Any]] = dict(node.meta.get("nn_module_stack", {}))
        stack.pop("", None)
        keys = list(stack)[: -1 if leaf else None]
        for length in range(1, len(keys) + 1):
            key = tuple(keys[:length])
            if key not in self._scopes:
                self._scopes[key] = self._new_scope(stack[key[-1]][0], self._scopes[key[:-1]])
        return self._scopes[tuple(keys)]

    def _new_scope(self, path: str, parent: ScopeDraft) -> ScopeDraft:
        call = sum(scope.name == path for scope in self.draft.scopes)
        scope = module_scope(self._modules[path], path, parent, call=call)
        self.draft.scopes.append(scope)
        return scope

    def _arguments(self, node: fx.Node) -> Iterator[tuple[KeyPath, fx.Node]]:
        if node.op == "output":
            yield from self._places(node.args[0], ())
            return
        names = forward_parameters(self._modules[str(node.target)]) if node.op == "call_module" else ()
        for index, arg in enumerate(node.args):
            yield from self._places(arg, (names[index] if index < len(names) else str(index),))
        for key, arg in node.kwargs.items():
            yield from self._places(arg, (key,))

    def _places(self, value: object, path: KeyPath) -> Iterator[tuple[KeyPath, fx.Node]]:
        match value:
            case fx.Node():
                if value in self._made:
                    yield path, value
            case dict():
                for key, item in value.items():
                    yield from self._places(item, (*path, str(key)))
            case list() | tuple():
                for index, item in enumerate(value):
                    yield from self._places(item, (*path, str(index)))

    def _is_about_shapes(self, node: fx.Node) -> bool:
        """Tell whether a node gives sizes or types: one that asks for them, or computes with them alone."""
        if node.op == "call_method":
            if node.target in _SHAPE_METHODS:
                return True
        elif node.op != "call_function":
            return False
        elif node.target is getattr:
            return node.args[1] in _SHAPE_ATTRIBUTES
        sources = node.all_input_nodes
        pythons = getattr(node.target, "__module__", "") in {"_operator", "builtins", "math"}
        return bool(sources) and pythons and all(source not in self._made for source in sources)

    def _writes_into_first(self, node: fx.Node) -> bool:
        """Tell whether a call changes its first argument in place: that is then what the call made of it."""
        if not node.args or not isinstance(node.args[0], fx.Node):
            return False
        if node.op == "call_module":
            module = self._modules[str(node.target)]
            dropout = isinstance(module, torch.nn.modules.dropout._DropoutNd)  # hands through, in eval
            return getattr(module, "inplace", False) is True and not dropout
        name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "")
        if node.kwargs.get("inplace") is True:
            return "dropout" not in name
        return node.op != "output" and name.endswith("_") and not name.startswith("_")

    def _is_item_of_tuple(self, node: fx.Node) -> bool:
        if node.target is not operator.getitem or not isinstance(node.args[1], int):
            return False
        source = node.args[0]
        if not isinstance(source, fx.Node) or source not in self._made:
            return False
        made, path = self._made[source]
        gives_tuple = made.type_name in _TUPLE_CALLS or _returns_tuple(made.full_name)
        return gives_tuple and len(path) < (2 if _returns_tuple(made.full_name) else 1)


_PLACEHOLDER: Any = torch.empty(0)
"""Stands for a tensor where only the constant arguments of a call are wanted."""


def _returns_tuple(full_name: str) -> bool:
    return full_name.startswith(("torch.nn.modules.rnn.", "torch.nn.modules.activation.Multihead"))


def _optional_arguments(model: torch.nn.Module) -> dict[str, object]:
    """Return the parameters of ``forward`` that have a default, at their defaults.

    A run without them takes their defaults, and so does the symbolic one: most are flags that the code
    branches on.
    """
    try:
        parameters = inspect.signature(model.forward).parameters.values()
    except (TypeError, ValueError):
        return {}
    plain = (type(None), bool, int, float, str)
    optional = (p for p in parameters if p.default is not p.empty)
    return {p.name: p.default for p in optional if isinstance(p.default, plain)}
