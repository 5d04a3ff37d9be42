from __future__ import annotations

import pytest

from nnviz_docs.drawing.fitting import WIDEST, draw
from nnviz_docs.drawing.lay_out import lay_out
from nnviz_docs.drawing.notes import view_notes
from nnviz_docs.graph.model import Scope, ScopeKind
from nnviz_docs.request.request import FigureOptions
from tests.drawing import graphs
from tests.drawing.drawn import engine
from tests.drawing.graphs import flow, function, node, result, scope, source

TWIN = "models.Branch"


def branches(count, *, loose=0, full_name=TWIN):
    """Return branches of a model side by side, of two layers that lie abreast each, and ``loose`` ones."""
    names = [f"branch{number}" for number in range(count)]
    layers = [(f"{name}.{side}", name) for name in names for side in ("left", "right")]
    layers += [(f"single{number}", "") for number in range(loose)]
    nodes = [source(), *(node(path, "LinearLayer", around) for path, around in layers), result()]
    edges = [edge for path, _ in layers for edge in flow("x", path, "output")]
    return graphs.graph([scope(name, "Branch", full_name=full_name) for name in names], nodes, edges)


def drawn(graph, **options):
    return draw(graph, FigureOptions(**options), lambda scene: lay_out(scene, engine()))


def open_frames(figure):
    return [frame.scope.id for frame in figure.view.frames]


def test_a_figure_that_fits_is_drawn_open_and_says_nothing():
    figure = drawn(branches(1))
    assert (open_frames(figure), figure.scene.narrow) == (["branch0"], False)
    assert view_notes(figure.view) == ()


def test_a_wide_figure_is_drawn_narrow_before_anything_is_closed():
    figure = drawn(branches(2, loose=2))
    assert figure.scene.narrow
    assert figure.width <= WIDEST < drawn(branches(2, loose=2), fit=False).width
    assert open_frames(figure) == ["branch0", "branch1"]


def test_a_figure_that_stays_too_wide_has_parts_closed_and_says_how_many():
    figure = drawn(branches(4))
    assert figure.width <= WIDEST < drawn(branches(4), fit=False).width
    assert open_frames(figure) == []
    assert view_notes(figure.view) == ("4 parts are drawn closed to keep the figure within a page.",)


def test_only_as_many_parts_of_different_kinds_are_closed_as_must_be():
    figure = drawn(branches(4, full_name="torch.nn.modules.container.Sequential"))
    assert figure.width <= WIDEST
    assert 0 < len(open_frames(figure)) < 4


def test_what_a_page_asks_for_stays_open():
    figure = drawn(branches(4), expand=("branch1",))
    assert open_frames(figure) == ["branch1"]


def test_what_does_not_make_a_figure_narrower_is_opened_again():
    chain = flow("x", "part.a", "part.b", "mid")
    wide = [edge for number in range(12) for edge in flow("mid", f"leaf{number}", "output")]
    layers = [node("part.a", "A", "part"), node("part.b", "B", "part"), node("mid", "Mid")]
    layers += [node(f"leaf{number}", "LinearLayer") for number in range(12)]
    figure = drawn(graphs.graph([scope("part")], [source(), *layers, result()], [*chain, *wide]))
    assert figure.width > WIDEST
    assert open_frames(figure) == ["part"]


@pytest.mark.parametrize("options", [{"fit": False}, {"direction": "LR"}])
def test_a_figure_that_need_not_fit_is_laid_out_once(options):
    scenes = []
    draw(
        branches(4), FigureOptions(**options), lambda scene: scenes.append(scene) or lay_out(scene, engine())
    )
    assert len(scenes) == 1


def test_stored_layouts_lead_to_the_same_figure():
    kept = {}
    cold = draw(branches(4), FigureOptions(), lambda scene: kept.setdefault(scene, lay_out(scene, engine())))
    assert draw(branches(4), FigureOptions(), kept.__getitem__) == cold


def test_without_a_layout_there_is_the_scene_of_all_that_would_be_open():
    figure = draw(branches(4), FigureOptions(), lambda _: None)
    assert figure.layout is None
    assert len(open_frames(figure)) == 4


def test_a_function_is_closed_with_a_module_that_shows_nothing_else():
    parts = [Scope(id="part.f", kind=ScopeKind.FUNCTION, name="f()", type_name="f()", parent="part")]
    names = [f"part.layer{number}" for number in range(9)]
    nodes = [
        source(),
        *(node(name, "LinearLayer", "part.f") for name in names),
        function("cat", "cat", "part"),
    ]
    edges = [edge for name in names for edge in flow("x", name, "cat")] + flow("cat", "output")
    figure = drawn(graphs.graph([scope("part"), *parts], [*nodes, result()], edges))
    assert figure.width <= WIDEST
    assert open_frames(figure) == []
