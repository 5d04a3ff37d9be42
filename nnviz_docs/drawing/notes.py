"""What a reader must be told of a graph that is less than a recorded run."""

from __future__ import annotations

from nnviz_docs.graph.model import Graph, Mechanism


def graph_notes(graph: Graph) -> tuple[str, ...]:
    """Return the notes under a figure: how the graph was made, where that was not what was asked for."""
    if not graph.complete:
        return ("The run broke off at the marked box: what follows it is missing.",)
    match graph.mechanism:
        case Mechanism.SYMBOLIC if graph.attempts:
            return ("Structure only: running the model failed, so the data on the arrows is unknown.",)
        case Mechanism.MODULES:
            return ("Module tree only: the model could not be traced, so how data flows is unknown.",)
        case _:
            return ()
