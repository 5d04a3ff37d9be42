"""What a reader sees, in Chromium: text within boxes, nothing overlapping or cut, themes, a strict page."""

from __future__ import annotations

import pytest

from nnviz_docs.drawing.geometry import Area
from nnviz_docs.drawing.html import Picture, render_html
from nnviz_docs.drawing.tables import build_tables
from tests.drawing import graphs
from tests.drawing.drawn import EXAMPLES, figure, svg_of, view_of
from tests.drawing.pages import opened, page_with
from tests.drawing.readable import FONTS, faults

READ_AREAS = """selector => [...document.querySelectorAll(selector)].map(element => {
  const area = element.getBoundingClientRect();
  return [area.left, area.top, area.right, area.bottom];
})"""
every_example = pytest.mark.parametrize("name", EXAMPLES)
all_fonts = pytest.mark.parametrize("style", FONTS.values(), ids=FONTS)


def areas(page, selector):
    return [Area(*edges) for edges in page.evaluate(READ_AREAS, selector)]


@every_example
@all_fonts
@pytest.mark.parametrize("depth", [1, None])
def test_nothing_is_cut_off_wider_than_its_box_or_covered(browser, name, depth, style):
    with opened(browser, page_with(svg_of(EXAMPLES[name], depth=depth)), style=style) as page:
        assert faults(page) == []


BOX = '<g class="nnviz-node"><rect x="40" width="20" height="30"/></g>'


@pytest.mark.parametrize(
    ("inside", "fault"),
    [
        ('<rect x="90" width="20" height="9"/>', "cut off: rect"),
        (BOX.replace("</g>", '<text x="50" y="20">wide text</text></g>'), "wider: wide text"),
        ('<text y="20">one</text><text x="5" y="22">other</text>', "text over text: one, other"),
        (BOX + '<g class="nnviz-label"><text x="45" y="20">4</text></g>', "label over a box: 4"),
        (BOX + '<g class="nnviz-edge"><polygon points="45,9 55,20 45,20"/></g>', "covered arrow head"),
    ],
)
def test_the_search_for_what_cannot_be_read_finds_it(browser, inside, fault):
    svg = f'<svg class="nnviz-svg" viewBox="0 0 100 50" width="100" height="50">{inside}</svg>'
    with opened(browser, page_with(svg)) as page:
        (found,) = faults(page)
    assert found.startswith(fault)


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
