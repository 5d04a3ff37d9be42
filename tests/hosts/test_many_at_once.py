"""Several tools on one cache at once: each model is traced once, and all get what one alone would get."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.hosts import markdown_sites, sites

pytestmark = pytest.mark.torch
COUNTED = """
import os
from torch import nn

class Net(nn.Linear):
    def __init__(self, width):
        super().__init__(4, width)
        run = f"{os.environ['NNVIZ_TEST_RUNS']}/{width}-{os.getpid()}"
        os.close(os.open(run, os.O_CREAT | os.O_WRONLY))
"""
MODELS = 4
PAGES = 8
OPTIONS = ":args: {width}\n:input: tensor2x4\n"


def write_both(site: Path) -> Path:
    """Write a site for Sphinx and for MkDocs, which share the default place of the cache."""
    site.mkdir()
    (site / "counted.py").write_text(COUNTED)
    for number in range(PAGES):
        options = OPTIONS.format(width=1 + number % MODELS)
        directive = f".. nnviz:: counted:Net\n{options}".strip().replace("\n", "\n   ")
        pages = {f"page{number}.rst": f":orphan:\n\nP\n=\n\n{directive}\n"}
        sites.write_site(site, pages | {"index.rst": "I\n=\n"}, f"sys.path.insert(0, {str(site)!r})")
        fence = f"# P\n\n```nnviz\ncounted:Net\n{options}```\n"
        markdown_sites.write_site(site, {f"page{number}.md": fence}, "mkdocs")
    conf = site / "conf.py"
    conf.write_text(conf.read_text() + "exclude_patterns = ['docs', 'site', '_build']\n")
    return site


def figures(page: str) -> list[str]:
    """Return the figures of a page, without the ids that differ from page to page."""
    found = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    return [re.sub(r"nnviz-[0-9a-f]{6}-\d+", "id", svg) for svg in found]


def entries(site: Path) -> dict[str, bytes]:
    cache = site / ".cache/nnviz"
    return {path.relative_to(cache).as_posix(): path.read_bytes() for path in cache.glob("*/??/*.json")}


def test_sphinx_in_eight_processes_and_mkdocs_share_a_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    markdown_sites.need("mkdocs")
    runs = tmp_path / "runs"
    runs.mkdir()
    monkeypatch.setenv("NNVIZ_TEST_RUNS", str(runs))
    site = write_both(tmp_path / "site")
    with ThreadPoolExecutor(2) as pool:
        sphinx = pool.submit(sites.build, site, "html", "-W", "-j", "8")
        mkdocs = pool.submit(markdown_sites.build, site, "--strict")
    assert (sphinx.result().status, mkdocs.result().status) == (0, 0), mkdocs.result().log
    assert sorted(path.name.partition("-")[0] for path in runs.iterdir()) == ["1", "2", "3", "4"]
    shared = entries(site)
    pages = [figures(sphinx.result().page(f"page{number}.html")) for number in range(PAGES)]
    assert [len(found) for found in pages] == [1] * PAGES
    assert pages == [figures(mkdocs.result().page(f"page{n}/index.html")) for n in range(PAGES)]

    shutil.rmtree(site / ".cache")
    alone = sites.build(site, "html", "-W", "-E")
    assert len(list(runs.iterdir())) == 2 * MODELS  # without the cache all are traced again
    assert entries(site) == shared
    assert [figures(alone.page(f"page{number}.html")) for number in range(PAGES)] == pages
