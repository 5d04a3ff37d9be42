from __future__ import annotations

from dataclasses import replace

import pytest

from nnviz_docs.drawing.composing import build_scene
from nnviz_docs.drawing.lay_out import lay_out
from nnviz_docs.drawing.shapes import draw_image
from nnviz_docs.drawing.svg import render_svg
from nnviz_docs.drawing.view import build_view
from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.graph.data import Mapping
from nnviz_docs.request.request import FigureOptions
from tests.drawing import graphs
from tests.drawing.drawn import engine
from tests.drawing.graphs import flow, node, result, scope, source, tensor


def view(graph, **options):
    return build_view(graph, FigureOptions(**options))


def ids(shown):
    return [box.id for box in shown.boxes]


def frames(shown):
    return [frame.scope.id for frame in shown.frames]


def test_what_is_collapsed_is_one_box_whatever_the_depth():
    shown = view(graphs.resnet(), depth=None, collapse=("layer1",))
    assert "layer1" in ids(shown)
    assert "layer2.0.conv" in ids(shown)


def test_what_is_expanded_is_open_with_all_around_it_whatever_the_depth_and_the_budget():
    shown = view(graphs.resnet(), depth=1, boxes=1, expand=("layer2.1",))
    assert frames(shown) == ["layer2", "layer2.1"]
    assert {"layer1", "layer2.0", "layer2.1.conv"} <= set(ids(shown))


def test_patterns_name_several():
    assert frames(view(graphs.resnet(), depth=1, fold=False, expand=("layer?.0",))) == [
        "layer1", "layer1.0", "layer2", "layer2.0",
    ]  # fmt: skip


def test_collapse_wins_over_expand():
    shown = view(graphs.resnet(), depth=1, expand=("layer1.0",), collapse=("layer1",))
    assert "layer1" in ids(shown)


@pytest.mark.parametrize("option", ["expand", "collapse"])
def test_a_path_that_names_nothing_is_a_problem(option):
    with pytest.raises(NnvizError) as caught:
        view(graphs.resnet(), **{option: ("layer9",)})
    assert caught.value.problem.kind is ProblemKind.OPTION
    assert caught.value.problem.message.startswith(f"{option}: ")
    assert caught.value.problem.hint == "Did you mean layer2?"


def test_a_layer_is_drawn_alone_with_the_data_that_it_gets_in_the_model():
    shown = view(graphs.resnet(), layer="layer2.0")
    assert [box.content.name for box in shown.boxes] == [
        "input",
        "layer2.0.conv",
        "layer2.0.bn",
        "add",
        "output",
    ]
    assert shown.boxes[0].content.output == tensor(1, 64, 16, 16)
    assert len(shown.arrows) == 5
    scene = build_scene(shown)
    assert (scene.title, scene.subtitle) == ("BasicBlock", "layer2.0 · 20,000 parameters")


def test_a_layer_without_parts_is_a_box_between_input_and_output():
    shown = view(graphs.resnet(), layer="conv1")
    assert [box.content.type_name for box in shown.boxes] == ["Input", "Conv2d", "Output"]
    assert shown.arrows[0].parts[0].data == tensor(1, 3, 32, 32)


def test_a_layer_s_inputs_are_named_after_its_arguments():
    arguments = Mapping("dict", (("left", tensor(1)), ("right", tensor(2))))
    scopes = [scope("join", "Join", inputs=arguments, output=tensor(3))]
    nodes = [source("a"), source("b"), node("join.cat", "Cat", "join"), result()]
    edges = [*flow("a", "join.cat", data=tensor(1)), *flow("b", "join.cat", data=tensor(2))]
    edges += flow("join.cat", "output", data=tensor(3))
    shown = view(graphs.graph(scopes, nodes, edges), layer="join")
    assert [box.content.name for box in shown.boxes] == ["left", "right", "join.cat", "output"]


def test_a_failure_outside_a_layer_is_not_the_layer_s():
    failed = replace(graphs.resnet(), complete=False, failed_at="fc")
    assert view(failed, layer="layer1").graph.complete
    assert not view(replace(failed, failed_at="layer1.0.bn"), layer="layer1").graph.complete


def test_a_layer_that_there_is_not_is_a_problem():
    with pytest.raises(NnvizError, match="Did you mean layer1"):
        view(graphs.resnet(), layer="layer1.9")


def test_a_figure_can_go_from_left_to_right():
    sizes = {}
    for direction in ("TB", "LR"):
        scene = build_scene(view(graphs.resnet(), direction=direction))
        layout = lay_out(scene, engine())
        sizes[direction] = (layout.width, layout.height)
    assert sizes["TB"][0] < sizes["TB"][1]
    assert sizes["LR"][0] > sizes["LR"][1]


def test_a_height_leaves_the_width_to_the_shape():
    scene = build_scene(view(graphs.resnet()))
    layout = lay_out(scene, engine())
    text = render_svg(draw_image(scene, layout), id_prefix="f", standalone=False, alt="", height="300px")
    opening = text.partition(">")[0]
    assert 'height="300px"' in opening
    assert " width=" not in opening
    assert "nnviz-tall" in opening
