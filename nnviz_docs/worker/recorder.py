"""Records one run of a model: every torch call on plain tensors, and every call of a module.

A ``TorchFunctionMode`` sees the torch calls, functions and methods alike, with nothing patched; hooks on
all modules give the stack of module calls. What happens inside a ``torch.nn`` module that calls no other
module is that module's own business: the module is one node.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import torch
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook
from torch.overrides import TorchFunctionMode
from torch.utils.hooks import RemovableHandle

from nnviz_docs.graph.model import NodeKind
from nnviz_docs.worker import nodes
from nnviz_docs.worker.describing import Description, PlacedTensor, describe, describe_arguments
from nnviz_docs.worker.drafts import GraphDraft, NodeDraft, ScopeDraft
from nnviz_docs.worker.flops import Count, FlopCounter
from nnviz_docs.worker.modules import ModuleNames, is_torchs
from nnviz_docs.worker.naming import forward_parameters
from nnviz_docs.worker.producers import Producer, Producers, was_written
from nnviz_docs.worker.stack import CallStack, FunctionCall, ModuleCall
from nnviz_docs.worker.storages import bytes_made
from nnviz_docs.worker.unseen import alias_of, unseen


class Recorder(TorchFunctionMode):
    """Context manager that records the calls made while it is entered, into ``draft``.

    Example:
        >>> with Recorder(model) as recorder:
        ...     recorder.add_inputs({"x": x})
        ...     recorder.add_output(model(x))
        >>> recorder.draft.finish(model="Net", mechanism=Mechanism.META, parameters=0)
    """

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.draft = GraphDraft()
        self._root = nodes.module_scope(model, "", None)
        self.draft.scopes.append(self._root)
        self._stack = CallStack(self.draft, self._root)
        self._names = ModuleNames(model)
        self._producers = Producers()
        self._calls: Counter[int] = Counter()
        self._flops = FlopCounter()
        self._muted = False
        self._handles: list[RemovableHandle] = []
        self._failure: NodeDraft | None = None

    def __enter__(self) -> Self:
        """Start to record."""
        self._handles = [
            register_module_forward_pre_hook(self._enter_module),
            register_module_forward_hook(self._leave_module, with_kwargs=True, always_call=True),
        ]
        super().__enter__()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop to record; leave nothing behind."""
        super().__exit__(exc_type, exc_value, traceback)
        for handle in self._handles:
            handle.remove()
        if exc_type is not None:
            self.draft.failed_at = self._failure or self._add_failure(exc_type, self._root)

    @unseen
    def add_inputs(self, arguments: Mapping[str, object]) -> None:
        """Add an input node for each of the model's arguments that holds a tensor."""
        for name, value in arguments.items():
            data, tensors = describe(value)
            if tensors:
                node = nodes.end_node(NodeKind.INPUT, name, self._root, data)
                self.draft.nodes.append(node)
                self._producers.assign_all(node, tensors)
        self._root.inputs = describe(arguments).data

    @unseen
    def add_output(self, value: object) -> None:
        """Add the output node for what the model returned."""
        data, tensors = describe(value)
        self._root.output = data
        node = nodes.end_node(NodeKind.OUTPUT, "output", self._root, data)
        self._add_call(node, tensors)

    # Torch calls

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Run a torch call, and record it when it returns or changes a tensor."""
        kwargs = kwargs or {}
        if self._muted:
            return self._flops.call(func, args, kwargs)
        if func is torch.Tensor.__iter__:  # the items would else come from nowhere
            return iter(self.__torch_function__(torch.unbind, types, args))
        call = self._open_function(func, args, kwargs)
        self._muted = True
        try:
            output = self._flops.call(func, args, kwargs)
        except Exception:
            self._fail_function(call)
            raise
        finally:
            self._muted = False
        return self._close_function(call, output)

    @unseen
    def _open_function(
        self, func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> FunctionCall:
        inputs = describe_arguments(args, kwargs).tensors
        return FunctionCall(func, args, kwargs, inputs, self._flops.count)

    @unseen
    def _fail_function(self, call: FunctionCall) -> None:
        node = nodes.function_node(call.function, call.args, call.kwargs, self._stack.scope())
        self._failure = self._add_call(node, call.inputs)

    @unseen
    def _close_function(self, call: FunctionCall, output: Any) -> Any:
        result = describe(output)
        if not result.tensors and not any(map(was_written, call.inputs)):
            return output
        self._recover()
        node = nodes.function_node(call.function, call.args, call.kwargs, self._stack.scope())
        self._weigh(node, call.before, result, [placed.tensor for placed in call.inputs])
        self._add_call(node, call.inputs)
        return self._finish_call(node, call.inputs, output, result.tensors)

    def _add_call(self, node: NodeDraft, inputs: list[PlacedTensor]) -> NodeDraft:
        self._connect(node, inputs)
        self.draft.nodes.append(node)
        return node

    # Module calls

    @unseen
    def _enter_module(self, module: torch.nn.Module, args: tuple[Any, ...]) -> None:
        if self._muted:
            return
        leaf = is_torchs(module) and not any(True for _ in module.children())
        outer = self._stack.scope()
        mark = self.draft.mark()
        is_root = self._stack.innermost is None
        scope = outer if leaf or is_root else self._open_scope(module, args, outer)
        inputs = describe_arguments(args, {}, forward_parameters(module)).tensors
        before = self._flops.count
        call = ModuleCall(module=module, inputs=inputs, scope=scope, leaf=leaf, mark=mark, before=before)
        self._stack.push(call)
        self._muted = leaf
        if call.is_script:
            self._flops.__enter__()

    def _open_scope(self, module: torch.nn.Module, args: tuple[Any, ...], outer: ScopeDraft) -> ScopeDraft:
        scope = nodes.module_scope(module, self._name(module, outer), outer, call=self._count_call(module))
        scope.inputs = describe(args[0] if len(args) == 1 else args).data
        self.draft.scopes.append(scope)
        return scope

    @unseen
    def _leave_module(self, module: torch.nn.Module, args: tuple[Any, ...], *rest: Any) -> Any:
        """Close a module's call; torch passes kwargs and result, after an exception the result alone."""
        call = self._stack.innermost
        if call is None or call.module is not module:
            return None
        self._stack.pop()
        self._muted = False
        if call.is_script:
            self._flops.__exit__(None, None, None)
        if len(rest) == 1:
            self._fail(call)
            return None
        kwargs, output = rest
        self._recover()
        if self._is_node(call):
            return self._close_leaf(call, kwargs, output)
        call.scope.output = describe(output).data
        if kwargs:
            call.scope.inputs = describe_arguments(args, kwargs, forward_parameters(module)).data
        return None

    def _is_node(self, call: ModuleCall) -> bool:
        """Tell whether a call that ended is a node: a leaf, or one that called no module or nothing."""
        if call.leaf:
            return True
        if call.scope is self._root:
            return False
        nothing_inside = len(self.draft.nodes) == call.mark.nodes
        return nothing_inside or (is_torchs(call.module) and not call.calls_modules)

    def _close_leaf(self, call: ModuleCall, kwargs: Mapping[str, Any], output: Any) -> Any:
        result = describe(output)
        inputs = call.inputs + describe_arguments((), kwargs).tensors
        node = self._leaf_node(call)
        self.draft.merge_since(call.mark, node)
        if not result.tensors and not inputs:
            return None
        own = [*call.module.parameters(recurse=False), *call.module.buffers(recurse=False)]
        self._weigh(node, call.before, result, [*own, *(placed.tensor for placed in inputs)])
        self._add_call(node, inputs + self._computed_parameters(call.module))
        return self._finish_call(node, inputs, output, result.tensors)

    def _computed_parameters(self, module: torch.nn.Module) -> list[PlacedTensor]:
        """Return the leaf's parameters that the run itself made (``torch.func.functional_call``)."""
        own = describe({name: p for name, p in module._parameters.items() if p is not None}).tensors
        sources = ((placed, self._producers.get(placed.tensor)) for placed in own)
        return [placed for placed, source in sources if source and source.node.kind is not NodeKind.CONSTANT]

    def _leaf_node(self, call: ModuleCall) -> NodeDraft:
        scope = call.scope if call.leaf else call.scope.parent or self._root
        number = self._count_call(call.module) if call.leaf else call.scope.call
        return nodes.module_node(call.module, self._name(call.module, scope), scope, call=number)

    def _fail(self, call: ModuleCall) -> None:
        """Keep the innermost place where the run broke off."""
        if self._is_node(call):
            self._failure = self._leaf_node(call)
            self.draft.merge_since(call.mark, self._failure)
            self._add_call(self._failure, call.inputs)
        elif self._failure is None:
            self._failure = self._add_failure(sys.exc_info()[0], call.scope)

    # What both have in common

    def _weigh(
        self, node: NodeDraft, before: Count, result: Description, known: Sequence[torch.Tensor]
    ) -> None:
        """Note what the call returned and cost; ``known`` are the tensors that were there before."""
        node.output = result.data
        node.flops = self._flops.since(before)
        node.memory = bytes_made([placed.tensor for placed in result.tensors], known)

    def _finish_call(
        self, node: NodeDraft, inputs: list[PlacedTensor], output: Any, tensors: list[PlacedTensor]
    ) -> Any:
        """Note what the call produced and changed; return the output, an alias where it is an input.

        A call that hands its input back unchanged (dropout in eval) would else seem to have produced what
        others use as well.
        """
        written = [placed.tensor for placed in inputs if was_written(placed)]
        for tensor in written:
            self._producers.assign_written(tensor, node)
        if not written and any(placed.tensor is output for placed in inputs):
            output = alias_of(output)
            tensors = describe(output).tensors
        made = [placed for placed in tensors if not any(placed.tensor is t for t in written)]
        self._producers.assign_all(node, made)
        return output

    def _recover(self) -> None:
        """Forget a failure that the model caught: the run goes on."""
        if self._failure is not None:
            self.draft.drop(self._failure)
            self._failure = None

    def _connect(self, node: NodeDraft, inputs: list[PlacedTensor]) -> None:
        for placed in inputs:
            source = self._producers.get(placed.tensor)
            if source is None:
                source = Producer(self._add_constant(placed.tensor), (), placed.version)
                self._producers.assign(placed.tensor, source.node)
            self.draft.edges.append(self._producers.edge(placed, source, node))

    def _add_constant(self, tensor: torch.Tensor) -> NodeDraft:
        node = nodes.constant_node(tensor, self._names.of_tensor(tensor), self._stack.scope())
        node.output = describe(tensor).data
        self.draft.nodes.append(node)
        return node

    def _add_failure(self, error: type[BaseException] | None, scope: ScopeDraft) -> NodeDraft:
        """Mark the place where the model's own code raised, outside of any torch call."""
        self.draft.nodes.append(node := nodes.failure_node(error, scope))
        return node

    def _name(self, module: torch.nn.Module, scope: ScopeDraft) -> str:
        return self._names.of(module, self._stack.module, scope.name)

    def _count_call(self, module: torch.nn.Module) -> int:
        self._calls[id(module)] += 1
        return self._calls[id(module)] - 1
