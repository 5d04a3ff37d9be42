from __future__ import annotations

import pytest

from nnviz_docs.drawing.fitting import WIDEST, draw
from nnviz_docs.drawing.geometry import Area
from nnviz_docs.drawing.lay_out import lay_out
from nnviz_docs.drawing.layout import ArrowPath, FramePlace, Layout
from nnviz_docs.drawing.notes import view_notes
from nnviz_docs.graph.model import Scope, ScopeKind
from nnviz_docs.request.request import FigureOptions
from tests.drawing import graphs
from tests.drawing.drawn import engine
from tests.drawing.graphs import branches, flow, function, node, result, scope, source


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


def test_what_is_closed_in_vain_with_a_module_does_not_keep_others_from_being_closed():
    inside = Scope(id="part.f", kind=ScopeKind.FUNCTION, name="f()", type_name="f()", parent="part")
    scopes = [scope("part"), inside, scope("other", full_name="models.Other")]
    nodes = [
        *(source(), function("sin", "sin", "part"), function("abs", "abs", "part.f")),
        *(function("cos", "cos", "part.f"), node("other.a", "A", "other"), node("other.b", "B", "other")),
    ]
    edges = flow("x", "sin", "abs", "cos", "other.a", "other.b", "output")
    widths = {"part": 880, "part.f": 870, "other": 850}

    def lay_out_by_hand(scene):
        ids = [frame.id for frame in scene.frames]
        heights = {"part": 0, "part.f": 10, "other": 200}
        areas = [Area(0, heights[name], widths[name], heights[name] + 80) for name in ids]
        return Layout(
            width=900 if "other" in ids else 600,
            height=400,
            boxes=tuple((400, 250 if box.frame is None else 50) for box in scene.boxes),
            frames=tuple(FramePlace(area, (0, 0), (0, 0)) for area in areas),
            arrows=tuple(ArrowPath(((0, 50),) * 4, (0, 50), None) for _ in scene.arrows),
        )

    whole = graphs.graph(scopes, [*nodes, result()], edges)
    assert draw(whole, FigureOptions(depth=3, fit=True), lay_out_by_hand).width == 600


def test_a_try_that_cannot_be_laid_out_is_the_last_one():
    tries = []

    def lay_out_once(scene):
        tries.append(scene)
        return lay_out(scene, engine()) if len(tries) == 1 else None

    figure = draw(branches(4), FigureOptions(), lay_out_once)
    assert figure.layout is not None
    assert len(tries) == 2


@pytest.mark.parametrize(("direction", "limit"), [("TB", "a page"), ("LR", "3 boxes")])
def test_the_note_tells_what_the_limit_was(direction, limit):
    figure = drawn(branches(2), boxes=3, direction=direction)
    (note,) = view_notes(figure.view)
    assert note.endswith(f"to keep the figure within {limit}.")
