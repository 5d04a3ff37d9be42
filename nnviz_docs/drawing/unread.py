"""What a run computed and nothing reads: left out of the picture, as an author would leave it out.

Code often takes a part of a tensor for its size alone, or computes what it then does not return.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from nnviz_docs.graph.model import Graph, Node, NodeKind

_IN_PLACE = frozenset({"setitem", "__setitem__"})


def without_unread(graph: Graph) -> Graph:
    """Return the graph without the calls of functions whose results lead nowhere.

    Modules stay, and so do functions that change a tensor in place, and all that a broken-off run did.
    """
    if not graph.complete or not graph.edges:
        return graph
    readers = Counter(edge.source for edge in graph.edges)
    sources: dict[str, list[str]] = {}
    for edge in graph.edges:
        sources.setdefault(edge.target, []).append(edge.source)
    nodes = {node.id: node for node in graph.nodes}
    waiting = [node for node in graph.nodes if not readers[node.id]]
    unread = set()
    while waiting:
        node = waiting.pop()
        if not _only_computes(node):
            continue
        unread.add(node.id)
        for source in sources.get(node.id, ()):
            readers[source] -= 1
            if not readers[source]:
                waiting.append(nodes[source])
    if not unread:
        return graph
    return replace(
        graph,
        nodes=tuple(node for node in graph.nodes if node.id not in unread),
        edges=tuple(edge for edge in graph.edges if edge.target not in unread),
    )


def _only_computes(node: Node) -> bool:
    if node.kind is not NodeKind.FUNCTION or "inplace=True" in node.summary:
        return False
    return node.name not in _IN_PLACE and not node.name.endswith("_")
