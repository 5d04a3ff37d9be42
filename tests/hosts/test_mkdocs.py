"""The MkDocs plugin, by real builds of small sites, under ProperDocs too."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.hosts.bad_requests import BAD, assert_each_is_boxed_and_warned_of
from tests.hosts.markdown_sites import ROOT, Build, build, need, plugin, write_site

pytestmark = pytest.mark.torch

GOOD = """\
---
title: Good
---
# Models

```nnviz
tests.models.dict_output.Model
:input: tensor2x4
:caption: What goes *in* and out.
:name: fig-nested
```

=== "A tab"

    ```nnviz input="tensor1x3x16"
    tests.models.shared_module:Model
    ```

!!! note
    ```nnviz
    tests.models.dict_output.Model
    :input: tensor2x4
    ```
"""
TABS = "markdown_extensions: [admonition, pymdownx.superfences, {pymdownx.tabbed: {alternate_style: true}}]\n"


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    need("mkdocs")
    need("properdocs")


@pytest.fixture(scope="module", params=["mkdocs", "properdocs"])
def good(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Build]:
    site = write_site(tmp_path_factory.mktemp("good"), {"index.md": GOOD}, request.param, TABS)
    return site, build(site, "--strict", tool=request.param)


def test_a_page_shows_its_figures(good: tuple[Path, Build]):
    _, done = good
    assert (done.status, done.warnings) == (0, [])
    page = done.page()
    assert page.count('class="nnviz-svg"') == 3
    assert "float32 [1, 3, 8]" in page
    assert "<figcaption><p>What goes <em>in</em> and out.</p>" in page
    assert 'id="fig-nested"' in page


def test_the_stylesheet_is_one_of_the_sites_and_none_is_put_among_its_sources(good: tuple[Path, Build]):
    site, done = good
    (link,) = re.findall(r'href="([^"]*nnviz\.css)"', done.page())
    assert (done.output / link).read_bytes() == (ROOT / "nnviz_docs/drawing/nnviz.css").read_bytes()
    assert [path.name for path in (site / "docs").iterdir()] == ["index.md"]


def test_the_script_is_one_of_the_sites(good: tuple[Path, Build]):
    _, done = good
    (link,) = re.findall(r'<script src="([^"]*nnviz\.js)"', done.page())
    assert (done.output / link).read_bytes() == (ROOT / "nnviz_docs/drawing/nnviz.js").read_bytes()


def test_a_site_has_its_own_style_and_no_script_if_it_says_so(tmp_path: Path):
    more = plugin("      interactive: false\n      style: {text: ['#111', '#eee']}\n")
    done = build(write_site(tmp_path, {"index.md": "# X"}, more=more), "--strict")
    assert "nnviz.js" not in done.page()
    first, second = re.findall(r'href="([^"]*nnviz[^"]*\.css)"', done.page())
    assert first.endswith("nnviz.css")
    assert "--nnviz-text: light-dark(#111, #eee);" in (done.output / second).read_text()


def test_a_style_that_is_none_ends_the_build(tmp_path: Path):
    site = write_site(tmp_path, {"index.md": "# X"}, more=plugin("      style: {txt: red}\n"))
    done = build(site)
    assert done.status == 1
    assert "Did you mean text?" in done.log


def test_one_worker_traces_all_and_the_build_process_never_imports_torch(good: tuple[Path, Build]):
    _, done = good
    assert not done.torch
    assert len([command for command in done.started if "nnviz_docs.worker" in command]) == 1
    assert "Traced 2 of 2 models" in done.log


def test_the_search_index_has_the_caption_and_no_boxes(good: tuple[Path, Build]):
    _, done = good
    index = json.dumps(json.loads((done.output / "search" / "search_index.json").read_text()))
    assert "and out." in index
    assert "float32" not in index
    assert "Linear" not in index


def test_ids_are_unique(good: tuple[Path, Build]):
    ids = re.findall(r'\bid="(nnviz[^"]+)"', good[1].page())
    assert ids
    assert len(ids) == len(set(ids))


def test_a_second_build_starts_no_worker_and_imports_no_torch(good: tuple[Path, Build]):
    site, cold = good
    before = cold.page()
    warm = build(site, "--strict")
    assert (warm.status, warm.torch, warm.started) == (0, False, [])
    assert _figures(warm.page()) == _figures(before)


@pytest.mark.parametrize(
    ("theme", "extensions"),
    [
        ("material", "[admonition, pymdownx.tabbed, pymdownx.superfences]"),
        ("readthedocs", "[pymdownx.superfences, admonition]"),
        ("mkdocs", "[admonition]"),
    ],
)
def test_themes_and_extensions_come_in_any_combination(tmp_path: Path, theme: str, extensions: str):
    more = f"theme: {{name: {theme}}}\nmarkdown_extensions: {extensions}\n"
    page = "# T\n\n```nnviz\ntests.models.shared_module:Model\n```\n\n```python\nx = 1\n```\n"
    done = build(write_site(tmp_path, {"index.md": page}, more=more), "--strict")
    assert (done.status, done.warnings) == (0, [])
    assert done.page().count('class="nnviz-svg"') == 1


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Build]:
    fences = "\n".join(f"```nnviz\n{model}\n{option}\n```\n" for model, option, _, _ in BAD)
    pages = {"index.md": f"---\ntitle: Bad\n---\n\n# Bad\n\n{fences}", "good.md": GOOD}
    more = f"{plugin('      timeout: 12')}\n{TABS}theme: {{name: material}}\n"
    site = write_site(tmp_path_factory.mktemp("bad"), pages, more=more)
    return site, build(site)


def test_eight_bad_requests_give_eight_boxes_and_eight_located_warnings(bad: tuple[Path, Build]):
    site, done = bad
    assert done.status == 0
    source = site / "docs" / "index.md"
    assert_each_is_boxed_and_warned_of(done.page(), done.warnings, source, on="the line above")


def test_the_rest_of_the_site_is_built(bad: tuple[Path, Build]):
    assert bad[1].page("good/index.html").count('class="nnviz-svg"') == 3


def test_no_page_shows_a_traceback_or_an_absolute_path(bad: tuple[Path, Build]):
    assert "Traceback" not in bad[1].page()
    assert str(ROOT) not in bad[1].page()


@pytest.mark.parametrize("tool", ["mkdocs", "properdocs"])
def test_a_strict_build_fails(bad: tuple[Path, Build], tool: str):
    site, _ = bad
    done = build(site, "--strict", tool=tool)
    assert done.status == 1
    assert len(done.warnings) == len(BAD)


def _figures(page: str) -> list[str]:
    return re.findall(r'<div class="nnviz.*?</svg>', page, flags=re.DOTALL)
