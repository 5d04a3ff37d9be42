"""A figure in one sentence, for readers who cannot see it."""

from __future__ import annotations

from nnviz_docs.drawing.text import clean
from nnviz_docs.drawing.wording import data_text, plural
from nnviz_docs.graph.model import Graph, NodeKind, Scope, ScopeKind


def describe(graph: Graph) -> str:
    """Return what a graph shows: ``Net: 3 modules, float32 [1, 3] to float32 [1, 10], 40 parameters``."""
    flow = " to ".join(filter(None, (_data(graph, NodeKind.INPUT), _data(graph, NodeKind.OUTPUT))))
    parts = (
        plural(len(_modules(graph)), "module"),
        flow,
        plural(graph.parameters, "parameter"),
        "" if graph.complete else "incomplete",
    )
    return f"{clean(graph.model)}: {', '.join(filter(None, parts))}"


def _modules(graph: Graph) -> set[str]:
    names = {node.name for node in graph.nodes if node.kind is NodeKind.MODULE}
    return names | {scope.name for scope in graph.scopes if _is_submodule(scope)}


def _is_submodule(scope: Scope) -> bool:
    return scope.kind is ScopeKind.MODULE and scope.parent is not None


def _data(graph: Graph, kind: NodeKind) -> str:
    found = [node.output for node in graph.nodes if node.kind is kind and node.output is not None]
    return " and ".join(map(data_text, found)) if len(found) <= 3 else f"{len(found)} values"
