"""What a reader must be told of a figure that shows less than a recorded run at the depth asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nnviz_docs.drawing.text import clean
from nnviz_docs.drawing.view import View
from nnviz_docs.drawing.wording import plural
from nnviz_docs.graph.model import Graph, Mechanism

_WAYS: Mapping[Mechanism, str] = {
    Mechanism.META: "a run without memory",
    Mechanism.FAKE: "a run on fake tensors",
    Mechanism.REAL: "a real run",
    Mechanism.SYMBOLIC: "following its code",
    Mechanism.MODULES: "listing its modules",
}


def view_notes(view: View) -> tuple[str, ...]:
    """Return the notes under a figure: how the graph was made, and what is closed for the figure's sake."""
    return (*_graph_notes(view.graph), *_size_notes(view))


def how_traced(graph: Graph) -> str:
    """Return how a graph was made, and why not in the ways that come before: ``by a fake run (meta: …)``."""
    reasons = "; ".join(f"{attempt.mechanism}: {clean(attempt.reason)}" for attempt in graph.attempts)
    return f"by {_WAYS[graph.mechanism]}" + (f" ({reasons})" if reasons else "")


def _size_notes(view: View) -> Iterator[str]:
    if view.kept_closed:
        parts = f"{plural(view.kept_closed, 'part')} {'is' if view.kept_closed == 1 else 'are'}"
        limit = "a page" if view.fit and view.direction == "TB" else plural(view.budget, "box", "boxes")
        yield f"{parts} drawn closed to keep the figure within {limit}."


def _graph_notes(graph: Graph) -> tuple[str, ...]:
    if not graph.complete:
        return ("The run broke off at the marked box: what follows it is missing.",)
    match graph.mechanism:
        case Mechanism.SYMBOLIC if graph.attempts:
            return ("Structure only: running the model failed, so the data on the arrows is unknown.",)
        case Mechanism.MODULES:
            return ("Module tree only: the model could not be traced, so how data flows is unknown.",)
        case _:
            return ()
