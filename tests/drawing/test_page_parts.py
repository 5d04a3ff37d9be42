from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from nnviz_docs.drawing.describe import describe
from nnviz_docs.drawing.drawing import TableRow
from nnviz_docs.drawing.html import Picture, render_error, render_html
from nnviz_docs.drawing.plain import render_text
from nnviz_docs.drawing.tables import build_tables
from nnviz_docs.drawing.view import build_view
from nnviz_docs.errors import Problem, ProblemKind
from nnviz_docs.graph.model import Mechanism
from nnviz_docs.request.request import FigureOptions
from tests.drawing import graphs
from tests.drawing.drawn import svg_of, view_of
from tests.drawing.graphs import flow, node, result, source, weighed


class Reader(HTMLParser):
    """Collects elements, attributes and text as a browser would see them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.texts.append(data)


def test_inputs_and_outputs_are_tables_with_nested_rows():
    inputs, outputs = build_tables(view_of(graphs.nested()), "io")
    assert (inputs.caption, inputs.rows) == ("Inputs", (TableRow(0, ("x", "float32 [1, 3]")),))
    assert outputs.rows == (
        TableRow(0, ("output", "dict of 3 values")),
        TableRow(1, ("boxes", "float32 [100, 4]")),
        TableRow(1, ("masks", "")),
        TableRow(2, ("0", "float32 [2]")),
        TableRow(2, ("1", "float32 [3]")),
    )


def test_every_arrow_is_in_the_table_of_edges():
    (table,) = build_tables(view_of(graphs.nested()), "edges")
    assert table.rows[0] == TableRow(0, ("x", "fpn", "float32 [1, 3]"))
    assert table.rows[1:3] == (
        TableRow(0, ("fpn", "head", "feat")),
        TableRow(1, ("", "", "p2: float32 [1, 256, 4, 4]")),
    )


def test_a_long_label_is_whole_in_the_table():
    (table,) = build_tables(view_of(graphs.many_rows(20)), "edges")
    assert len(table.rows) == 20


def test_layers_are_a_table_with_data_parameters_and_flops():
    (table,) = build_tables(build_view(weighed(), FigureOptions(depth=2)), "layers")
    assert table.header == ("Layer", "Output", "Parameters", "FLOPs")
    assert [row.cells[0::3] for row in table.rows if row.level == 0] == [
        ("x: Input", ""),
        ("blocks: Sequential", "4.5 k"),
        ("act: ReLU", "0"),
        ("output: Output", ""),
        ("Total", "4.5 k"),
    ]
    assert [row.cells for row in table.rows if row.level == 1] == [
        ("blocks.0 – 2: Linear ×3", "float32 [1, 3]", "30", "4.5 k")
    ]


def test_unknown_costs_are_no_zeros_and_spread_to_what_is_around():
    (table,) = build_tables(build_view(weighed(flops=None), FigureOptions(depth=1)), "layers")
    assert [row.cells[3] for row in table.rows] == ["", "unknown", "0", "", "unknown"]


def test_a_model_that_was_not_run_has_no_column_of_flops():
    graph = replace(weighed(flops=None), mechanism=Mechanism.SYMBOLIC)
    (table,) = build_tables(build_view(graph, FigureOptions(depth=1)), "layers")
    assert {len(cells) for cells in (table.header, *(row.cells for row in table.rows))} == {3}
    assert table.rows[-1].cells == ("Total", "", "1,000")


def test_tables_come_by_themselves_only_where_they_help():
    assert build_tables(view_of(graphs.resnet()), "auto") == ()
    assert build_tables(view_of(graphs.nested()), "none") == ()
    assert [table.caption for table in build_tables(view_of(graphs.nested()), "auto")] == [
        "Inputs",
        "Outputs",
    ]
    two = graphs.graph(
        (), [source(), source("mask"), node("fc", "Linear"), result()], flow("x", "fc", "output")
    )
    assert build_tables(view_of(two), "auto")


def test_a_figure_is_described_in_a_sentence():
    assert describe(graphs.resnet()) == (
        "ResNet: 16 modules, float32 [1, 3, 32, 32] to float32 [1, 10], 90,048 parameters"
    )


def test_a_figure_without_shapes_is_described_without_them():
    graph = replace(graphs.resnet(), mechanism=Mechanism.SYMBOLIC)
    bare = replace(graph, nodes=tuple(replace(node, output=None) for node in graph.nodes))
    assert describe(bare) == "ResNet: 16 modules, 90,048 parameters"


def test_the_page_s_part_holds_figure_notes_and_tables():
    svg = svg_of(graphs.nested())
    tables = build_tables(view_of(graphs.nested()), "io")
    picture = Picture(svg=svg, width=300, notes=("Reduced & cut",), tables=tables)
    text = render_html([picture], classes=["nnviz-left", "mine"])
    assert text.startswith('<div class="nnviz nnviz-left mine"><div class="nnviz-stage"><svg ')
    assert "<p>Reduced &amp; cut</p>" in text
    assert text.count('<table class="nnviz-table">') == 2
    assert '<th scope="col">Name</th>' in text
    assert '<th scope="row" class="nnviz-indent-1">boxes</th>' in text


def test_a_figure_too_wide_to_be_scaled_scrolls_and_can_be_reached_by_keyboard():
    assert "nnviz-wide" not in render_html([Picture(svg="<svg/>", width=800)])
    wide = Reader(render_html([Picture(svg="<svg/>", width=5000)]))
    assert ("tabindex", "0") in wide.attributes
    assert ("class", "nnviz-stage nnviz-wide") in wide.attributes


def test_of_several_drawings_one_is_open_and_what_all_have_in_their_tables_stands_once():
    inputs, outputs = build_tables(view_of(graphs.nested()), "io")
    (layers,) = build_tables(view_of(graphs.nested()), "layers")
    pictures = [
        Picture(svg="<svg/>", width=1, title="Depth 1", tables=(inputs, outputs)),
        Picture(svg="<svg/>", width=1, title="Depth 2", tables=(inputs, layers), notes=("Cut.",)),
    ]
    page = ET.fromstring(render_html(pictures, shown=1, id_prefix="f"))
    first, second, table = page
    assert [part.tag for part in page] == ["details", "details", "table"]
    assert (first.get("open"), second.get("open")) == (None, "open")
    assert first.get("name") == second.get("name") == "f-depth"
    assert [part.findtext("summary") for part in (first, second)] == ["Depth 1", "Depth 2"]
    assert [caption.text for caption in first.iter("caption")] == ["Outputs"]
    assert [caption.text for caption in second.iter("caption")] == ["Layers"]
    assert table.findtext("caption") == "Inputs"
    assert [len(list(part.iter("svg"))) for part in (first, second)] == [1, 1]


@pytest.mark.parametrize("hostile", graphs.HOSTILE)
def test_hostile_text_stays_text(hostile):
    problem = Problem(kind=ProblemKind.FORWARD, message=hostile, where=hostile, hint=hostile)
    error = Reader(render_error(problem))
    assert error.tags == ["div", "p", "p", "code", "p"]
    assert {name for name, _ in error.attributes} == {"class", "role"}
    page = Reader(
        render_html(
            [
                Picture(
                    svg="", width=1, notes=(hostile,), tables=build_tables(view_of(graphs.hostile()), "edges")
                )
            ]
        )
    )
    assert set(page.tags) == {"div", "p", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert {name for name, _ in page.attributes} <= {"class", "scope"}
    assert not [text for text in page.texts if any(ord(character) < 32 for character in text)]


def test_an_error_says_what_where_and_what_to_do():
    problem = Problem(
        kind=ProblemKind.FORWARD, message="Sizes differ.", where="unet.py:12", hint="Try image256."
    )
    assert Reader(render_error(problem)).texts == [
        problem.title,
        "Sizes differ. ",
        "unet.py:12",
        "Try image256.",
    ]


def test_plain_text_is_an_outline_with_shapes():
    text = render_text(view_of(graphs.resnet()))
    assert "\n  x: input -> float32 [1, 3, 32, 32]\n" in text
    assert "\n  layer1: Sequential, 40,000 parameters\n    layer1.0: BasicBlock, 20,000 parameters\n" in text


def test_plain_text_holds_tables_and_notes():
    text = render_text(
        view_of(graphs.nested()), tables=build_tables(view_of(graphs.nested()), "io"), notes=["Cut."]
    )
    assert "\n\nCut.\n\nInputs\n" in text
    assert "  masks\n    0 " in text
