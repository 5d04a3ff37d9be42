"""The extension in Zensical, which knows no plugins: by real builds of small sites."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.markdown_sites import build, need, write_site

BAD = "---\ntitle: Bad\n---\n\n# Bad\n\n```nnviz\ntests.models.identity.Model\n:input: image224junk\n```\n"
GOOD = "# Good\n\n```nnviz\ntests.models.shared_module:Model\n:input: tensor1x3x16\n```\n"


@pytest.fixture(autouse=True)
def tools() -> None:
    need("zensical")


@pytest.mark.torch
def test_pages_have_figures_whose_boxes_no_search_lists(tmp_path: Path):
    done = build(write_site(tmp_path, {"index.md": GOOD}, "zensical"), tool="zensical")
    assert (done.status, done.warnings, done.torch) == (0, [], False)
    assert done.page().count('class="nnviz-svg"') == 1
    assert "MaxPool1d" in done.page()
    assert "MaxPool1d" not in done.page("search.json")


def test_a_bad_request_gives_a_box_and_a_located_warning(tmp_path: Path):
    done = build(write_site(tmp_path, {"index.md": "# Home\n", "bad.md": BAD}, "zensical"), tool="zensical")
    assert done.status == 0
    assert done.page("bad/index.html").count('class="nnviz nnviz-error"') == 1
    (warning,) = done.warnings
    assert "bad.md:7: [nnviz.input]" in warning


def test_a_bad_request_fails_the_build_where_the_site_is_strict(tmp_path: Path):
    site = write_site(tmp_path, {"index.md": BAD}, "zensical", "strict = true\n")
    done = build(site, tool="zensical")
    assert done.status == 1
    assert "index.md:7: [nnviz.input]" in done.log
