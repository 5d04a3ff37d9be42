"""Draws every model of torchvision as a page would by default, and reports how readable the figures are.

Run from the repository's root::

    python benchmarks/figures.py [--models 'resnet*'] [--cache FOLDER] [--json FILE]

For each model, at default settings: boxes, width and height in pixels, the size of the smallest text in a
column of 700 pixels, bytes of SVG and seconds of layout; and seconds of layout for the whole graph, as far as
the hard limit to boxes lets it be drawn. Traces stay in the cache's folder: a second run only draws.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from torchvision import models
from zoo import input_of

from nnviz_docs.drawing.composing import build_scene
from nnviz_docs.drawing.engine import LayoutEngine, find_engine
from nnviz_docs.drawing.lay_out import lay_out
from nnviz_docs.drawing.layout import Layout
from nnviz_docs.drawing.scene import TEXT_SIZE
from nnviz_docs.drawing.svg import MARGIN, render_svg
from nnviz_docs.drawing.view import build_view
from nnviz_docs.errors import NnvizError
from nnviz_docs.figure import Figures
from nnviz_docs.graph.model import Graph
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.request import FigureOptions
from nnviz_docs.request.settings import MOST_BOXES, Settings

COLUMN = 700
"""Width in pixels of the text column of most documentation themes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """One figure; ``text`` is the size of the smallest, ``whole`` the seconds of layout of all that fits."""

    name: str
    boxes: int
    kept_closed: int
    width: int
    height: int
    text: float
    size: int
    seconds: float
    whole: float


def measure(name: str, graph: Graph, engine: LayoutEngine) -> Measured:
    """Draw the figure of a graph and return its measures."""
    view = build_view(graph, FigureOptions())
    layout, seconds = _timed(graph, FigureOptions(), engine)
    svg = render_svg(build_scene(view), layout, id_prefix=name, standalone=False, alt=name)
    width = layout.width + 2 * MARGIN
    return Measured(
        name=name,
        boxes=len(view.boxes),
        kept_closed=view.kept_closed,
        width=round(width),
        height=round(layout.height),
        text=round(TEXT_SIZE * min(1, COLUMN / width), 1),
        size=len(svg.encode()),
        seconds=round(seconds, 2),
        whole=round(_timed(graph, FigureOptions(depth=None, boxes=MOST_BOXES, fold=False), engine)[1], 2),
    )


def _timed(graph: Graph, options: FigureOptions, engine: LayoutEngine) -> tuple[Layout, float]:
    scene = build_scene(build_view(graph, options))
    start = time.perf_counter()
    return lay_out(scene, engine), time.perf_counter() - start


def graphs(names: list[str], folder: Path) -> Iterator[tuple[str, Graph]]:
    """Yield the graph of each model that can be traced, out of the cache or traced now."""
    settings = Settings(cache_dir=str(folder))
    figures = Figures(settings, Path.cwd())
    requests = {name: parse_request(name, {"input": input_of(name)}, settings).trace for name in names}
    for name, request in requests.items():
        try:
            yield name, figures.trace(request).graph
        except NnvizError as error:
            print(f"{name}: {error}")


def main() -> None:
    """Measure the models that the command line names, and print a line for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", default="*", help="pattern of model names")
    parser.add_argument("--cache", type=Path, default=Path(".cache/nnviz"), help="folder of the cache")
    parser.add_argument("--json", type=Path, help="file to write the measures to")
    options = parser.parse_args()
    names = [n for n in models.list_models() if not n.startswith("quantized")]
    engine = find_engine()
    found = []
    print(f"{'model':32} boxes closed  width height  text   bytes seconds   whole")
    for name, graph in graphs(fnmatch.filter(names, options.models), options.cache):
        m = measure(name, graph, engine)
        found.append(m)
        sizes = f"{m.width:6} {m.height:6} {m.text:5} {m.size:7}"
        print(f"{name:32} {m.boxes:5} {m.kept_closed:6} {sizes} {m.seconds:7} {m.whole:7}", flush=True)
    readable = sum(m.boxes <= FigureOptions().boxes and m.text >= TEXT_SIZE for m in found)
    print(f"{readable} of {len(found)} have at most {FigureOptions().boxes} boxes and text of {TEXT_SIZE} px")
    if options.json:
        options.json.write_text(json.dumps([asdict(m) for m in found], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
