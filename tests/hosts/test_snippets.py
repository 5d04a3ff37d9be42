"""The same request, as a directive and as a fence, is the same figure in every host.

The snippets in ``tests/snippets`` come in two syntaxes; the Markdown of a pair is read by all Markdown hosts.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hosts import markdown_sites, sites

pytestmark = pytest.mark.torch

SNIPPETS = sorted(path.stem for path in (sites.ROOT / "tests" / "snippets").glob("*.md"))
Page = Callable[[Path], str]
"""Builds a page with all snippets, one behind the other, in a folder."""


def _text(kind: str) -> str:
    folder = sites.ROOT / "tests" / "snippets"
    return "\n\n".join((folder / f"{name}.{kind}").read_text(encoding="utf-8") for name in SNIPPETS)


def _sphinx(folder: Path) -> str:
    site = sites.write_site(folder, {"index.rst": f"All\n===\n\n{_text('rst')}"})
    return _finished(sites.build(site, "html", "-W"))


def _myst(folder: Path) -> str:
    if importlib.util.find_spec("myst_parser") is None:
        pytest.skip("myst-parser is not installed")
    conf = "extensions.append('myst_parser')\nmyst_fence_as_directive = ['nnviz']\n"
    site = sites.write_site(folder, {"index.md": f"# All\n\n{_text('md')}"}, conf)
    return _finished(sites.build(site, "html", "-W"))


def _plain(folder: Path) -> str:
    markdown = pytest.importorskip("markdown")
    pytest.importorskip("pymdownx")
    from nnviz_docs.hosts.markdown import NnvizExtension

    extension = NnvizExtension(root=str(sites.ROOT), cache_dir=str(folder), strict=True)
    return str(markdown.markdown(_text("md"), extensions=[extension]))


def _markdown_site(tool: str) -> Page:
    def page(folder: Path) -> str:
        markdown_sites.need(tool)
        site = markdown_sites.write_site(folder, {"index.md": f"# All\n\n{_text('md')}"}, tool)
        return _finished(markdown_sites.build(site, "--strict", tool=tool))

    return page


def _finished(done: sites.Build | markdown_sites.Build) -> str:
    assert (done.status, done.warnings) == (0, [])
    return done.page()


HOSTS: dict[str, Page] = {
    "MyST": _myst,
    "Python-Markdown": _plain,
    **{tool: _markdown_site(tool) for tool in ("mkdocs", "properdocs", "zensical")},
}


@pytest.fixture(scope="module")
def directives(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return _drawings(_sphinx(tmp_path_factory.mktemp("sphinx")))


def test_every_snippet_comes_in_both_syntaxes(directives: list[str]):
    assert sorted(path.stem for path in (sites.ROOT / "tests" / "snippets").glob("*.rst")) == SNIPPETS
    assert len(directives) == len(SNIPPETS)
    assert len(set(directives)) == len(SNIPPETS)


@pytest.mark.parametrize("host", HOSTS)
def test_a_fence_gives_the_figure_of_the_directive(host: str, directives: list[str], tmp_path: Path):
    assert _drawings(HOSTS[host](tmp_path)) == directives


def _drawings(page: str) -> list[str]:
    """Return the figures of a page with their tables, without the prefix of their ids."""
    found = re.findall(
        r'<div class="nnviz[ "].*?</svg></div>(?:\s*<table.*?</table>)*', page, flags=re.DOTALL
    )
    return [re.sub(r"nnviz-[0-9a-f]{6}-\d+", "nnviz", figure) for figure in found]
