"""Figures in the themes that sites have: light and dark by each theme's own switch, legible, accessible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.hosts import markdown_sites, sites

pytestmark = pytest.mark.torch

REQUESTS = (  # model, and options: several drawings with tables, nested data, a failure with its note
    ("torchvision.models.alexnet", {"input": "default", "depth": "1-2", "tables": "layers"}),
    ("tests.models.dict_output.Model", {"input": "tensor2x4", "tables": "io"}),
    ("tests.models.raises_always.Model", {"input": "tensor2x4"}),
)
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(21, 24, 29)"
# Each text of the figures: what it says, and its contrast to what is painted under it.
CONTRASTS = """() => {
  const parse = colour => (colour.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const over = ([r, g, b, alpha = 1], under) => [r, g, b].map((c, i) => c * alpha + under[i] * (1 - alpha));
  const light = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const luminance = rgb => rgb.reduce((sum, c, i) => sum + light(c / 255) * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    const under = element.parentElement ? behind(element.parentElement) : [255, 255, 255];
    return over(parse(getComputedStyle(element).backgroundColor), under);
  };
  const found = [];
  for (const text of document.querySelectorAll('.nnviz *')) {
    const says = [...text.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!says || !text.checkVisibility() || text.closest('title, desc')) continue;
    const style = getComputedStyle(text);
    const shape = text.closest('.nnviz-node, .nnviz-scope')?.querySelector('rect');
    let under = behind(text);
    if (shape) {
      const painted = getComputedStyle(shape);
      under = over([...parse(painted.fill).slice(0, 3), Number(painted.fillOpacity)], under);
    }
    const colour = over(parse(text.namespaceURI.includes('svg') ? style.fill : style.color), under);
    const [low, high] = [luminance(colour), luminance(under)].sort((a, b) => a - b);
    found.push([text.textContent, (high + 0.05) / (low + 0.05)]);
  }
  return found;
}"""
TEXTS_OUTSIDE = """() => [...document.querySelectorAll('.nnviz-node')].flatMap(box => {
  const outer = box.querySelector('rect').getBoundingClientRect();
  return [...box.querySelectorAll('text')].filter(text => {
    const inner = text.getBoundingClientRect();
    return inner.left < outer.left || inner.right > outer.right
      || inner.top < outer.top || inner.bottom > outer.bottom;
  }).map(text => text.textContent);
})"""
IN_COLUMN = """[...document.querySelectorAll('.nnviz')].every(figure =>
  figure.scrollWidth <= figure.clientWidth + 1 && figure.getBoundingClientRect().right <= innerWidth)"""
BACKGROUND = "getComputedStyle(document.querySelector('.nnviz-svg')).backgroundColor"


@dataclass(frozen=True)
class Theme:
    """A theme, the module that it is in, and how its switch is pressed; none if it has no dark version."""

    name: str
    module: str
    switch: str = ""
    mode: str = ""


THEMES = (
    Theme("furo", "furo", ".theme-toggle >> visible=true", "document.body.dataset.theme"),
    Theme(
        "pydata_sphinx_theme",
        "pydata_sphinx_theme",
        ".theme-switch-button >> visible=true",
        "document.documentElement.dataset.theme",
    ),
    Theme(
        "sphinx_book_theme",
        "sphinx_book_theme",
        ".theme-switch-button >> visible=true",
        "document.documentElement.dataset.theme",
    ),
    Theme("sphinx_rtd_theme", "sphinx_rtd_theme"),
    Theme("alabaster", "alabaster"),
    Theme(
        "material",
        "material",
        "[data-md-component=palette] label >> visible=true",
        "({slate: 'dark', default: 'light'})[document.body.dataset.mdColorScheme]",
    ),
)
PALETTE = """theme:
  name: material
  font: false
  palette:
    - {scheme: default, toggle: {icon: material/weather-night, name: Dark}}
    - {scheme: slate, toggle: {icon: material/weather-sunny, name: Light}}
"""


def directives() -> str:
    figures = (
        f".. nnviz:: {model}\n" + "".join(f"   :{name}: {text}\n" for name, text in options.items())
        for model, options in REQUESTS
    )
    return "Models\n======\n\n" + "\n".join(figures)


def fences() -> str:
    figures = (
        f"```nnviz\n{model}\n" + "".join(f":{name}: {text}\n" for name, text in options.items()) + "```\n"
        for model, options in REQUESTS
    )
    return "# Models\n\n" + "\n".join(figures)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Theme], Path]:
    """Return what builds a page in a theme, once, and returns it; all sites have one cache."""
    cache = tmp_path_factory.mktemp("cache")
    pages: dict[str, Path] = {}

    def page(theme: Theme) -> Path:
        if find_spec(theme.module) is None:
            pytest.skip(f"{theme.module} is not installed")
        if theme.name not in pages:
            pages[theme.name] = _build(theme, tmp_path_factory.mktemp(theme.name), cache)
        return pages[theme.name]

    return page


def _build(theme: Theme, folder: Path, cache: Path) -> Path:
    if theme.name == "material":
        markdown_sites.need("mkdocs")
        more = PALETTE + markdown_sites.plugin(f"      cache_dir: {cache}\n")
        markdown_sites.write_site(folder, {"index.md": fences()}, more=more)
        return markdown_sites.build(folder).output / "index.html"
    conf = f"html_theme = {theme.name!r}\nnnviz_cache_dir = {str(cache)!r}"
    sites.write_site(folder, {"index.rst": directives()}, conf)
    return sites.build(folder).output / "index.html"


@pytest.fixture(scope="module")
def tab_of(browser, built) -> Iterator[Callable[[Theme, str], Any]]:
    """Return what opens a page of a theme in a mode, once; the reader's system always says the other mode."""
    tabs: dict[tuple[str, str], Any] = {}

    def tab_of(theme: Theme, mode: str):
        key = theme.name, mode
        if key not in tabs:
            page = built(theme)
            tabs[key] = browser.new_page(color_scheme="dark" if mode == "light" else "light")
            tabs[key].goto(page.as_uri())
            tabs[key].wait_for_selector(".nnviz-live")
            if theme.switch:
                switch_to(tabs[key], theme, mode)
        return tabs[key]

    yield tab_of
    for tab in tabs.values():
        tab.close()


def switch_to(tab, theme: Theme, mode: str) -> None:
    """Press the theme's switch until the page has a mode; it changes the mode, or opens a menu of them."""
    tab.set_viewport_size({"width": 1200, "height": 900})
    choice = tab.locator(f".theme-change-button[data-mode={mode}] >> visible=true")
    for _ in range(4):
        tab.locator(theme.switch).first.click()
        if choice.count():
            choice.first.click()
        if tab.evaluate(theme.mode) == mode:
            return
    pytest.fail(f"{theme.name} does not get {mode}")


every_theme = pytest.mark.parametrize(
    ("theme", "mode"),
    [(theme, mode) for theme in THEMES for mode in ("light", "dark") if theme.switch or mode == "light"],
    ids=lambda value: getattr(value, "name", value),
)


@every_theme
def test_figures_follow_the_theme_s_switch_and_every_text_stands_out(tab_of, theme: Theme, mode: str):
    tab = tab_of(theme, mode)
    assert tab.evaluate(BACKGROUND) == {"light": LIGHT, "dark": DARK}[mode]
    contrasts = tab.evaluate(CONTRASTS)
    assert len(contrasts) > 60
    assert [text for text in contrasts if text[1] < 4.5] == []


@every_theme
def test_axe_finds_nothing_in_a_figure(tab_of, theme: Theme, mode: str):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(tab_of(theme, mode), context={"include": [[".nnviz"]]})
    assert found.response["passes"]
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_no_theme_leads_texts_out_of_boxes_or_figures_out_of_the_column(tab_of, theme: Theme):
    tab = tab_of(theme, "light")
    for width in (400, 1200):
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate(TEXTS_OUTSIDE) == []
        assert tab.evaluate(IN_COLUMN)


def test_a_site_whose_policy_takes_nothing_inline_has_its_figures(browser, built):
    """What the theme itself has inline is reported, as it is to be; nothing of a figure is."""
    site = built(THEMES[-2]).parent

    def serve(route):
        file = site / route.request.url.removeprefix("http://site.test/").partition("?")[0]
        headers = {"Content-Security-Policy": "default-src 'self'"}
        kind = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}.get(file.suffix, "")
        route.fulfill(body=file.read_bytes() if file.is_file() else b"", content_type=kind, headers=headers)

    tab = browser.new_page()
    tab.route("**/*", serve)
    tab.add_init_script("""window.reports = [];
      addEventListener('securitypolicyviolation', at => reports.push(!!at.target.closest?.('.nnviz')));""")
    tab.goto("http://site.test/index.html")
    tab.wait_for_selector(".nnviz-live .nnviz-controls")
    tab.get_by_role("button", name="Depth 2", exact=True).click()
    tab.get_by_role("button", name="Zoom in", exact=True).first.click()
    assert tab.evaluate(BACKGROUND) == LIGHT
    reports = tab.evaluate("reports")
    assert reports
    assert not any(reports)
    tab.evaluate("document.querySelector('.nnviz').insertAdjacentHTML('beforeend', '<p style=\"top: 0\">')")
    assert tab.evaluate("reports").count(True) == 1
    tab.close()


def test_a_drawing_without_a_name_and_faint_text_would_be_found(browser):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    tab = browser.new_page()
    tab.set_content('<div class="nnviz"><svg role="img"></svg><p style="color: #aaa">faint</p></div>')
    found = axe.run(tab, context={"include": [[".nnviz"]]})
    assert {one["id"] for one in found.response["violations"]} == {"svg-img-alt", "color-contrast"}
    ((_, contrast),) = tab.evaluate(CONTRASTS)
    assert contrast < 4.5
    tab.close()
