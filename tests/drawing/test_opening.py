from __future__ import annotations

import pytest

from nnviz_docs.drawing.notes import view_notes
from nnviz_docs.drawing.view import build_view
from nnviz_docs.graph.model import Scope, ScopeKind
from nnviz_docs.request.request import FigureOptions
from tests.drawing import graphs
from tests.drawing.graphs import flow, function, node, result, scope, source


def view(graph, boxes, depth=None, *, fit=False):
    return build_view(graph, FigureOptions(depth=depth, boxes=boxes, fit=fit, fold=False))


def ids(shown):
    return [box.id for box in shown.boxes]


def frames(shown):
    return [frame.scope.id for frame in shown.frames]


def parts(*sizes, full_name=""):
    """Return a chain of scopes that hold so many layers each."""
    names = [f"part{number}" for number in range(len(sizes))]
    layers = [
        (name, f"{name}.{n}", f"Layer{n}")
        for name, size in zip(names, sizes, strict=True)
        for n in range(size)
    ]
    nodes = [source(), *(node(path, kind, name) for name, path, kind in layers), result()]
    scopes = [scope(name, "Part", full_name=full_name) for name in names]
    return graphs.graph(scopes, nodes, flow("x", *(path for _, path, _ in layers), "output"))


@pytest.mark.parametrize("boxes", [1, 4, 8, 10, 20, 60])
def test_scopes_open_only_as_far_as_the_boxes_last(boxes):
    shown = view(graphs.resnet(), boxes)
    assert len(ids(shown)) <= max(boxes, 6)


def test_scopes_open_from_the_outside_in():
    shown = view(graphs.resnet(), 8)
    assert frames(shown) == ["layer1", "layer2"]
    assert "layer1.0" in ids(shown)


def test_what_was_kept_closed_is_said():
    assert view_notes(view(graphs.resnet(), 60)) == ()
    assert view_notes(view(graphs.resnet(), 8)) == (
        "4 parts are drawn closed to keep the figure within 8 boxes.",
    )


def test_what_the_depth_keeps_closed_is_not_said():
    assert view_notes(view(graphs.resnet(), 60, depth=1)) == ()


def test_a_small_scope_opens_before_a_large_one():
    shown = view(parts(7, 2), 8)
    assert frames(shown) == ["part1"]
    assert view_notes(shown) == ("1 part is drawn closed to keep the figure within 8 boxes.",)


def test_scopes_of_one_class_open_together_or_not_at_all():
    assert frames(view(parts(7, 2, full_name="mymodels.Part"), 8)) == []
    assert frames(view(parts(7, 2, full_name="mymodels.Part"), 20)) == ["part0", "part1"]
    assert frames(view(parts(7, 2, full_name="torch.nn.modules.container.Sequential"), 8)) == ["part1"]


def norms(*, full_name):
    """Return a model of two layers with a norm in each and one behind them, all of one class."""
    insides = ["layer0.norm", "layer1.norm", "norm"]
    nodes = [source()]
    for inside in insides:
        nodes += [node(f"{inside}.{name}", name, inside, parameters=4) for name in ("Scale", "Shift")]
    layers = [scope(f"layer{number}", "Layer", full_name="mymodels.Layer") for number in range(2)]
    inner = [
        scope(path, "Norm", path.rpartition(".")[0], full_name=full_name, parameters=8) for path in insides
    ]
    ends = [f"{inside}.{name}" for inside in insides for name in ("Scale", "Shift")]
    more = [node(f"layer{number}.end", "Linear", f"layer{number}", parameters=2) for number in range(2)]
    return graphs.graph((*layers, *inner), [*nodes, *more, result()], flow("x", *ends, "output"))


def test_a_class_that_lies_too_deep_in_one_place_is_closed_everywhere():
    own, torchs = norms(full_name="mymodels.Norm"), norms(full_name="torch.nn.Norm")
    assert frames(view(own, 60, depth=2, fit=True)) == ["layer0", "layer1"]
    assert "norm" in frames(view(own, 60, depth=2))  # the page decides
    assert "norm" in frames(view(own, 60, depth=3, fit=True))  # nothing is too deep
    assert "norm" in frames(view(torchs, 60, depth=2, fit=True))  # a container says nothing of another


