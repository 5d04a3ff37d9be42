"""From a graph to its drawings, or its text: all steps in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nnviz_docs.drawing.describe import describe
from nnviz_docs.drawing.drawing import Drawing
from nnviz_docs.drawing.fitting import draw
from nnviz_docs.drawing.layout import Layout
from nnviz_docs.drawing.notes import view_notes
from nnviz_docs.drawing.plain import render_text
from nnviz_docs.drawing.scene import Scene
from nnviz_docs.drawing.shapes import draw_image
from nnviz_docs.drawing.tables import build_tables
from nnviz_docs.drawing.view import build_view
from nnviz_docs.graph.model import Graph
from nnviz_docs.request.depths import depths_in
from nnviz_docs.request.request import FigureOptions


def make_drawings(
    graph: Graph, options: FigureOptions, lay_out: Callable[[Scene], Layout | None], *, fitted: bool = False
) -> tuple[Drawing, ...]:
    """Return the drawings of a graph, one for each depth that differs; ``lay_out`` gives a scene its places.

    Text is ``fitted`` to its boxes where it is drawn in a site's own font.

    Raises:
        NnvizError: an option names a part that the model does not have.
    """
    drawings: dict[Scene, Drawing] = {}  # a depth that adds nothing to another is not a choice
    for depth in depths_in(options.depth):
        drawn = draw(graph, replace(options, depth=depth), lay_out)
        if drawn.scene not in drawings:
            drawings[drawn.scene] = Drawing(
                depth=depth,
                image=draw_image(drawn.scene, drawn.layout, fitted=fitted) if drawn.layout else None,
                description=describe(drawn.view.graph),
                notes=view_notes(drawn.view),
                tables=build_tables(drawn.view, options.tables if drawn.layout else "edges"),
            )
    return tuple(drawings.values())


def make_text(graph: Graph, options: FigureOptions) -> str:
    """Return a graph as plain text; of several depths, the first.

    Raises:
        NnvizError: an option names a part that the model does not have.
    """
    view = build_view(graph, options)
    return render_text(view, tables=build_tables(view, options.tables), notes=view_notes(view))
