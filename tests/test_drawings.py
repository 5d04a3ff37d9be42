"""Drawings are kept, spare a warm build the graph, and never outlive what they were made from."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nnviz_docs import drawings as drawings_module
from nnviz_docs.drawing import lay_out as laying
from nnviz_docs.drawing.engine import LayoutEngine
from nnviz_docs.drawing.layout import Layout
from nnviz_docs.drawing.scene import Scene
from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.figure import Figures, figure_html
from nnviz_docs.graph import codec
from nnviz_docs.graph.model import Graph
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.request import FigureRequest
from nnviz_docs.request.settings import Settings, settings_from
from nnviz_docs.tracing.cache import Trace, TraceCache
from nnviz_docs.tracing.manifest import Manifest
from nnviz_docs.tracing.store import Store
from tests.drawing import graphs
from tests.drawing.graphs import branches

MODEL = "pkg.net:Net"


def request_for(**options: str) -> FigureRequest:
    return parse_request(MODEL, {"input": "tensor1x4", **options}, Settings())


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site whose cache has the graph of one model."""
    (tmp_path / "net.py").write_text("first")
    keep(tmp_path, graphs.resnet())
    return tmp_path


def keep(site: Path, graph: Graph) -> None:
    manifest = Manifest(files=(("net.py", digest_of(site / "net.py")),))
    trace = Trace(graph=graph, manifest=manifest)
    TraceCache(Store(site / ".cache/nnviz/traces")).keep(
        request_for().trace, trace, codec.graph_to_json(graph)
    )


def digest_of(path: Path) -> str:
    return drawings_module.hashlib.sha256(path.read_bytes()).hexdigest()


def html(site: Path, request: FigureRequest, **settings: object) -> str:
    figures = Figures(settings_from(settings), site)
    try:
        return figure_html(figures.figure(request), id_prefix="f")
    finally:
        figures.close()


def kept(site: Path, kind: str = "drawings") -> list[Path]:
    return sorted((site / ".cache/nnviz" / kind).glob("??/*.json"))