def operations(count, more=()):
    names = [f"f{number}" for number in range(count)]
    nodes = [source(), *(function(name, f"op{name}") for name in names), *more, result()]
    ends = [*names, *(item.id for item in more)]
    return graphs.graph((), nodes, flow("x", *ends, "output"))


def test_a_long_run_of_operations_is_one_box_when_there_is_no_room():
    shown = view(operations(18), 10)
    (run,) = (box.content for box in shown.boxes if box.id not in {"x", "output"})
    assert run.name == "18 operations"
    assert len(shown.arrows) == 2


def test_a_long_run_of_operations_is_drawn_where_there_is_room():
    shown = view(operations(18), 60)
    assert len(ids(shown)) == 20
    assert frames(shown) == []


def test_a_run_has_the_operations_of_one_stretch():
    shown = view(operations(18, [node("fc", "Linear")]), 10, depth=1)
    assert len(ids(shown)) == 3
    nodes = [source(), *(function(f"f{n}", f"op{n}") for n in range(9)), node("part.a", "A", "part")]
    nodes += [*(function(f"g{n}", f"op{n}") for n in range(9)), result()]
    ends = [item.id for item in nodes]
    shown = view(graphs.graph([scope("part")], nodes, flow(*ends)), 10, depth=1)
    assert [box.content.name for box in shown.boxes] == [
        "x", "9 operations", "part", "9 operations", "output",
    ]  # fmt: skip


def test_what_failed_is_marked_in_a_closed_run():
    graph = operations(18)
    shown = view(graphs.graph((), graph.nodes, graph.edges, complete=False, failed_at="f7"), 10)
    assert [box.failed for box in shown.boxes] == [False, True, False]


def with_a_function(layers, operations):
    """Return a chain of layers, and behind them a function that calls operations."""
    names = [f"layer{number}" for number in range(layers)]
    calls = [function(f"f{number}", f"op{number}", "helper()") for number in range(operations)]
    nodes = [source(), *(node(name, f"Layer{name}") for name in names), *calls, result()]
    return graphs.graph([scope("helper()", "helper")], nodes, flow(*(item.id for item in nodes)))


@pytest.mark.parametrize(("layers", "fit", "opens"), [(3, True, True), (30, True, False), (30, False, True)])
def test_a_figure_that_fits_itself_opens_functions_without_layers_only_while_it_is_small(layers, fit, opens):
    assert frames(view(with_a_function(layers, 4), 60, fit=fit)) == ["helper()"] * opens


def test_a_function_that_calls_layers_opens_as_modules_do():
    graph = with_a_function(30, 4)
    nodes = [*graph.nodes, node("fc", "Linear", "helper()")]
    assert frames(view(graphs.graph(graph.scopes[1:], nodes, graph.edges), 60, fit=True)) == ["helper()"]


def with_branches_in_a_function(count):
    """Return modules that call their layers in a function of theirs, and join what it gives."""
    names = [f"mixed{number}" for number in range(count)]
    scopes = [part for name in names for part in (
        scope(name, "Mixed", full_name="models.Mixed"),
        Scope(id=f"{name}.f", kind=ScopeKind.FUNCTION, name="forward()", type_name="forward()", parent=name),
    )]  # fmt: skip
    calls = [call for name in names for call in (
        node(f"{name}.a", "Conv", f"{name}.f"), node(f"{name}.b", "Norm", f"{name}.f"),
        function(f"{name}.cat", "cat", name),
    )]  # fmt: skip
    nodes = [source(), *calls, result()]
    return graphs.graph(scopes, nodes, flow(*(item.id for item in nodes)))


def test_a_module_that_shows_only_a_function_opens_with_it_or_not_at_all():
    graph = with_branches_in_a_function(2)
    assert frames(view(graph, 8, depth=2, fit=True)) == ["mixed0", "mixed0.f", "mixed1", "mixed1.f"]
    assert frames(view(graph, 7, depth=2, fit=True)) == []
    assert frames(view(graph, 7, depth=2)) == ["mixed0", "mixed1"]
