"""What a reader sees, in Chromium: text within boxes, nothing overlapping or cut, themes, a strict page."""

from __future__ import annotations

from itertools import combinations

import pytest

from nnviz_docs.drawing.geometry import Area
from nnviz_docs.drawing.html import Picture, render_html
from nnviz_docs.drawing.svg import render_svg
from nnviz_docs.drawing.tables import build_tables
from tests.drawing import graphs
from tests.drawing.drawn import EXAMPLES, figure, svg_of, view_of
from tests.drawing.pages import opened, page_with

READ_AREAS = """selector => [...document.querySelectorAll(selector)].map(element => {
  const area = element.getBoundingClientRect();
  return [area.left, area.top, area.right, area.bottom];
})"""
READ_BOXES = """() => [...document.querySelectorAll('.nnviz-node, .nnviz-scope')].map(group => {
  const outer = group.querySelector('rect').getBoundingClientRect();
  return [...group.querySelectorAll('text')].map(text => {
    const inner = text.getBoundingClientRect();
    return [text.textContent, inner.left - outer.left, outer.right - inner.right,
            inner.top - outer.top, outer.bottom - inner.bottom];
  });
}).flat()"""
every_example = pytest.mark.parametrize("name", EXAMPLES)
all_fonts = pytest.mark.parametrize(
    "style",
    ["", '.nnviz-svg { font-family: "nnviz narrow", monospace }'],
    ids=["as measured", "where Helvetica's like is missing"],
)


def areas(page, selector):
    return [Area(*edges) for edges in page.evaluate(READ_AREAS, selector)]


@every_example
@all_fonts
@pytest.mark.parametrize("depth", [1, None])
def test_text_stays_within_its_box_and_frame(browser, name, depth, style):
    with opened(browser, page_with(svg_of(EXAMPLES[name], depth=depth)), style=style) as page:
        spaces = page.evaluate(READ_BOXES)
    assert spaces
    assert [space for space in spaces if min(space[1:]) < 0] == []


def test_a_site_s_own_font_is_fitted_to_the_boxes(browser):
    """Without fitting, a font this wide leaves them."""
    scene, layout = figure(graphs.resnet())
    outside = {}
    for fitted in (True, False):
        svg = render_svg(scene, layout, id_prefix="f", standalone=False, alt="", fitted=fitted)
        with opened(browser, page_with(svg), style=":root { --nnviz-font: monospace; }") as page:
            spaces = page.evaluate(READ_BOXES)
        outside[fitted] = [text for text, *edges in spaces if min(edges) < -0.1]
    assert outside[True] == []
    assert outside[False]


@every_example
@all_fonts
def test_labels_do_not_overlap_boxes_or_each_other(browser, name, style):
    with opened(browser, page_with(svg_of(EXAMPLES[name], depth=None)), style=style) as page:
        things = [*areas(page, ".nnviz-node rect"), *areas(page, ".nnviz-label")]
    assert [pair for pair in combinations(things, 2) if pair[0].overlaps(pair[1])] == []


@every_example
@all_fonts
def test_everything_is_inside_the_picture(browser, name, style):
    with opened(browser, page_with(svg_of(EXAMPLES[name], depth=None)), style=style) as page:
        (whole,) = areas(page, "svg")
        for area in areas(page, "svg rect, svg text, svg path, svg polygon"):
            assert whole.left <= area.left
            assert whole.top <= area.top
            assert area.right <= whole.right
            assert area.bottom <= whole.bottom


def test_hostile_names_run_nothing_and_break_no_rule_of_a_strict_page(browser):
    view = view_of(graphs.hostile())
    html = render_html(
        [
            Picture(
                svg=svg_of(graphs.hostile()),
                width=10,
                notes=tuple(graphs.HOSTILE),
                tables=build_tables(view, "edges"),
            )
        ]
    )
    with opened(browser, page_with(html)) as page:
        dialogs = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        for box in page.query_selector_all(".nnviz-node")[:3]:
            box.hover()
        assert page.evaluate("reports") == []
        assert page.evaluate("document.querySelectorAll('script').length") == 1
        assert "<script>alert(1)</script>" in page.text_content(".nnviz-svg")
    assert dialogs == []


def test_the_watch_for_broken_rules_sees_one(browser):
    with opened(browser, page_with('<p style="color: red">')) as page:
        assert page.evaluate("reports") == ["style-src-attr"]


DARK, LIGHT = "rgb(21, 24, 29)", "rgb(255, 255, 255)"


@pytest.mark.parametrize(
    ("attributes", "scheme", "background"),
    [
        ("", "light", LIGHT), ("", "dark", DARK), ('class="wy-body-for-nav"', "dark", LIGHT),
        ('data-theme="light"', "dark", LIGHT), ('data-theme="dark"', "light", DARK),
        ('data-theme="auto"', "dark", DARK), ('data-theme="auto"', "light", LIGHT),
        ('data-md-color-scheme="default"', "dark", LIGHT), ('data-md-color-scheme="slate"', "light", DARK),
        ('data-bs-theme="light"', "dark", LIGHT), ('data-bs-theme="dark"', "light", DARK),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["html", "body"])
def test_the_theme_s_own_switch_wins_over_the_system(browser, attributes, scheme, background, place):
    html = page_with(svg_of(graphs.nested()), attributes)
    html = (
        html.replace(f"<body {attributes}>", "<body>")
        if place == "html"
        else html.replace(f"<html {attributes}>", "<html>")
    )
    with opened(browser, html, scheme=scheme) as page:
        assert page.evaluate("getComputedStyle(document.querySelector('svg')).backgroundColor") == background


@pytest.mark.parametrize(("scheme", "background"), [("light", LIGHT), ("dark", DARK)])
def test_a_file_of_its_own_follows_the_system(browser, tmp_path, scheme, background):
    file = tmp_path / "figure.svg"
    file.write_text(svg_of(graphs.resnet(), standalone=True), encoding="utf-8")
    page = browser.new_page(color_scheme=scheme)
    page.goto(file.as_uri())
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == background
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.nnviz-node text')).textAnchor") == "middle"
    )
    page.close()


def test_a_figure_is_scaled_to_a_narrow_column_and_never_enlarged(browser):
    _, layout = figure(graphs.dense())
    html = page_with(render_html([Picture(svg=svg_of(graphs.dense()), width=layout.width)]))
    for width in (300, 1600):
        with opened(browser, html, width=width) as page:
            (area,) = areas(page, "svg")
            shown, (_, _, natural, height) = (
                area.right - area.left,
                page.evaluate("document.querySelector('svg').getAttribute('viewBox').split(' ').map(Number)"),
            )
            assert shown == pytest.approx(min(natural, width - 16))
            assert (area.bottom - area.top) / shown == pytest.approx(height / natural, rel=0.01)
