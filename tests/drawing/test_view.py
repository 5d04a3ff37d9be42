from __future__ import annotations

from dataclasses import replace

import pytest

from nnviz_docs.drawing.parts import Part
from nnviz_docs.graph.data import Mapping
from nnviz_docs.graph.model import Edge, Scope, ScopeKind
from tests.drawing import graphs
from tests.drawing.drawn import view_of
from tests.drawing.graphs import flow, node, result, scope, source, tensor


def ids(view):
    return [box.id for box in view.boxes]


def frames(view):
    return [frame.scope.id for frame in view.frames]


def pairs(view):
    return [(arrow.source, arrow.target) for arrow in view.arrows]


def test_depth_one_draws_each_part_of_the_model_as_one_box():
    view = view_of(graphs.resnet(), 1)
    assert ids(view) == ["x", "conv1", "layer1", "layer2", "fc", "output"]
    assert frames(view) == []
    assert pairs(view) == [
        ("x", "conv1"),
        ("conv1", "layer1"),
        ("layer1", "layer2"),
        ("layer2", "fc"),
        ("fc", "output"),
    ]


def test_depth_two_frames_the_parts_and_draws_what_is_in_them():
    view = view_of(graphs.resnet(), 2)
    assert frames(view) == ["layer1", "layer2"]
    assert [(box.id, box.frame) for box in view.boxes][2:4] == [
        ("layer1.0", "layer1"),
        ("layer1.1", "layer1"),
    ]


def test_depth_all_draws_every_node():
    view = view_of(graphs.resnet(), None)
    assert len(ids(view)) == len(graphs.resnet().nodes)
    assert [frame.level for frame in view.frames] == [0, 1, 1, 0, 1, 1]


def test_a_wrapper_around_a_single_scope_does_not_use_up_a_level():
    scopes = [scope("model", "Inner"), scope("model.layers", parent="model")]
    nodes = [source(), node("model.layers.0", "Linear", "model.layers"), result()]
    view = view_of(graphs.graph(scopes, nodes, flow("x", "model.layers.0", "output")), 1)
    assert frames(view) == ["model", "model.layers"]


def test_function_scopes_are_levels_like_modules():
    calls = [
        Scope(id="f", kind=ScopeKind.FUNCTION, name="postprocess()", type_name="postprocess", parent=""),
        scope("g", "Other"),
    ]
    nodes = [source(), graphs.function("a", "relu", "f"), node("g.b", "Linear", "g"), result()]
    assert ids(view_of(graphs.graph(calls, nodes, flow("x", "a", "g.b", "output")), 1)) == [
        "x",
        "f",
        "g",
        "output",
    ]


def test_scopes_in_which_nothing_was_called_are_not_drawn():
    scopes = [scope("empty"), scope("empty.inner", parent="empty"), scope("full")]
    nodes = [source(), node("full.0", "Linear", "full"), node("last", "ReLU"), result()]
    edges = flow("x", "full.0", "last", "output")
    for depth in (1, 2, None):
        view = view_of(graphs.graph(scopes, nodes, edges), depth)
        assert not {"empty", "empty.inner"} & {*ids(view), *frames(view)}


def test_constants_are_drawn_only_where_something_visible_reads_them():
    scopes = [scope("part"), scope("other")]
    nodes = [source(), graphs.constant("used"), graphs.constant("idle"), graphs.constant("inner", "part")]
    nodes += [
        graphs.constant("alone", "other"),
        node("part.0", "Linear", "part"),
        node("last", "Linear"),
        result(),
    ]
    edges = [*flow("x", "part.0", "last", "output"), *flow("used", "last"), *flow("inner", "part.0")]
    graph = graphs.graph(scopes, nodes, edges)
    assert ids(view_of(graph, 1)) == ["x", "used", "part", "other", "last", "output"]
    opened = view_of(graph, 2)
    assert ids(opened) == ["x", "used", "inner", "part.0", "last", "output"]
    assert frames(opened) == ["part"]


def test_an_unused_input_stays():
    nodes = [source(), source("mask"), node("fc", "Linear"), result()]
    assert "mask" in ids(view_of(graphs.graph((), nodes, flow("x", "fc", "output"))))


