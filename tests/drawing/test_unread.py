from __future__ import annotations

import pytest

from nnviz_docs.drawing.unread import without_unread
from nnviz_docs.drawing.view import build_view
from nnviz_docs.request.request import FigureOptions
from tests.drawing import graphs
from tests.drawing.graphs import flow, function, node, result, source


def with_dead_end(*ending, **more):
    """Return a model of one layer, whose output some more nodes read one after the other."""
    edges = flow("x", "fc", "output") + flow("fc", *(item.id for item in ending))
    return graphs.graph((), [source(), node("fc", "Linear"), *ending, result()], edges, **more)


def ids(graph):
    return [item.id for item in without_unread(graph).nodes]


def test_functions_whose_results_lead_nowhere_are_left_out():
    graph = with_dead_end(function("f0", "getitem"), function("f1", "log2"))
    assert ids(graph) == ["x", "fc", "output"]
    assert without_unread(graph).edges == tuple(flow("x", "fc", "output"))
    assert [box.id for box in build_view(graph, FigureOptions()).boxes] == ["x", "fc", "output"]


@pytest.mark.parametrize(
    "ending",
    [node("aux", "Linear"), function("f1", "add_"), function("f1", "setitem"),
     function("f1", "relu", summary="inplace=True")],
)  # fmt: skip
def test_layers_and_writes_in_place_stay_with_all_that_leads_to_them(ending):
    graph = with_dead_end(function("f0", "getitem"), ending)
    assert without_unread(graph) == graph


def test_what_anything_reads_stays():
    graph = graphs.resnet()
    assert without_unread(graph) is graph


def test_all_that_a_broken_off_run_did_stays():
    graph = with_dead_end(function("f0", "getitem"), complete=False, failed_at="f0")
    assert without_unread(graph) == graph
