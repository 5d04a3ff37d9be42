"""Draws the models of torchvision and of transformers by default, and reports how readable they are.

Run from the repository's root::

    python benchmarks/figures.py [--models 'resnet*'] [--cache FOLDER] [--json FILE] [--depths] [--browser]

For each model, at default settings: boxes, width and height in pixels, the size of the smallest text in a
column of 700 pixels, bytes of SVG, layouts that were tried and their seconds. ``--depths`` adds the longest
layout at any depth, without folding, as far as the hard limit to boxes lets it be drawn. ``--browser`` opens
all of them in Chromium and lists what is cut off or covered. ``--compare nnviz --compare torchview`` adds
bytes, width and height of what these tools make of torchvision's models by default. Traces stay in the
cache's folder: a second run only draws.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from statistics import median

from other_tools import DRAWERS, draw_with
from torchvision import models
from transformers_zoo import options_of
from zoo import input_of

from nnviz_docs.drawing.composing import build_scene
from nnviz_docs.drawing.engine import find_engine
from nnviz_docs.drawing.fitting import COLUMN, draw
from nnviz_docs.drawing.lay_out import lay_out
from nnviz_docs.drawing.layout import Layout
from nnviz_docs.drawing.scene import Scene
from nnviz_docs.drawing.shapes import draw_image
from nnviz_docs.drawing.sizes import MARGIN, TEXT_SIZE
from nnviz_docs.drawing.svg import render_svg
from nnviz_docs.drawing.view import build_view
from nnviz_docs.errors import NnvizError
from nnviz_docs.figure import Figures
from nnviz_docs.graph.model import Graph
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.request import FigureOptions
from nnviz_docs.request.settings import MOST_BOXES, Settings

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests look for the same in a browser
from tests.drawing.pages import opened, page_with
from tests.drawing.readable import FONTS, faults

_BROWSER = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """One figure; ``text`` is the size of the smallest, ``seconds`` those of ``layouts`` tries."""

    name: str
    boxes: int
    kept_closed: int
    width: int
    height: int
    text: float
    size: int
    layouts: int
    seconds: float
    longest: float
    longest_depth: int


class Timer:
    """Lays scenes out, and notes how long each took."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._engine = find_engine()

    def lay_out(self, scene: Scene) -> Layout:
        """Return the layout of a scene."""
        start = time.perf_counter()
        try:
            return lay_out(scene, self._engine)
        finally:
            self.seconds.append(time.perf_counter() - start)


def measure(name: str, graph: Graph, *, depths: bool) -> tuple[Measured, str]:
    """Draw the figure of a graph; return its measures and the SVG."""
    timer = Timer()
    drawn = draw(graph, FigureOptions(), timer.lay_out)
    assert drawn.layout is not None
    image = draw_image(drawn.scene, drawn.layout)
    svg = render_svg(image, id_prefix=name, standalone=False, alt=name)
    width = drawn.width + 2 * MARGIN
    longest = max(_by_depth(graph) if depths else [(0.0, 0)])
    return Measured(
        name=name,
        boxes=len(drawn.view.boxes),
        kept_closed=drawn.view.kept_closed,
        width=round(width),
        height=round(drawn.layout.height),
        text=round(TEXT_SIZE * min(1, COLUMN / width), 1),
        size=len(svg.encode()),
        layouts=len(timer.seconds),
        seconds=round(sum(timer.seconds), 2),
        longest=round(longest[0], 2),
        longest_depth=longest[1],
    ), svg


def _by_depth(graph: Graph) -> Iterator[tuple[float, int]]:
    """Yield the seconds of layout at each depth, until there is nothing more to open."""
    before: Scene | None = None
    for depth in count(1):
        options = FigureOptions(depth=depth, boxes=MOST_BOXES, fit=False, fold=False)
        scene = build_scene(build_view(graph, options))
        if scene == before:
            return
        before, timer = scene, Timer()
        timer.lay_out(scene)
        yield timer.seconds[0], depth