@pytest.mark.parametrize(("depth", "marked"), [(1, "layer2"), (2, "layer2.0"), (None, "layer2.0.bn")])
def test_the_failing_node_stays_marked_wherever_it_is_drawn(depth, marked):
    graph = replace(graphs.resnet(), complete=False, failed_at="layer2.0.bn")
    view = view_of(graph, depth)
    assert [box.id for box in view.boxes if box.failed] == [marked]


def edges_between(*places):
    nodes = [source(), node("a", "Split"), node("b", "Join"), result()]
    edges = [
        Edge(source="a", target="b", data=tensor(n), source_path=s, target_path=t)
        for n, (s, t) in enumerate(places)
    ]
    graph = graphs.graph((), nodes, [*flow("x", "a"), *edges, *flow("b", "output")])
    return next(arrow.parts for arrow in view_of(graph).arrows if arrow.source == "a")


def test_several_values_between_two_boxes_are_one_arrow_with_the_keys_of_the_arguments():
    parts = edges_between((("0",), ("query",)), (("1",), ("key",)))
    assert parts == (Part(("query",), tensor(0)), Part(("key",), tensor(1)))


def test_the_argument_that_all_values_share_is_left_out():
    parts = edges_between((("0",), ("tensors", "left")), (("1",), ("tensors", "right")))
    assert [part.path for part in parts] == [("left",), ("right",)]


def test_keys_are_those_of_the_output_when_those_of_the_arguments_do_not_tell_the_values_apart():
    parts = edges_between((("loc",), ("0",)), (("scale",), ("0",)))
    assert [part.path for part in parts] == [("loc",), ("scale",)]


def test_the_same_tensor_sent_twice_to_a_box_is_one_value():
    assert edges_between(((), ("0",)), ((), ("1",))) == (Part((), tensor(0)),)


def test_values_from_several_places_inside_a_closed_scope_keep_their_order_without_keys():
    nodes = [
        source(),
        node("p.0", "A", "p"),
        node("p.1", "B", "p"),
        node("q.0", "C", "q"),
        node("q.1", "D", "q"),
        result(),
    ]
    edges = [
        *flow("x", "p.0"),
        *flow("x", "p.1"),
        *flow("p.0", "q.0", data=tensor(1)),
        *flow("p.1", "q.1", data=tensor(2)),
    ]
    graph = graphs.graph([scope("p"), scope("q")], nodes, edges + flow("q.0", "output"))
    arrow = next(arrow for arrow in view_of(graph, 1).arrows if arrow.source == "p")
    assert arrow.parts == (Part((), tensor(1)), Part((), tensor(2)))


def pyramid(*widths):
    """Return what a closed backbone hands to a closed head: a dict of maps, each from a node of its own."""
    maps = Mapping("dict", tuple((f"p{n}", tensor(width)) for n, width in enumerate(widths)))
    scopes = [scope("p", output=maps), scope("q", inputs=Mapping("dict", (("features", maps),)))]
    nodes = [source(), result()]
    edges = [*flow("q0", "output")]
    for number, width in enumerate(widths):
        nodes += [node(f"p{number}", "A", "p"), node(f"q{number}", "B", "q")]
        edges += [*flow("x", f"p{number}"), *flow(f"p{number}", f"q{number}", data=tensor(width))]
    view = view_of(graphs.graph(scopes, nodes, edges), 1)
    return next(arrow.parts for arrow in view.arrows if arrow.source == "p")


def test_values_between_closed_scopes_have_the_keys_that_their_shapes_give_away():
    assert pyramid(8, 4) == (Part(("p0",), tensor(8)), Part(("p1",), tensor(4)))


def test_values_of_one_shape_between_closed_scopes_have_no_keys():
    assert pyramid(8, 8) == (Part((), tensor(8)), Part((), tensor(8)))


def test_a_result_keeps_its_keys_even_when_there_is_one():
    nodes = [source(), node("a", "Head"), result()]
    edge = Edge(source="a", target="output", data=tensor(1), target_path=("out",))
    view = view_of(graphs.graph((), nodes, [*flow("x", "a"), edge]))
    assert view.arrows[-1].parts == (Part(("out",), tensor(1)),)


def test_a_thousand_nested_scopes_are_not_too_many():
    scopes = [scope("0", "F")] + [scope(str(n), "F", str(n - 1)) for n in range(1, 1000)]
    nodes = [source(), node("deep", "Linear", "999"), result()]
    view = view_of(graphs.graph(scopes, nodes, flow("x", "deep", "output")), None)
    assert len(view.frames) == 1000
