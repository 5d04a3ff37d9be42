"""From request to page: several drawings of one figure, and what stands there when none can be laid out."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest

from nnviz_docs.drawing import lay_out as laying
from nnviz_docs.drawings import Drawings
from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.figure import Figures, figure_html, figure_svg
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.settings import Settings, settings_from

pytestmark = pytest.mark.torch
ROOT = Path(__file__).parents[1]
SETTINGS = Settings()
DEEP = {"input": "image64", "depth": "1-3", "tables": "layers"}


def request(model: str = "torchvision.models.alexnet", **options: str):
    return parse_request(model, DEEP | options, SETTINGS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project's folder whose cache has the trace that all tests draw, and no layout."""
    root = tmp_path_factory.mktemp("project")
    Figures(SETTINGS, root, (str(ROOT),)).trace(request().trace)
    return root


@pytest.fixture
def drawn(folder: Path):
    figures = Figures(SETTINGS, folder)
    yield lambda **options: figures.figure(request(**options))
    figures.close()


def test_a_depth_that_adds_nothing_is_not_drawn_again(drawn):
    figure = drawn()
    assert [drawing.depth for drawing in figure.drawings] == [1, 2]
    assert figure.shown is figure.drawings[0]


def test_the_first_of_a_range_is_the_one_for_files_and_texts(drawn, folder: Path):
    shallow, deep = drawn(depth="1-3"), drawn(depth="3-1")
    assert [drawing.depth for drawing in deep.drawings] == [1, 3]
    assert "features.0" not in figure_svg(shallow)
    assert "features.0" in figure_svg(deep)
    figures = Figures(SETTINGS, folder)
    assert "features.0" not in figures.text(request(depth="1-3"))
    assert "features.0" in figures.text(request(depth="3-1"))


def test_each_drawing_of_a_page_has_its_own_ids_and_tables(drawn):
    html = figure_html(drawn(), id_prefix="f")
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert ids == ["f-1-title", "f-1-desc", "f-2-title", "f-2-desc"]
    assert [set(found.split()) <= set(ids) for found in re.findall(r'labelledby="([^"]+)"', html)] == [
        True
    ] * 2
    assert html.count("<caption>Layers</caption>") == 2
    assert figure_html(drawn(depth="2"), id_prefix="f").count("<details") == 0


def test_texts_are_fitted_to_their_boxes_where_the_site_has_a_font_of_its_own(folder: Path):
    for style, fitted in ({"font": "Inter"}, True), ({"text": "red"}, False):
        figures = Figures(settings_from({"style": style}), folder)
        assert ("textLength=" in figure_html(figures.figure(request()), id_prefix="f")) == fitted
        figures.close()


BROKEN = {
    "of a version that does not know the format": 'echo "Format: json0 not recognized" >&2; exit 1',
    "that fails half-way": 'echo \'{"bb": "0,0,9,9", "objects": [\'; exit 1',
    "that leaves half of it out and says that all is well": 'echo \'{"bb": "0,0,9,9", "objects": []}\'',
    "that hangs": "exec sleep 60",
}


def program(folder: Path, text: str) -> str:
    path = folder / "dot"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("fault", [*BROKEN, "that is not there"])
def test_a_layout_program_gives_a_problem_and_the_table_of_arrows_in_the_picture_s_place(
    folder: Path, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(laying, "lay_out", functools.partial(laying.lay_out, seconds=0.5))
    dot = program(tmp_path, BROKEN[fault]) if fault in BROKEN else str(tmp_path / "nowhere")
    figure = Figures(Settings(dot=dot), folder).figure(request(depth="1", direction="LR"))
    assert [problem.kind for problem in figure.problems] == [ProblemKind.LAYOUT]
    html = figure_html(figure, id_prefix="f")
    assert "<svg" not in html
    assert html.count("nnviz-error") > 0
    assert "<caption>Data flow</caption>" in html
    assert "float32 [1, 256, 6, 6]" in html
    with pytest.raises(NnvizError) as caught:
        figure_svg(figure)
    assert caught.value.problem.kind is ProblemKind.LAYOUT


def test_with_a_layout_there_is_a_picture_and_no_such_table(drawn):
    html = figure_html(drawn(depth="1", show="none"), id_prefix="f")
    assert "<svg" in html
    assert "Data flow" not in html
    assert "nnviz-error" not in html


NETS = {
    "fine": "return common.twice(x)",
    "wrong": "return common.twice(x) @ x",
    "also_wrong": "raise ValueError(common.twice(x))",
}
NET = "import common\nfrom torch import nn\n\nclass Net(nn.Module):\n    def forward(self, x):\n        {}\n"


@pytest.fixture
def nets(tmp_path: Path) -> Path:
    """Return a folder with modules of one model each, which share a module."""
    (tmp_path / "common.py").write_text("def twice(x):\n    return x.relu() + x\n")
    for name, line in NETS.items():
        (tmp_path / f"{name}.py").write_text(NET.format(line))
    return tmp_path


def test_figures_are_drawn_once_while_the_next_model_is_traced(nets: Path, monkeypatch: pytest.MonkeyPatch):
    made = []
    original = Drawings.make
    monkeypatch.setattr(Drawings, "make", lambda *args: made.append(args) or original(*args))
    requests = [request("fine:Net", input=f"tensor1x{size}", depth="1") for size in (3, 4)]
    figures = Figures(SETTINGS, nets, (str(nets),))
    assert [len(made) for _ in figures.prepare(figures.missing(requests))] == [1, 2]
    assert all("<svg" in figure_html(figures.figure(each), id_prefix="f") for each in requests)
    assert len(made) == 2
    last = request("fine:Net", input="tensor1x5", depth="1")
    assert figures.missing([last])
    figures.figure(last)
    assert len(made) == 3
    figures.close()


def test_what_changes_between_two_traces_is_known_of_the_second(nets: Path):
    requests = [request(f"{name}:Net", input="tensor1x4", depth="1") for name in ("wrong", "also_wrong")]
    figures = Figures(settings_from({"workers": 1}), nets, (str(nets),))
    done = []
    for each in figures.prepare(figures.missing(requests)):
        if not done:
            (nets / "common.py").write_text("def twice(x):\n    return x.tanh() + x\n")
        done.append(each)
    figures.close()
    assert nets / "common.py" in figures.files(done[-1])
    assert next(figures.state(each) for each in requests if each.trace == done[-1])
