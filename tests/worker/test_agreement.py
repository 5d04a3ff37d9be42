"""Data tracing and symbolic tracing see the same modules, functions and connections."""

from __future__ import annotations

import pytest

pytest.importorskip("torchvision")

from collections import Counter

from nnviz_docs.graph.model import Graph, NodeKind
from nnviz_docs.request.arguments import parse_arguments
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.request import Arguments, ModelPath, TraceRequest
from nnviz_docs.worker.strategies import trace

SAME = {
    "alexnet": "default",
    "deeplabv3_mobilenet_v3_large": "default",
    "densenet121": "default",
    "lraspp_mobilenet_v3_large": "default",
    "mnasnet0_5": "default",
    "mobilenet_v3_small": "default",
    "quantized_mobilenet_v2": "default",
    "quantized_resnet18": "default",
    "r3d_18": "tensor1x3x4x32x32",
    "regnet_x_400mf": "default",
    "resnet18": "default",
    "shufflenet_v2_x0_5": "default",
    "squeezenet1_0": "default",
    "vgg11": "default",
    "vit_b_16": "default",
}
"""One model of each family that ``torch.fx`` can trace, with an input."""

WRAPPED = {
    "convnext_tiny": {"stochastic_depth"},
    "efficientnet_b0": {"stochastic_depth"},
    "swin_t": {
        "_get_relative_position_bias",
        "_patch_merging_pad",
        "shifted_window_attention",
        "stochastic_depth",
    },
}
"""Functions that torchvision marks with ``torch.fx.wrap``: one call symbolically, what they do when run."""


@pytest.mark.parametrize("name", SAME)
def test_both_kinds_of_graph_agree(name: str):
    data, symbolic = _both(name, SAME[name])
    assert _connections(data) == _connections(symbolic)
    assert data.parameters == symbolic.parameters
    assert all(edge.data is not None for edge in data.edges)


@pytest.mark.parametrize("name", WRAPPED)
def test_graphs_differ_only_by_what_the_library_hides_from_symbolic_tracing(name: str):
    data, symbolic = _both(name, "default")
    only_symbolic = {node.name for node in symbolic.nodes} - {node.name for node in data.nodes}
    assert only_symbolic == WRAPPED[name]
    assert _modules(symbolic) <= _modules(data)
    assert data.parameters == symbolic.parameters


def _both(name: str, text: str) -> tuple[Graph, Graph]:
    path = ModelPath(kind="torchvision", place="", attributes=(name,))
    arguments = parse_arguments("weights_backbone=None") if "v3_large" in name else Arguments()
    data = trace(TraceRequest(model=path, arguments=arguments, inputs=parse_inputs(text))).graph
    return data, trace(TraceRequest(model=path, arguments=arguments)).graph


def _connections(graph: Graph) -> Counter[tuple[str, str]]:
    names = {node.id: node.name for node in graph.nodes}
    return Counter((names[edge.source], names[edge.target]) for edge in graph.edges)


def _modules(graph: Graph) -> set[str]:
    return {node.name for node in graph.nodes if node.kind is NodeKind.MODULE}
