"""Helpers to trace the tiny models and to look at their graphs."""

from __future__ import annotations

from nnviz_docs.graph.model import Graph, Node, NodeKind
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.request import ModelPath, TraceMode, TraceRequest
from nnviz_docs.worker.strategies import Traced, trace


def request_for(model: str, text: str = "", mode: TraceMode = TraceMode.AUTO) -> TraceRequest:
    """Return the request for ``tests.models.<model>``, whose class is ``Model`` unless it is named."""
    module, _, name = model.partition(":")
    path = ModelPath(kind="qualified", place=f"tests.models.{module}", attributes=(name or "Model",))
    return TraceRequest(model=path, inputs=parse_inputs(text) if text else None, mode=mode)


def trace_model(model: str, text: str = "", mode: TraceMode = TraceMode.AUTO) -> Traced:
    """Trace one of the tiny models in this very process."""
    return trace(request_for(model, text, mode))


def named(graph: Graph, name: str) -> Node:
    """Return the first node of a name."""
    return next(node for node in graph.nodes if node.name == name)


def edge_names(graph: Graph) -> list[tuple[str, str]]:
    """Return the edges by the types of their ends, without those from constants."""
    nodes = {node.id: node for node in graph.nodes}
    ends = [(nodes[edge.source], nodes[edge.target]) for edge in graph.edges]
    return [(a.type_name, b.type_name) for a, b in ends if a.kind is not NodeKind.CONSTANT]


def constants(graph: Graph) -> dict[str, str]:
    """Return the constants by name, with what they are."""
    return {node.name: node.type_name for node in graph.nodes if node.kind is NodeKind.CONSTANT}
