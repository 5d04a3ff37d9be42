"""What tests of figures share: a whole figure out of a graph, and ways to read it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from nnviz_docs.drawing.composing import build_scene
from nnviz_docs.drawing.describe import describe
from nnviz_docs.drawing.engine import find_engine
from nnviz_docs.drawing.geometry import Area
from nnviz_docs.drawing.lay_out import lay_out
from nnviz_docs.drawing.layout import Layout
from nnviz_docs.drawing.scene import Scene
from nnviz_docs.drawing.shapes import draw_image
from nnviz_docs.drawing.svg import render_svg
from nnviz_docs.drawing.view import View, build_view
from nnviz_docs.graph.model import Graph
from nnviz_docs.request.request import FigureOptions
from nnviz_docs.request.settings import MOST_BOXES
from tests.drawing import graphs

EXAMPLES = {
    "resnet": graphs.resnet(),
    "nested": graphs.nested(),
    "dense": graphs.dense(),
    "very_dense": graphs.dense(20),
    "many_rows": graphs.many_rows(),
    "hostile": graphs.hostile(),
}
engine = cache(find_engine)


def view_of(graph: Graph, depth: int | None = 2) -> View:
    return build_view(graph, FigureOptions(depth=depth, boxes=MOST_BOXES, fit=False, fold=False))


def scene_of(graph: Graph, depth: int | None = 2) -> Scene:
    return build_scene(view_of(graph, depth))


def figure(graph: Graph, depth: int | None = 2) -> tuple[Scene, Layout]:
    scene = scene_of(graph, depth)
    return scene, lay_out(scene, engine())


def svg_of(graph: Graph, *, depth: int | None = 2, standalone: bool = False, id_prefix: str = "f0") -> str:
    scene, layout = figure(graph, depth)
    image = draw_image(scene, layout)
    return render_svg(image, id_prefix=id_prefix, standalone=standalone, alt=describe(graph))


def box_areas(scene: Scene, layout: Layout) -> list[Area]:
    return [Area.around(at, box.width, box.height) for at, box in zip(layout.boxes, scene.boxes, strict=True)]


def label_areas(scene: Scene, layout: Layout) -> list[Area]:
    pairs = zip(scene.arrows, layout.arrows, strict=True)
    return [
        Area.around(path.label, arrow.label.width, arrow.label.height) for arrow, path in pairs if arrow.label
    ]


def all_routed(scene: Scene) -> Scene:
    """Return the scene with every arrow left to Graphviz."""
    return replace(scene, arrows=tuple(replace(arrow, aside=False) for arrow in scene.arrows))
