"""Whether a run on meta broke off because it needs values that no run without memory has."""

from __future__ import annotations

from nnviz_docs.graph.model import Graph, Node, NodeKind
from nnviz_docs.worker.failures import message_of

_ASKS_FOR_VALUES = ("nonzero", "item()")
"""What torch's messages name, on meta, where a shape or a branch depends on the values of a tensor."""


def needs_values(error: Exception, graph: Graph) -> bool:
    """Tell whether the failing call asked for values that come from the model's input or parameters.

    Fake tensors know the values of the constants that the model's code makes, and of nothing else: for such
    a model they are as little use as meta tensors.
    """
    asked = any(word in message_of(error) for word in _ASKS_FOR_VALUES)
    return asked and graph.failed_at is not None and _is_computed(graph, graph.failed_at)


def _is_computed(graph: Graph, node_id: str) -> bool:
    """Tell whether what a node got comes from an input, a parameter or a buffer, through whatever calls."""
    sources = {node_id}
    for edge in reversed(graph.edges):  # recorded in the order of the calls: one way back meets them all
        if edge.target in sources:
            sources.add(edge.source)
    return any(n.id in sources and (n.kind is NodeKind.INPUT or _is_registered(n)) for n in graph.nodes)


def _is_registered(node: Node) -> bool:
    return node.kind is NodeKind.CONSTANT and node.type_name in {"Parameter", "Buffer"}
