"""The Sphinx host, by real builds of small sites."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnviz_docs.errors import NnvizError
from nnviz_docs.hosts.sphinx import READ_SETTINGS
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.settings import Settings
from tests.hosts.bad_requests import BAD, assert_each_is_boxed_and_warned_of
from tests.hosts.sites import ROOT, Build, build, write_site
from tests.processes import MARK, assert_nothing_is_left

pytestmark = pytest.mark.torch

GOOD = """
Models
======

.. nnviz:: tests.models.dict_output.Model
   :input: tensor2x4
   :caption: What goes *in* and out.
   :name: fig-nested
   :class: wide

See :numref:`fig-nested` and :ref:`here <plain>`.

.. nnviz:: tests.models.shared_module:Model
   :input: tensor1x3x16
   :name: plain
   :alt: Two pools in a row.
   :align: left
   :width: 50%
"""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Build]:
    site = write_site(tmp_path_factory.mktemp("good"), {"index.rst": GOOD})
    return site, build(site, "html", "-W")


def test_a_page_shows_its_figures(good: tuple[Path, Build]):
    _, done = good
    assert (done.status, done.warnings) == (0, [])
    page = done.page()
    assert page.count('class="nnviz-svg"') == 2
    assert "float32 [1, 3, 8]" in page
    assert 'class="nnviz-table"' in page
    assert 'href="_static/nnviz.css' in page
    assert (done.output / "_static" / "nnviz.css").is_file()


STATIC = re.compile(r'(?:href|src)="_static/(nnviz[\w-]*\.(?:css|js))')


def test_stylesheet_and_script_are_static_files_and_nothing_is_inline(good: tuple[Path, Build]):
    _, done = good
    assert STATIC.findall(done.page()) == ["nnviz.css", "nnviz.js"]
    for name in ("nnviz.css", "nnviz.js"):
        source = ROOT / "nnviz_docs" / "drawing" / name
        assert (done.output / "_static" / name).read_bytes() == source.read_bytes()
    assert not re.search(r"<style|style=|<script", "".join(_figures(done.page())))


def test_a_site_has_its_own_style_and_no_script_if_it_says_so(tmp_path: Path):
    conf = "nnviz_interactive = False\nnnviz_style = {'text': ['#111', '#eee'], 'font': 'Inter'}"
    done = build(write_site(tmp_path, {"index.rst": "X\n=\n"}, conf), "html", "-W")
    assert STATIC.findall(done.page()) == ["nnviz.css", "nnviz-style.css"]
    style = (done.output / "_static" / "nnviz-style.css").read_text()
    assert style == ":root {\n  --nnviz-text: light-dark(#111, #eee);\n  --nnviz-font: Inter;\n}\n"


@pytest.mark.parametrize("style", ["{'txt': 'red'}", "{'text': 'red; }'}"])
def test_a_style_that_is_none_ends_the_build(tmp_path: Path, style: str):
    assert build(write_site(tmp_path, {"index.rst": "X\n="}, f"nnviz_style = {style}")).status == 2


def test_a_range_of_depths_gives_a_drawing_of_each_and_one_text(tmp_path: Path):
    page = "X\n=\n\n.. nnviz:: torchvision.models.alexnet\n   :depth: 2-1\n"
    site = write_site(tmp_path, {"index.rst": page})
    done = build(site, "html", "-W")
    assert re.findall(r"<details[^>]*>\s*<summary>(.*?)</summary>", done.page()) == ["Depth 1", "Depth 2"]
    assert re.findall(r'<details[^>]* open="open">\s*<summary>(.*?)</summary>', done.page()) == ["Depth 2"]
    ids = re.findall(r'\bid="(nnviz[^"]+)"', done.page())
    assert len(ids) == len(set(ids)) == 4
    assert build(site, "html", "-W", "-E", "-D", "nnviz_mode=frozen").page() == done.page()


def test_the_build_process_never_imports_torch(good: tuple[Path, Build]):
    _, done = good
    assert not done.torch
    assert any("nnviz_docs.worker" in command for command in done.started)


def test_captions_are_numbered_parsed_and_referred_to(good: tuple[Path, Build]):
    page = good[1].page()
    assert "What goes <em>in</em> and out." in page
    assert re.search(r'href="#fig-nested"><span class="std std-numref">Fig. 1', page)
    assert 'id="fig-nested"' in page


def test_options_reach_the_page(good: tuple[Path, Build]):
    page = good[1].page()
    assert re.search(r'class="nnviz wide"', page)
    assert "Two pools in a row." in page
    assert 'id="plain"' in page
    assert "nnviz-left" in page
    assert 'width="50%"' in page


def test_ids_are_unique_and_each_reference_in_a_figure_leads_into_it(good: tuple[Path, Build]):
    ids = re.findall(r'\bid="([^"]+)"', good[1].page())
    assert len(ids) == len(set(ids))
    for labels in re.findall(r'aria-labelledby="(nnviz[^"]+)"', good[1].page()):
        assert set(labels.split()) <= set(ids)


def test_included_pages_and_all_pages_in_one_have_ids_of_their_own(tmp_path: Path):
    figure = ".. nnviz:: tests.models.shared_module:Model\n   :input: tensor1x3x16\n   :depth: 1-2\n\n"
    include = ".. include:: part.txt\n\n"
    pages = {
        "index.rst": f"X\n=\n\n{include * 2}.. toctree::\n\n   other\n",
        "other.rst": f"Y\n=\n\n{figure * 20}{include}",
        "part.txt": figure,
    }
    page = build(write_site(tmp_path, pages), "singlehtml", "-W").page()
    ids = re.findall(r'\bid="(nnviz[^"]+)"', page)
    assert len(ids) == len(set(ids)) == 2 * (2 + 20 + 1)
    figures = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    for figure in figures:
        (labels,) = re.findall(r'aria-labelledby="([^"]+)"', figure)
        assert labels.split() == re.findall(r'\bid="([^"]+)"', figure)


def test_a_second_build_starts_no_worker_and_imports_no_torch(good: tuple[Path, Build]):
    site, cold = good
    (site / "index.rst").touch()
    warm = build(site, "html", "-W", "-E", "-a")
    assert (warm.status, warm.torch, warm.started) == (0, False, [])
    assert _figures(warm.page()) == _figures(cold.page())


def test_an_edit_of_the_model_is_seen(tmp_path: Path):
    site = write_site(tmp_path, {"index.rst": "M\n=\n\n.. nnviz:: net.Net\n   :input: tensor2x4\n"})
    (site / "conf.py").write_text((site / "conf.py").read_text() + f"sys.path.insert(0, {str(site)!r})\n")
    source = (
        "from torch import nn\n\n\nclass Net(nn.Linear):\n"
        "    def __init__(self):\n        super().__init__(4, 3)\n"
    )
    (site / "net.py").write_text(source)
    assert "float32 [2, 3]" in build(site, "html", "-W", "-E").page()
    (site / "net.py").write_text(source.replace("3", "5"))
    assert "float32 [2, 5]" in build(site, "html", "-W", "-E").page()


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Build]]:
    text = "Bad\n===\n\n" + "".join(f".. nnviz:: {m}\n   {option}\n\n" for m, option, _, _ in BAD)
    pages = {"index.rst": f"{text}.. toctree::\n\n   good\n", "good.rst": GOOD}
    site = write_site(tmp_path_factory.mktemp("bad"), pages, "nnviz_timeout = 12\nshow_warning_types = True")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(MARK, uuid.uuid4().hex)
        yield site, build(site)


def test_eight_bad_requests_give_eight_boxes_and_eight_located_warnings(bad: tuple[Path, Build]):
    site, done = bad
    assert done.status == 0
    assert_each_is_boxed_and_warned_of(done.page(), done.warnings, site / "index.rst", on="the model's line")


def test_the_rest_of_the_site_is_built(bad: tuple[Path, Build]):
    assert bad[1].page("good.html").count('class="nnviz-svg"') == 2


def test_no_page_shows_a_traceback_or_an_absolute_path(bad: tuple[Path, Build]):
    page = bad[1].page()
    assert "Traceback" not in page
    assert str(Path(__file__).parents[2]) not in page


def test_warnings_come_back_until_they_are_fixed_and_fail_the_build_if_asked(bad: tuple[Path, Build]):
    site, first = bad
    again = build(site, "html", "-W", "--keep-going")
    assert again.status == 1
    assert sorted(again.warnings) == sorted(first.warnings)


def test_nothing_of_a_hanging_model_is_left(bad: tuple[Path, Build]):
    assert_nothing_is_left()


def test_every_setting_that_a_request_holds_has_pages_read_again():
    read = set()

    class Watched:
        def __getattr__(self, name: str):
            read.add(name)
            return getattr(Settings(), name)

    parse_request("pkg:Net", {"input": "tensor2x4"}, Watched())
    with contextlib.suppress(NnvizError):
        parse_request("pkg:Net", {"input": "torch.rand(2).neg()"}, Watched())
    assert {"budget", "depth", "models", "python_inputs"} <= read
    assert read <= READ_SETTINGS


def test_builders_without_pictures_get_a_text_version(good: tuple[Path, Build]):
    site, _ = good
    text = build(site, "text", "-W").page("index.txt")
    assert "pool: MaxPool1d -> float32 [1, 3, 8]" in text
    assert "Two pools in a row." in text
    latex = build(site, "latex", "-W")
    assert latex.status == 0
    assert "MaxPool1d" in next(latex.output.glob("*.tex")).read_text()


def test_parallel_builds_give_the_same_pages(tmp_path: Path):
    pages = {
        f"page{n}.rst": GOOD.replace("fig-nested", f"fig-{n}").replace("plain", f"p-{n}") for n in range(6)
    }
    index = {"index.rst": "All\n===\n\n.. toctree::\n   :glob:\n\n   page*\n"}
    written = []
    for name, options in (("serial", ()), ("parallel", ("-j", "4"))):
        (tmp_path / name).mkdir()
        done = build(write_site(tmp_path / name, index | pages), "html", "-W", *options)
        assert done.status == 0
        assert len([command for command in done.started if "nnviz_docs.worker" in command]) == 1
        written.append([_figures(done.page(f"page{n}.html")) for n in range(6)])
    assert written[0] == written[1]


def test_warnings_name_the_file_that_the_figure_is_written_in(tmp_path: Path):
    pages = {
        "index.rst": "X\n=\n\n.. include:: part.txt\n",
        "part.txt": "A part.\n\n.. nnviz:: tests.models.identity.Modle\n   :input: tensor2x4\n",
    }
    (warning,) = build(write_site(tmp_path, pages)).warnings
    assert "part.txt:3: WARNING" in warning


def test_an_edit_of_the_model_is_seen_by_the_next_incremental_build(tmp_path: Path):
    site = write_site(tmp_path, {"index.rst": "M\n=\n\n.. nnviz:: net.Net\n   :input: tensor2x4\n"})
    (site / "conf.py").write_text((site / "conf.py").read_text() + f"sys.path.insert(0, {str(site)!r})\n")
    (site / "net.py").write_text("from torch import nn\n\nNet = nn.Linear(4, 3)\n")
    assert "float32 [2, 3]" in build(site, "html", "-W").page()
    (site / "net.py").write_text("from torch import nn\n\nNet = nn.Linear(4, 5)\n")
    assert "float32 [2, 5]" in build(site, "html", "-W").page()
    (site / "net.py").write_text("from torch import nn\n\nNett = nn.Linear(4, 5)\n")
    assert build(site, "html", "-W").status == 1


def test_settings_may_come_from_the_command_line(tmp_path: Path):
    page = "X\n=\n\n.. nnviz:: tests.models.sleeps.Model\n   :input: tensor2x4\n"
    options = ("-D", "nnviz_timeout=4.5", "-D", "nnviz_models=tests.*,resnet*", "-D", "nnviz_workers=1")
    (warning,) = build(write_site(tmp_path, {"index.rst": page}), "html", *options).warnings
    assert "longer than 4.5 seconds" in warning


def test_a_wrong_setting_is_reported_and_ends_the_build(tmp_path: Path):
    site = write_site(tmp_path, {"index.rst": "X\n="}, "nnviz_timeout = 'soon'")
    assert build(site).status == 2


def _figures(page: str) -> list[str]:
    return re.findall(r'<div class="nnviz.*?</svg>', page, flags=re.DOTALL)
