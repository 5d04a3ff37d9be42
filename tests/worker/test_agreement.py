"""Data tracing and symbolic tracing see the same modules, functions and connections.

The usual models are some of each family; ``pytest tests/worker/test_agreement.py -m zoo`` takes the rest of
torchvision's.
"""

from __future__ import annotations

import pytest

pytest.importorskip("torchvision")

from collections import Counter
from dataclasses import replace

from torchvision import models

from nnviz_docs.graph.model import Graph, Mechanism, Node, NodeKind
from nnviz_docs.worker.strategies import trace
from tests.worker.tracing import constants, edge_names, trace_model
from tests.worker.zoo import DETECTORS, chosen, request_of

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # of how torchvision initialises Inception

SAME = (
    *("alexnet", "densenet121", "googlenet", "inception_v3", "mnasnet0_5", "mobilenet_v3_small", "resnet18"),
    *("regnet_x_400mf", "regnet_y_400mf", "resnext50_32x4d", "shufflenet_v2_x0_5", "squeezenet1_0", "vgg11"),
    *("vit_b_16", "wide_resnet50_2", "mc3_18", "r2plus1d_18", "r3d_18", "s3d", "fcn_resnet50"),
    *("deeplabv3_mobilenet_v3_large", "lraspp_mobilenet_v3_large", "quantized_googlenet"),
    *("quantized_inception_v3", "quantized_mobilenet_v2", "quantized_mobilenet_v3_large"),
    *("quantized_resnet18", "quantized_shufflenet_v2_x0_5"),
)
DIFFERENT = (
    *("convnext_tiny", "efficientnet_b0", "efficientnet_v2_s", "maxvit_t", "mvit_v1_b", "mvit_v2_s"),
    *("swin_t", "swin_v2_t", "swin3d_t"),
)
WRAPPED = {
    "convnext": {"stochastic_depth"},
    "efficientnet": {"stochastic_depth"},
    "maxvit": {"stochastic_depth"},
    "mvit_v1": {"stochastic_depth", "_squeeze", "_unsqueeze"},
    "mvit_v2": {"stochastic_depth", "_squeeze", "_unsqueeze", "_add_rel_pos", "_add_shortcut"},
    "swin_": {
        "_get_relative_position_bias",
        "_patch_merging_pad",
        "shifted_window_attention",
        "stochastic_depth",
    },
    "swin3d": {
        "_compute_pad_size_3d",
        "_get_relative_position_bias",
        "_get_window_and_shift_size",
        "_patch_merging_pad",
        "shifted_window_attention_3d",
        "stochastic_depth",
    },
}
"""Functions, by family, that torchvision marks with ``torch.fx.wrap``.

Each is one call symbolically, and what it does when run: apart from the modules that call one, the graphs
are the same.
"""
UNTRACEABLE = dict.fromkeys(DETECTORS, "Proxy object cannot be iterated")
UNTRACEABLE |= dict.fromkeys(("raft_large", "raft_small"), "used as inputs to control flow")
"""Models that ``torch.fx`` can't follow, with what it says of them."""

_DIFFER = [name for name in models.list_models() if name.startswith(tuple(WRAPPED))]
_AGREE = [name for name in models.list_models() if name not in UNTRACEABLE and name not in _DIFFER]


@pytest.mark.parametrize("name", chosen(SAME, among=_AGREE))
def test_both_kinds_of_graph_agree(name: str):
    data, symbolic = _both(name)
    assert _connections(data) == _connections(symbolic)
    assert Counter(node.name for node in data.nodes) == Counter(node.name for node in symbolic.nodes)
    assert data.parameters == symbolic.parameters
    assert all(edge.data is not None for edge in data.edges)


@pytest.mark.parametrize("name", chosen(DIFFERENT, among=_DIFFER))
def test_graphs_differ_only_inside_modules_that_hide_a_function_from_symbolic_tracing(name: str):
    data, symbolic = _both(name)
    hidden = next(functions for family, functions in WRAPPED.items() if name.startswith(family))
    assert {n.name for n in symbolic.nodes} - {n.name for n in data.nodes} - {"getitem"} == hidden
    scopes = {scope.id: scope.name for scope in symbolic.scopes}
    closed = {scopes[node.scope] for node in symbolic.nodes if node.name in hidden} - {""}
    assert closed
    assert _between(data, closed) == _between(_without_hidden_in_root(symbolic, hidden), closed)
    assert data.parameters == symbolic.parameters


@pytest.mark.parametrize("name", chosen(["raft_small"], among=UNTRACEABLE))
def test_the_others_are_those_that_symbolic_tracing_cannot_follow(name: str):
    graph = trace(request_of(name, with_input=False)).graph
    assert graph.mechanism is Mechanism.MODULES
    assert UNTRACEABLE[name] in graph.attempts[0].reason


@pytest.mark.parametrize("model", ["written_to", "buffers", "buffers:Loop"])
def test_writes_and_buffers_are_followed_symbolically_too(model: str):
    data, symbolic = trace_model(model, "tensor2x4").graph, trace_model(model).graph
    assert symbolic.mechanism is Mechanism.SYMBOLIC
    assert edge_names(symbolic) == edge_names(data)
    assert constants(symbolic) == constants(data)


def test_a_second_try_is_on_a_model_that_remembers_nothing_of_the_first():
    graph = trace_model("remembers").graph
    assert graph.mechanism is Mechanism.SYMBOLIC
    assert [node.name for node in graph.nodes if node.kind is NodeKind.FUNCTION] == ["mul"]


def _both(name: str) -> tuple[Graph, Graph]:
    return trace(request_of(name)).graph, trace(request_of(name, with_input=False)).graph


def _connections(graph: Graph) -> Counter[tuple[str, str]]:
    names = {node.id: node.name for node in graph.nodes}
    return Counter((names[edge.source], names[edge.target]) for edge in graph.edges)


def _between(graph: Graph, closed: set[str]) -> set[tuple[str, str]]:
    """Return the connections of a graph in which all that a closed module holds is one node."""
    labels = {node.id: _label(graph, node, closed) for node in graph.nodes}
    ends = {(labels[edge.source], labels[edge.target]) for edge in graph.edges}
    return {(source, target) for source, target in ends if source != target or source not in closed}


def _label(graph: Graph, node: Node, closed: set[str]) -> str:
    """Return the name of the outermost closed module that a node is in, else its own."""
    scopes = {scope.id: scope for scope in graph.scopes}
    around, scope = [node.name] if node.kind is NodeKind.MODULE else [], scopes[node.scope]
    while scope.parent is not None:
        around.append(scope.name)
        scope = scopes[scope.parent]
    return next((name for name in reversed(around) if name in closed), node.name)


def _without_hidden_in_root(graph: Graph, hidden: set[str]) -> Graph:
    """Take away the hidden functions that the model itself calls, and what takes the first item of theirs.

    Those are MViT's, which hand an image or clip of the usual number of dimensions through.
    """
    root, names = graph.scopes[0].id, {node.id: node.name for node in graph.nodes}
    source_of = {edge.target: edge.source for edge in graph.edges}
    idle = {node.id for node in graph.nodes if node.name in hidden and node.scope == root}
    idle |= {target for target, source in source_of.items() if source in idle and names[target] == "getitem"}
    edges = []
    for edge in graph.edges:
        source = edge.source
        while source in idle:
            source = source_of[source]
        if edge.target not in idle:
            edges.append(replace(edge, source=source))
    return replace(graph, edges=tuple(edges))
