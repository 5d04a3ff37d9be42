"""The MkDocs plugin and the extension, where no model has to be traced."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.markdown_sites import build, need, plugin, write_site


@pytest.fixture(autouse=True)
def tools() -> None:
    need("mkdocs")


def test_the_extension_alone_works_in_mkdocs_and_is_counted_by_strict(tmp_path: Path):
    page = "# T\n\n```nnviz\ntests.models.identity.Model\n:input: image224junk\n```\n"
    more = "plugins: [search]\nmarkdown_extensions: [nnviz_docs, pymdownx.superfences]\n"
    site = write_site(tmp_path, {"index.md": page}, more=more)
    done = build(site)
    assert done.page().count("nnviz-error") > 0
    (warning,) = done.warnings
    assert "index.md:3: [nnviz.input]" in warning
    assert build(site, "--strict").status == 1


def test_plugin_and_extension_together_do_the_work_once(tmp_path: Path):
    page = "# T\n\n```nnviz\ntests.models.identity.Model\n:input: image224junk\n```\n"
    site = write_site(tmp_path, {"index.md": page}, more="markdown_extensions: [nnviz_docs]\n")
    done = build(site)
    assert done.page().count('class="nnviz nnviz-error"') == 1
    assert len(done.warnings) == 1


@pytest.mark.parametrize(
    ("setting", "words"), [("timeout: soon", "number of seconds"), ("depht: 2", "depht")]
)
def test_a_wrong_setting_is_reported(tmp_path: Path, setting: str, words: str):
    site = write_site(tmp_path, {"index.md": "# T\n"}, more=plugin(f"      {setting}\n"))
    done = build(site, "--strict")
    assert done.status == 1
    assert words in done.log


def test_a_bad_request_leaves_the_build_without_torch_and_without_a_worker(tmp_path: Path):
    page = "# T\n\n```nnviz\ntests.models.identity.Model\n:depht: 2\n```\n"
    done = build(write_site(tmp_path, {"index.md": page}))
    assert (done.status, done.torch, done.started) == (0, False, [])
    assert len(done.warnings) == 1


def test_a_site_without_figures_builds_as_ever(tmp_path: Path):
    done = build(write_site(tmp_path, {"index.md": "# T\n\n```python\nx = 1\n```\n"}), "--strict")
    assert (done.status, done.started) == (0, [])
    assert "nnviz-svg" not in done.page()
