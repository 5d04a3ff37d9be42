"""Data tracing and symbolic tracing see the same modules, functions and connections."""

from __future__ import annotations

import pytest

pytest.importorskip("torchvision")

from collections import Counter

from nnviz_docs.graph.model import Graph
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.request import ModelPath, TraceRequest
from nnviz_docs.worker.strategies import trace

MODELS = ["resnet18", "densenet121", "vit_b_16", "mobilenet_v3_small"]


@pytest.mark.parametrize("name", MODELS)
def test_both_kinds_of_graph_agree(name: str):
    path = ModelPath(kind="torchvision", place="", attributes=(name,))
    data = trace(TraceRequest(model=path, inputs=parse_inputs("default"))).graph
    symbolic = trace(TraceRequest(model=path)).graph
    assert _connections(data) == _connections(symbolic)
    assert data.parameters == symbolic.parameters
    assert all(edge.data is not None for edge in data.edges)


def _connections(graph: Graph) -> Counter[tuple[str, str]]:
    names = {node.id: node.name for node in graph.nodes}
    return Counter((names[edge.source], names[edge.target]) for edge in graph.edges)
