"""Models that earlier versions of the recorder, or other tools, got wrong."""

from __future__ import annotations

import itertools

import pytest

pytest.importorskip("torch")

from nnviz_docs.errors import ProblemKind
from nnviz_docs.graph.data import Tensor
from nnviz_docs.graph.model import Mechanism, NodeKind
from tests.worker.tracing import edge_names, named, trace_model


def test_a_view_of_what_was_written_reads_what_was_written():
    edges = edge_names(trace_model("views:Whole", "tensor2x4").graph)
    assert ("mul", "Output") in edges
    assert ("mul", "sin") in edges
    assert ("getitem", "sin") not in edges


def test_a_read_of_a_view_is_not_a_write():
    edges = edge_names(trace_model("views:Part", "tensor2x4").graph)
    assert ("chunk", "exp") in edges
    assert ("exp", "sin") not in edges
    assert ("zero", "sin") in edges


def test_writes_under_inference_mode_are_seen():
    edges = edge_names(trace_model("inference", "tensor2x4").graph)
    assert ("Linear", "setitem") in edges
    assert ("setitem", "Output") in edges


def test_operators_have_their_names_and_functions_keep_theirs():
    graph = trace_model("operators", "tensor2x4").graph
    names = [node.name for node in graph.nodes if node.kind is NodeKind.FUNCTION]
    assert names == ["rand", "relu", "add", "sub", "div", "gt", "invert", "sub"]


@pytest.mark.filterwarnings("ignore")
def test_a_scripted_part_is_one_box():
    graph = trace_model("scripted", "tensor2x4").graph
    part = named(graph, "part").type_name
    assert edge_names(graph) == [("Input", part), (part, "mul"), ("mul", "Output")]
    assert graph.mechanism is not Mechanism.SYMBOLIC


@pytest.mark.filterwarnings("ignore")
def test_scripted_functions_are_connected_and_looked_into_where_their_python_is_known():
    graph = trace_model("scripted_function", "tensor2x4").graph
    names = ["Input", "Linear", "mul", "add", "halved", "Linear", "Output"]
    assert edge_names(graph) == list(itertools.pairwise(names))


def test_what_runs_in_vmap_is_connected():
    edges = edge_names(trace_model("mapped", "tensor2x4").graph)
    assert edges == [("Input", "Linear"), ("Linear", "sin"), ("sin", "add"), ("add", "Output")]


def test_modules_made_in_forward_are_told_apart():
    graph = trace_model("made_in_forward", "tensor2x4").graph
    modules = [(node.name, node.type_name, node.call) for node in graph.nodes if node.kind is NodeKind.MODULE]
    assert modules == [("ReLU", "ReLU", 0), ("Sigmoid", "Sigmoid", 0), ("Tanh", "Tanh", 0)]


def test_computed_parameters_flow_into_the_module_that_uses_them():
    graph = trace_model("functional", "tensor2x4").graph
    assert edge_names(graph).count(("mul", "Linear")) == 2


@pytest.mark.filterwarnings("ignore")
def test_compiled_parts_are_traced_as_they_are_written():
    graph = trace_model("compiled", "tensor2x4").graph
    assert edge_names(graph) == [("Input", "Linear"), ("Linear", "ReLU"), ("ReLU", "Output")]


def test_an_exception_that_cannot_be_shown_is_still_the_models():
    (problem,) = trace_model("silent_exception", "tensor2x4").problems
    assert problem.kind is ProblemKind.FORWARD
    assert "SilentError" in problem.message


def test_an_edge_carries_the_shape_that_the_call_got():
    graph = trace_model("reshapes_in_place", "tensor2x4").graph
    unsqueeze = named(graph, "unsqueeze")
    (edge,) = [edge for edge in graph.edges if edge.target == unsqueeze.id]
    assert edge.data == Tensor((2, 4), "float32")
    assert unsqueeze.output == Tensor((1, 2, 4), "float32")


def test_a_failure_that_the_model_caught_leaves_no_box():
    graph = trace_model("catches", "tensor2x4").graph
    assert [node.type_name for node in graph.nodes] == ["Input", "Linear", "Output"]