@pytest.fixture
def no_graphs(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def refuse(_document: object) -> Graph:
        raise AssertionError("a graph was read")

    return lambda: monkeypatch.setattr(codec, "graph_from_json", refuse)


def test_a_drawing_is_kept_and_its_graph_is_not_read_again(site: Path, no_graphs: Callable[[], None]):
    cold = html(site, request_for())
    no_graphs()
    assert html(site, request_for()) == cold
    with pytest.raises(AssertionError, match="a graph was read"):
        html(site, request_for(depth="1"))


def test_options_that_only_place_a_figure_share_its_drawing(site: Path):
    html(site, request_for())
    html(site, request_for(caption="C", alt="A", width="50%", align="left", **{"class": "wide"}))
    assert len(kept(site)) == 1


@pytest.mark.parametrize(
    "option", ["depth=1", "depth=1-2", "show=none", "direction=LR", "tables=layers", "fold=off", "boxes=3"]
)
def test_an_option_that_shapes_a_figure_has_a_drawing_of_its_own(site: Path, option: str):
    name, _, value = option.partition("=")
    request = request_for(**{name: value})
    fresh = html(site, request)
    html(site, request_for())
    assert len(kept(site)) == 2
    assert html(site, request) == fresh


def test_another_trace_is_drawn_afresh(site: Path):
    before = html(site, request_for())
    keep(site, graphs.nested())
    after = html(site, request_for())
    assert "layer1" in before
    assert "layer1" not in after


def test_another_version_of_the_code_draws_afresh(site: Path, monkeypatch: pytest.MonkeyPatch):
    whole = html(site, request_for())
    path = kept(site)[0]
    entry = Store(path.parents[1]).read(path.parent.name + path.stem)
    assert entry is not None
    text = json.dumps(entry.body()).replace("ResNet", "OldNet")
    Store(path.parents[1]).write(path.parent.name + path.stem, entry.head, json.loads(text))
    assert "OldNet" in html(site, request_for())  # it is read
    monkeypatch.setattr(drawings_module, "_own_digest", lambda: "another")
    assert html(site, request_for()) == whole


def test_every_module_that_shapes_a_drawing_counts_as_its_code():
    root = Path(drawings_module.__file__).parent
    counted = {path for pattern in drawings_module._SHAPED_BY for path in root.glob(pattern)}
    assert set(root.glob("drawing/*.py")) <= counted
    assert Path(codec.__file__) in counted


DAMAGE: dict[str, Callable[[Any, Any], tuple[Any, Any]]] = {
    "nothing": lambda _head, _body: (None, None),
    "no drawings": lambda head, _body: (head | {"layouts": []}, []),
    "not drawings": lambda head, _body: (head, [[1]]),
    "a script": lambda head, body: (head, replaced(body, "<g ", "<script>alert(1)</script><g ")),
    "no image": lambda head, body: (head, [[depth, None, *rest] for depth, _, *rest in body]),
    "no list of layouts": lambda _head, body: ({}, body),
    "no such layout": lambda head, body: (head | {"layouts": ["0" * 64]}, body),
    "a path in place of a layout": lambda head, body: (
        head | {"layouts": [f"../../{head['layouts'][0]}"[:64]]},
        body,
    ),
}


def replaced(document: Any, old: str, new: str) -> Any:
    """Return JSON with a text replaced, once, wherever it is in it."""
    text, quoted = json.dumps(document), json.dumps(old)[1:-1]
    assert quoted in text
    return json.loads(text.replace(quoted, json.dumps(new)[1:-1], 1))


@pytest.mark.parametrize("how", DAMAGE)
def test_a_kept_drawing_that_is_not_whole_is_drawn_again(site: Path, how: str):
    whole = html(site, request_for())
    path = kept(site)[0]
    store, key = Store(path.parents[1]), path.parent.name + path.stem
    entry = store.read(key)
    store.write(key, *DAMAGE[how](entry.head, entry.body()))
    assert html(site, request_for()) == whole
    assert store.read(key).body() == entry.body()


def test_what_led_to_a_drawing_is_used_with_it_and_missed_without_it(site: Path):
    keep(site, branches(4))
    html(site, request_for())
    assert len(kept(site, "layouts")) > 1
    for path in kept(site, "layouts"):
        os.utime(path, (1, 1))
    html(site, request_for())
    assert [path for path in kept(site, "layouts") if path.stat().st_mtime == 1] == []
    kept(site, "layouts")[0].unlink()
    (problem,) = Figures(settings_from({"mode": "frozen"}), site).figure(request_for()).problems
    assert problem.kind is ProblemKind.MISSING


def test_a_layout_that_is_gone_or_of_another_drawing_is_not_drawn_with(site: Path):
    whole = html(site, request_for())
    (path,) = kept(site, "layouts")
    layouts, key = Store(path.parents[1]), path.parent.name + path.stem
    html(site, request_for(depth="1"))
    other = next(layouts.read(name) for name in layouts.all_keys() if name != key)
    layouts.write(key, None, other.body())
    assert html(site, request_for()) == whole
    path.unlink()
    missing = Figures(settings_from({"mode": "frozen"}), site).figure(request_for())
    assert [problem.kind for problem in missing.problems] == [ProblemKind.MISSING]
    assert html(site, request_for()) == whole


def test_hostile_text_in_a_kept_drawing_is_text_on_the_page(site: Path):
    html(site, request_for())
    path = kept(site)[0]
    store, key = Store(path.parents[1]), path.parent.name + path.stem
    hostile = "</title><script>alert(1)</script>\x00\u202e\x1b"
    entry = store.read(key)
    (((depth, (_, *size), *rest),),) = (entry.body(),)
    store.write(key, entry.head, [[depth, [hostile, *size], *rest]])
    page = html(site, request_for())
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert not re.search("[\x00\x1b\u202e]", page)


def test_a_frozen_site_uses_drawings_and_writes_none(site: Path):
    whole = html(site, request_for())
    assert html(site, request_for(), mode="frozen") == whole
    for path in kept(site):
        path.unlink()
    assert html(site, request_for(), mode="frozen") == whole
    assert kept(site) == []


def test_a_drawing_without_a_layout_is_not_kept(site: Path):
    page = html(site, request_for(), dot="/no/such/dot")
    assert "nnviz-table" in page
    assert kept(site) == []


def test_without_an_engine_a_figure_of_several_depths_has_one_box_that_says_so(site: Path):
    page = html(site, request_for(depth="1-3"), dot="/no/such/dot")
    assert page.count("nnviz-error-title") == 1


def test_a_try_at_a_narrower_figure_that_fails_is_no_problem_of_the_figure(
    site: Path, monkeypatch: pytest.MonkeyPatch
):
    def lay_out_wide(scene: Scene, engine: LayoutEngine) -> Layout:
        if scene.narrow:
            raise NnvizError(ProblemKind.LAYOUT, "It took too long.")
        return replace(laying_out(scene, engine), width=2000.0)

    laying_out = laying.lay_out
    monkeypatch.setattr(laying, "lay_out", lay_out_wide)
    page = html(site, request_for())
    assert "<svg" in page
    assert "nnviz-error" not in page
    assert kept(site) == []


def test_drawings_stay_out_of_what_a_site_commits(site: Path):
    html(site, request_for())
    assert (site / ".cache/nnviz/drawings/.gitignore").read_text() == "*\n"
    assert not (site / ".cache/nnviz/layouts/.gitignore").exists()


def test_the_state_of_a_figure_changes_with_what_would_be_drawn(site: Path):
    def state(mode: str = "auto") -> str:
        return Figures(settings_from({"mode": mode}), site).state(request_for())

    first, frozen = state(), state("frozen")
    assert first == frozen != ""
    (site / "net.py").write_text("second")
    assert state() == ""
    assert state("frozen") not in {frozen, "missing", ""}
    assert "net.py changed" in state("frozen")
    keep(site, graphs.nested())
    assert state() not in {first, ""}
    assert state("refresh") == ""
    unknown = parse_request(MODEL, {"input": "tensor2x4"}, Settings())
    assert Figures(settings_from({"mode": "frozen"}), site).state(unknown) == "missing"


def test_a_stale_drawing_is_shown_with_the_reason(site: Path):
    html(site, request_for())
    (site / "net.py").write_text("second")
    figure = Figures(settings_from({"mode": "frozen"}), site).figure(request_for())
    assert [problem.kind for problem in figure.problems] == [ProblemKind.STALE]
    (site / "net.py").unlink()
    with pytest.raises(NnvizError):
        Figures(settings_from({"python": "/no/such/python"}), site).figure(request_for())
