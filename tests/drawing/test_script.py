"""What the script lets a reader do with a figure, in Chromium, on a page that takes nothing inline."""

from __future__ import annotations

import re

import pytest

from nnviz_docs.drawing.html import Picture, render_html
from nnviz_docs.drawing.tables import build_tables
from nnviz_docs.figure import SCRIPT
from tests.drawing import graphs
from tests.drawing.drawn import svg_of, view_of
from tests.drawing.pages import opened, page_with

ON = """() => [...document.querySelectorAll('.nnviz-node.nnviz-on')].map(
  box => box.querySelector('text').textContent)"""
WAYS = "document.querySelectorAll('.nnviz-edge.nnviz-on').length"
SHOWN = "document.querySelector('details[open] .nnviz-svg, .nnviz > .nnviz-stage > .nnviz-svg')"
WIDTH = f"{SHOWN}.getBoundingClientRect().width"
TOP = "window.scrollY"
MARKUP_FROM_TEXT = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval|setAttribute\(.style"
)


def figure_html(graph, depths=(2,), shown=0, id_prefix="f", **options):
    pictures = [
        Picture(
            svg=svg_of(graph, depth=depth, id_prefix=f"{id_prefix}-{depth}"),
            width=100,
            title=f"Depth {depth}",
            **options,
        )
        for depth in depths
    ]
    return render_html(pictures, shown=shown, id_prefix=id_prefix)


@pytest.fixture(scope="module")
def one() -> str:
    """Return a page with one figure, and enough below it to scroll."""
    below = "<p>text</p>" * 100
    return page_with(figure_html(graphs.resnet()) + below, script=True)


@pytest.fixture(scope="module")
def several() -> str:
    return page_with(figure_html(graphs.resnet(), (1, 2, 3), shown=1), script=True)