def look_at(figures: Mapping[str, str]) -> Iterator[str]:
    """Yield what cannot be read in figures, given as SVG by their names, when Chromium shows them."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, _BROWSER)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for name, svg in figures.items():
            for fonts, style in FONTS.items():
                with opened(browser, page_with(svg), style=style) as page:
                    yield from (f"{name} {fonts}: {fault}" for fault in faults(page))
        browser.close()


def graphs(pattern: str, folder: Path) -> Iterator[tuple[str, Graph]]:
    """Yield the graph of each model that is named so, out of the cache or traced now."""
    settings = Settings(cache_dir=str(folder))
    figures = Figures(settings, Path.cwd())
    asked = {name: (name, {"input": input_of(name)}) for name in models.list_models()} | options_of()
    for name in fnmatch.filter(asked, pattern):
        path, options = asked[name]
        try:
            yield name, figures.trace(parse_request(path, options, settings).trace).graph
        except NnvizError as error:
            print(f"{name}: {error}")


def compare(tool: str, ours: Mapping[str, Measured], timeout: float) -> None:
    """Print what another tool draws of torchvision's models, and medians of both where both drew."""
    inputs = {name: input_of(name) for name in ours if name in models.list_models()}
    both = []
    print(f"\n{tool + ' (in brackets: ours)':36} {'bytes':>19} {'width':>13} {'height':>15}")
    for theirs in draw_with(tool, inputs, timeout):
        mine = ours[theirs.name]
        sizes = f"{theirs.size:9} ({mine.size:7}) {theirs.width:5} ({mine.width:5})"
        print(f"{theirs.name:36} {sizes} {theirs.height:6} ({mine.height:6}) {theirs.problem}", flush=True)
        both += [(theirs, mine)] if theirs.size else []
    for what in ("size", "width", "height"):
        pairs = [(getattr(theirs, what), getattr(mine, what)) for theirs, mine in both]
        medians = [median(values) for values in zip(*pairs, strict=True)]
        print(f"median {what} of {len(both)} models that both drew: {medians[0]:.0f}, ours {medians[1]:.0f}")


def main() -> None:
    """Measure the models that the command line names, and print a line for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", default="*", help="pattern of model names")
    parser.add_argument("--cache", type=Path, default=Path(".cache/nnviz"), help="folder of the cache")
    parser.add_argument("--json", type=Path, help="file to write the measures to")
    parser.add_argument("--depths", action="store_true", help="lay out at all depths")
    parser.add_argument("--browser", action="store_true", help="look for what cannot be read")
    parser.add_argument("--compare", action="append", default=[], choices=list(DRAWERS))
    parser.add_argument(
        "--timeout", type=float, default=60.0, help="seconds that another tool has for a model"
    )
    options = parser.parse_args()
    found, pictures = [], {}
    print(f"{'model':36} boxes closed  width height  text   bytes layouts seconds longest (at depth)")
    for name, graph in graphs(options.models, options.cache):
        m, pictures[name] = measure(name, graph, depths=options.depths)
        found.append(m)
        sizes = f"{m.width:6} {m.height:6} {m.text:5} {m.size:7} {m.layouts:7}"
        seconds = f"{m.seconds:7} {m.longest:7} {m.longest_depth}"
        print(f"{name:36} {m.boxes:5} {m.kept_closed:6} {sizes} {seconds}", flush=True)
    readable = sum(m.boxes <= FigureOptions().boxes and m.text >= TEXT_SIZE for m in found)
    print(f"{readable} of {len(found)} have at most {FigureOptions().boxes} boxes and text of {TEXT_SIZE} px")
    for tool in options.compare:
        compare(tool, {m.name: m for m in found}, options.timeout)
    if options.browser:
        faults_found = list(look_at(pictures))
        print(*faults_found, f"{len(faults_found)} things cannot be read", sep="\n")
    if options.json:
        options.json.write_text(json.dumps([asdict(m) for m in found], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
