from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from nnviz_docs.drawing.image import is_harmless
from nnviz_docs.drawing.shapes import draw_image
from nnviz_docs.drawing.svg import render_svg
from tests.drawing import graphs
from tests.drawing.drawn import EXAMPLES, figure, svg_of

NAMESPACE = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "g", "rect", "text", "path", "polygon"}
ATTRIBUTES = {
    "class", "role", "viewBox", "width", "height", "font-family", "font-size", "aria-labelledby", "id",
    "x", "y", "rx", "d", "points", "data-way",
}  # fmt: skip
every_example = pytest.mark.parametrize("name", EXAMPLES)


def parsed(text):
    return ET.fromstring(text)


def by_class(root, name):
    return [element for element in root.iter() if name in element.get("class", "").split()]


@every_example
def test_only_a_few_elements_and_attributes_are_used(name):
    root = parsed(svg_of(EXAMPLES[name], depth=None))
    assert {element.tag.removeprefix(NAMESPACE) for element in root.iter()} <= ELEMENTS
    assert {attribute for element in root.iter() for attribute in element.attrib} <= ATTRIBUTES


def test_hostile_text_is_shown_as_it_is():
    shown = [element.text for element in parsed(svg_of(graphs.hostile())).iter(f"{NAMESPACE}text")]
    assert "<script>alert(1)</script>" in shown
    assert "&lt;b&gt; &amp; 100%" in shown
    assert "a\ufffdb\ufffdc\ufffd\ufffd\ufffdd" in shown
    assert any(text.startswith("nnn") and "…" in text for text in shown)


@every_example
def test_ids_begin_with_the_prefix_and_references_resolve(name):
    root = parsed(svg_of(EXAMPLES[name], id_prefix="page-2"))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)
    assert all(ident.startswith("page-2-") for ident in ids)
    assert set(root.get("aria-labelledby").split()) <= set(ids)


@every_example
@pytest.mark.parametrize("fitted", [False, True])
def test_what_is_drawn_is_known_to_be_harmless(name, fitted):
    assert is_harmless(draw_image(*figure(EXAMPLES[name]), fitted=fitted).inside)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<g onload='alert(1)'/>",
        "<g style='color: red'/>",
        "<rect href='//evil.test'/>",
        "<image/>",
        "<a/>",
        "<use/>",
        "<foreignObject/>",
        "<svg/>",
        "</svg><script>alert(1)</script><svg>",
        "</svg><svg>",
        "<title><g/></title>",
        "<title><![CDATA[<script>alert(1)</script>]]></title>",
        "<!-- --><g/>",
        "<?xml-stylesheet href='//evil.test'?>",
        "<!DOCTYPE svg [<!ENTITY a 'b'>]>",
        "<g xmlns='http://www.w3.org/1999/xhtml'/>",
        '<text x="1" y="2" class="mermaid">graph</text>',
        '<g class="nnviz-node arithmatex"></g>',
        '<g class="nnviz-node" onload="alert(1)"></g>',
        '<rect x="1" y="1" width="1" height="1" rx="url(x)" />',
        '<path d="M0,0" href="//evil.test" />',
        "<x:g xmlns:x='y'/>",
        "<G/>",
        "<g>",
        "</g>",
        "<g class=a/>",
        "<text class='mermaid'>graph</text>",
        "<g class='nnviz-node arithmatex'/>",
        "<g data-way='1 2'/>",
        "<g data-way='1 2 ٣'/>",
        "a\u202eb",
        "a\nb",
        "&nbsp;",
        "<g",
        "\x00",
    ],
)
def test_what_else_there_may_be_in_an_svg_is_refused(inside):
    around = '<g class="nnviz-node">{}</g>'
    assert is_harmless(around.format('<text x="1" y="-2.5">a &lt; b…</text>'))
    assert not is_harmless(inside)
    assert not is_harmless(around.format(inside))
    assert not is_harmless(around.format(f'<text x="1" y="2">{inside}</text>'))


def test_two_figures_differ_in_their_ids_alone():
    first, second = (svg_of(graphs.resnet(), id_prefix=prefix) for prefix in ("aa", "bb"))
    assert first != second
    assert first.replace("aa-", "bb-") == second


def test_every_box_arrow_label_and_frame_is_in_the_picture():
    scene, _ = figure(graphs.resnet())
    root = parsed(svg_of(graphs.resnet()))
    counts = {
        name: len(by_class(root, name)) for name in ("nnviz-node", "nnviz-edge", "nnviz-label", "nnviz-scope")
    }
    assert counts == {"nnviz-node": 8, "nnviz-edge": 7, "nnviz-label": 7, "nnviz-scope": 2}
    assert len(by_class(root, "nnviz-convolution")) == 1
    assert len(scene.boxes) == counts["nnviz-node"]


def test_a_box_has_a_tooltip_with_its_full_name():
    titles = [element.text for element in parsed(svg_of(graphs.resnet())).iter(f"{NAMESPACE}title")]
    assert "conv1: torch.nn.Conv2d(3, 64)" in titles


def test_a_figure_takes_little_room():
    for depth in (1, 2, None):
        scene, _ = figure(graphs.resnet(), depth)
        assert len(svg_of(graphs.resnet(), depth=depth)) < 900 * len(scene.boxes)


def test_inline_figures_carry_no_style_and_no_script():
    text = svg_of(graphs.hostile())
    assert not re.search(r"<(style|script)|\sstyle=|\son\w+=\"[^\"]*\"\s*/?>", re.sub(r">[^<]*<", "><", text))


def test_a_file_of_its_own_carries_the_style_for_light_and_dark_and_nothing_for_pages():
    style = parsed(svg_of(graphs.resnet(), standalone=True)).find(f"{NAMESPACE}style").text
    assert "light-dark(#ffffff, #15181d)" in style
    assert ".nnviz-node" in style
    assert "nnviz-table" not in style


def test_the_width_that_a_page_asks_for_replaces_the_natural_size():
    image = draw_image(*figure(graphs.resnet()))
    root = parsed(render_svg(image, id_prefix="f", standalone=False, alt="", width="50%"))
    assert root.get("width") == "50%"
    assert root.get("height") is None


def test_the_output_is_the_same_each_time():
    assert svg_of(graphs.hostile()) == svg_of(graphs.hostile())