def click(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def until(page, expression):
    """Wait for a condition; Playwright's own way to do so evaluates text on the page, against its policy."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    pytest.fail(f"never {expression}")


def test_a_theme_that_exchanges_the_page_s_content_gets_controls_for_the_new_figures(browser):
    html = page_with(figure_html(graphs.resnet(), (1,)), script=True)
    material = "window.document$ = { subscribe: act => { window.turn = act; act(); } };"
    with opened(browser, html, before=material) as page:
        controls = "document.querySelectorAll('.nnviz-controls').length"
        page.evaluate("turn()")
        assert page.evaluate(controls) == 1
        page.evaluate("""() => {
          const other = document.querySelector('.nnviz').cloneNode(true);
          other.classList.remove('nnviz-live');
          other.querySelector('.nnviz-controls').remove();
          document.body.append(other);
        }""")
        assert page.evaluate(controls) == 1
        page.evaluate("turn()")
        assert page.evaluate(controls) == 2


def test_without_the_script_a_figure_reads_and_has_no_dead_controls(browser, several):
    with opened(browser, several, java_script_enabled=False) as page:
        assert page.get_by_role("button").count() == 0
        pictures = page.locator("svg.nnviz-svg")
        assert [pictures.nth(number).is_visible() for number in range(3)] == [False, True, False]
        page.get_by_text("Depth 3").click()
        assert [pictures.nth(number).is_visible() for number in range(3)] == [False, False, True]


def test_a_reader_switches_between_depths(browser, several):
    with opened(browser, several) as page:
        pictures = page.locator("svg.nnviz-svg")
        for shown, name in enumerate(("Depth 1", "Depth 2", "Depth 3")):
            click(page, name)
            assert [pictures.nth(number).is_visible() for number in range(3)] == [
                number == shown for number in range(3)
            ]
            pressed = page.locator("[aria-label=Depth] button[aria-pressed=true]")
            assert pressed.all_text_contents() == [str(shown + 1)]
        assert not page.locator("summary").first.is_visible()
        assert page.evaluate("reports") == []


def test_buttons_zoom_the_drawing_that_is_shown_and_leave_its_place_as_large_as_it_was(browser, several):
    with opened(browser, several) as page:
        before, place = page.evaluate(WIDTH), page.locator("details[open] .nnviz-stage").bounding_box()
        click(page, "Zoom in")
        click(page, "Zoom in")
        assert page.evaluate(WIDTH) > 1.5 * before
        assert page.locator("details[open] .nnviz-stage").bounding_box() == place
        click(page, "Zoom out")
        click(page, "Original size")
        assert page.evaluate(WIDTH) == before
        click(page, "Depth 3")
        other = page.evaluate(WIDTH)
        click(page, "Zoom in")
        assert page.evaluate(WIDTH) > other
        click(page, "Depth 2")
        assert page.evaluate(WIDTH) == before
        assert page.evaluate("reports") == []


def test_the_wheel_scrolls_the_page_zoomed_or_not_and_zooms_only_with_ctrl(browser, one):
    with opened(browser, one) as page:
        page.locator("svg.nnviz-svg").hover()
        before = page.evaluate(WIDTH)
        for name in (None, "Zoom in"):
            if name:
                page.evaluate("scrollTo(0, 0)")
                click(page, name)
                page.locator("svg.nnviz-svg").hover(position={"x": 20, "y": 20})
            shown, top = page.evaluate(WIDTH), page.evaluate(TOP)
            page.mouse.wheel(0, 100)
            until(page, f"scrollY >= {top} + 100")
            assert page.evaluate(WIDTH) == shown
        top = page.evaluate(TOP)
        page.keyboard.down("Control")
        page.mouse.wheel(0, -100)
        until(page, f"{WIDTH} > 1.5 * {before}")
        assert page.evaluate(TOP) == top


def test_what_is_under_the_pointer_stays_there_while_zooming(browser, one):
    with opened(browser, one, width=200) as page:
        box = page.locator(".nnviz-node").nth(2)
        box.hover()
        before = box.bounding_box()
        page.keyboard.down("Control")
        page.mouse.wheel(0, -100)
        page.wait_for_selector(".nnviz-zoomed")
        after = box.bounding_box()
        for start, size in (("x", "width"), ("y", "height")):
            centres = [area[start] + area[size] / 2 for area in (before, after)]
            assert centres[0] == pytest.approx(centres[1], abs=2)


def test_a_zoomed_drawing_is_moved_by_dragging(browser, one):
    with opened(browser, one) as page:
        for _ in range(8):
            click(page, "Zoom in")
        box = page.locator("svg.nnviz-svg").bounding_box()
        page.mouse.move(600, 300)
        page.mouse.down()
        page.mouse.move(540, 260, steps=3)
        page.mouse.up()
        moved = page.locator("svg.nnviz-svg").bounding_box()
        assert (moved["x"] - box["x"], moved["y"] - box["y"]) == (-60, -40)
        page.mouse.move(400, 200)
        assert page.locator("svg.nnviz-svg").bounding_box() == moved


def test_keys_act_only_on_the_figure_that_has_the_focus_and_leave_the_rest_to_the_browser(browser, one):
    with opened(browser, one) as page:
        before = page.evaluate(WIDTH)
        page.keyboard.press("+")
        assert page.evaluate(WIDTH) == before
        page.locator(".nnviz-stage").focus()
        page.keyboard.press("ArrowDown")
        until(page, f"{TOP} > 0")
        page.keyboard.press("+")
        assert page.evaluate(WIDTH) > before
        place = page.locator("svg.nnviz-svg").bounding_box()
        page.keyboard.press("ArrowDown")
        assert page.locator("svg.nnviz-svg").bounding_box()["y"] < place["y"]
        page.keyboard.press("0")
        assert page.evaluate(WIDTH) == before


HEARD = """window.heard = [];
for (const place of [document, window]) place.addEventListener('keydown', event => heard.push(event.key));"""


def test_themes_do_not_hear_the_keys_of_a_figure_and_go_to_another_page(browser, one):
    with opened(browser, one) as page:
        page.evaluate(f"() => {{ {HEARD} }}")
        page.keyboard.press("n")
        assert page.evaluate("heard") == ["n", "n"]
        page.locator(".nnviz-stage").focus()
        for key in ("n", "p", "+", "ArrowRight", "0"):
            page.keyboard.press(key)
        assert page.evaluate("heard") == ["n", "n"]
        page.keyboard.press("x")
        assert page.evaluate("heard") == ["n", "n", "x", "x"]


def test_the_keyboard_reaches_controls_and_figure_one_after_the_other(browser, several):
    with opened(browser, several) as page:
        reached = []
        for _ in range(8):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert reached[:6] == ["Depth 1", "Depth 2", "Depth 3", "Zoom out", "Zoom in", "Original size"]
    assert reached[7].startswith("Graph of ResNet")


def test_hovering_shows_the_way_of_a_value_to_all_that_take_it(browser):
    with opened(browser, page_with(figure_html(graphs.dense(3)), script=True)) as page:
        ways = page.locator(".nnviz-label")
        first = ways.filter(has_text="float32").first
        first.hover()
        taken = page.evaluate(WAYS)
        assert taken > 1
        assert len(page.evaluate(ON)) == taken + 1
        page.locator(".nnviz-heading text").first.hover()
        assert (page.evaluate(WAYS), page.evaluate(ON)) == (0, [])


def test_hovering_a_box_shows_what_it_takes_and_gives_in_its_own_figure_alone(browser):
    html = figure_html(graphs.resnet(), (1,), id_prefix="a") + figure_html(
        graphs.resnet(), (1,), id_prefix="b"
    )
    with opened(browser, page_with(html, script=True), width=1600) as page:
        page.locator(".nnviz-node").nth(1).hover()
        assert page.evaluate(ON) == ["Input", "Conv2d", "Sequential"]
        assert page.evaluate(WAYS) == 2
        assert page.locator(".nnviz").nth(1).locator(".nnviz-on").count() == 0
        page.mouse.move(1, 1)
        assert page.evaluate(ON) == []


def test_a_keyboard_walks_from_box_to_box_and_hears_where_values_come_from(browser):
    with opened(browser, page_with(figure_html(graphs.resnet(), (1,)), script=True)) as page:
        page.locator(".nnviz-stage").focus()
        page.keyboard.press("n")
        page.keyboard.press("n")
        status = page.get_by_role("status")
        assert status.text_content() == "conv1: torch.nn.Conv2d(3, 64); from x: Input; to layer1: Sequential"
        page.keyboard.press("p")
        assert status.text_content() == "x: Input; to conv1: torch.nn.Conv2d(3, 64)"
        page.keyboard.press("p")
        assert status.text_content().startswith("output: Output; from")
        page.keyboard.press("Escape")
        assert status.text_content() == ""
        assert page.evaluate(ON) == []


def test_a_pointer_that_moves_over_a_figure_does_not_end_the_walk(browser):
    with opened(browser, page_with(figure_html(graphs.resnet(), (1,)), script=True)) as page:
        page.locator(".nnviz-stage").focus()
        page.keyboard.press("n")
        for box in (".nnviz-node >> nth=4", "h1, body", ".nnviz-node >> nth=3"):
            page.hover(box)
        page.keyboard.press("n")
        assert page.get_by_role("status").text_content().startswith("conv1: torch.nn.Conv2d(3, 64)")


def test_full_screen_fills_it_and_goes_back(browser, one):
    with opened(browser, one) as page:
        before = page.evaluate(WIDTH)
        click(page, "Full screen")
        page.wait_for_selector(".nnviz:fullscreen")
        until(page, "document.querySelector('.nnviz-stage').clientHeight > innerHeight - 100")
        click(page, "Full screen")
        until(page, "!document.fullscreenElement")
        assert page.evaluate(WIDTH) == before


def test_paper_has_one_drawing_light_and_whole_and_no_controls(browser, several):
    dark = several.replace("<body ", '<body data-theme="dark" ')
    with opened(browser, dark) as page:
        before = page.evaluate(WIDTH)
        for _ in range(3):
            click(page, "Zoom in")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")  # as a browser does, and this emulation not
        page.emulate_media(media="print")
        assert page.locator(".nnviz-controls").is_hidden()
        assert page.locator("svg.nnviz-svg:visible").count() == 1
        colour = f"getComputedStyle({SHOWN}).backgroundColor"
        assert page.evaluate(colour) == "rgb(255, 255, 255)"
        assert page.evaluate(WIDTH) == before
        page.emulate_media(media="screen")
        assert page.evaluate(colour) == "rgb(21, 24, 29)"


def test_a_theme_that_opens_all_details_to_print_prints_the_drawing_that_is_shown(browser, several):
    """As Material does, which closes them again when it is done."""
    all_details = "[...document.querySelectorAll('details')]"
    with opened(browser, several) as page:
        click(page, "Depth 1")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.evaluate(f"window.opened = {all_details}.filter(at => !at.open)")
        page.evaluate("opened.forEach(at => { at.open = true; })")
        page.emulate_media(media="print")
        assert page.locator("svg.nnviz-svg:visible").count() == 1
        assert page.locator("details:first-of-type svg.nnviz-svg").is_visible()
        page.emulate_media(media="screen")
        page.evaluate("opened.forEach(at => { at.open = false; })")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(f"{all_details}.map(at => at.open)") == [True, False, False]
        page.evaluate(f"{all_details}[2].open = true")  # as a search in the page does
        until(page, f"{all_details}.map(at => at.open).join() === 'false,false,true'")


def test_a_figure_is_printed_on_one_page_unless_it_would_be_too_small_to_read(browser):
    pages = {}
    for height in (1500, 4000):
        svg = f'<svg class="nnviz-svg" width="100" height="{height}" viewBox="0 0 100 {height}"/>'
        html = render_html([Picture(svg=svg, width=100, height=height)])
        with opened(browser, page_with(html)) as page:
            printed = page.pdf(width="800px", height="1100px")
        pages[height] = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert pages[1500] == 1
    assert pages[4000] > 3


def test_hostile_names_stay_text_whatever_a_reader_does(browser):
    tables = build_tables(view_of(graphs.hostile()), "edges")
    html = figure_html(graphs.hostile(), (1, 2), notes=graphs.HOSTILE, tables=tables)
    with opened(browser, page_with(html, script=True)) as page:
        dialogs = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        elements = page.evaluate("document.querySelectorAll('*').length")
        heard = []
        page.locator("details[open] .nnviz-stage").focus()
        for _ in range(page.locator("details[open] .nnviz-node").count()):
            page.keyboard.press("n")
            heard.append(page.get_by_role("status").text_content())
        for mark in page.query_selector_all("details[open] .nnviz-node, details[open] .nnviz-label")[:10]:
            mark.hover(force=True)
        click(page, "Depth 2")
        assert page.evaluate("document.querySelectorAll('*').length") == elements
        assert page.evaluate("reports") == []
        assert any("<script>alert(1)</script>" in text for text in heard)
    assert dialogs == []


def test_the_script_makes_no_markup_from_text():
    assert not MARKUP_FROM_TEXT.search(SCRIPT.read_text(encoding="utf-8"))
    assert MARKUP_FROM_TEXT.search("element.innerHTML = name")


def test_an_unsafe_script_would_be_seen(browser):
    page_of = page_with(figure_html(graphs.hostile(), (1,)))
    with opened(browser, page_of) as page:
        page.evaluate("document.body.innerHTML += '<img src=x onerror=alert(1)>'")
        until(page, "reports.length > 0")


def test_twenty_figures_on_a_page_keep_to_themselves(browser):
    html = "".join(figure_html(graphs.nested(), (1, 2), id_prefix=f"f{number}") for number in range(20))
    with opened(browser, page_with(html, script=True)) as page:
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
        assert len(ids) == len(set(ids)) == 80
        assert page.evaluate("""[...document.querySelectorAll('svg[aria-labelledby]')].every(svg =>
          svg.getAttribute('aria-labelledby').split(' ').every(id => svg.querySelector('#' + id)))""")
        page.get_by_role("button", name="Depth 2").nth(7).click()
        open_ones = "[...document.querySelectorAll('details')].map(part => part.open)"
        assert page.evaluate(open_ones) == [
            is_first != (number == 7) for number in range(20) for is_first in (True, False)
        ]
