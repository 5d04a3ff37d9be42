"""The default figures of torchvision's models: as an author would have drawn them, in a browser."""

from __future__ import annotations

from functools import cache

import pytest

from nnviz_docs.drawing.describe import describe
from nnviz_docs.drawing.fitting import COLUMN, draw
from nnviz_docs.drawing.lay_out import lay_out
from nnviz_docs.drawing.shapes import draw_image
from nnviz_docs.drawing.svg import render_svg
from nnviz_docs.request.request import FigureOptions
from nnviz_docs.worker.strategies import trace
from tests.drawing.drawn import engine
from tests.drawing.pages import opened, page_with
from tests.drawing.readable import FONTS, faults
from tests.worker.zoo import chosen, request_of

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # of how torchvision initialises Inception
USUAL = (
    "alexnet", "densenet121", "googlenet", "inception_v3", "maskrcnn_resnet50_fpn", "mvit_v1_b", "raft_small",
    "resnet50", "ssd300_vgg16", "swin_t", "vit_b_16",
)  # fmt: skip


@cache
def figure_of(name):
    graph = trace(request_of(name)).graph
    drawn = draw(graph, FigureOptions(), lambda scene: lay_out(scene, engine()))
    return drawn, describe(graph)


@pytest.mark.parametrize("name", chosen(USUAL))
def test_a_default_figure_fits_a_column_and_nothing_in_it_covers_anything(browser, name):
    drawn, alt = figure_of(name)
    assert len(drawn.scene.boxes) <= FigureOptions().boxes
    svg = render_svg(draw_image(drawn.scene, drawn.layout), id_prefix="f", standalone=False, alt=alt)
    found = {}
    for fonts, style in FONTS.items():
        with opened(browser, page_with(svg), style=style, width=1000) as page:
            assert page.evaluate("document.querySelector('svg').viewBox.baseVal.width") <= COLUMN
            found[fonts] = faults(page)
    assert found == {fonts: [] for fonts in FONTS}
