"""What is recorded of a run: one tiny model per property."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from collections import Counter
from pathlib import Path

import torch

from nnviz_docs.graph.data import Mapping, Opaque, Record, Sequence, Tensor, tensors
from nnviz_docs.graph.model import Mechanism, NodeKind, ScopeKind
from nnviz_docs.worker.frames import _is_authors
from tests.worker.tracing import constants, edge_names, named, trace_model


def test_each_call_of_a_reused_module_has_its_own_shape():
    graph = trace_model("shared_module", "tensor1x3x16").graph
    calls = [node for node in graph.nodes if node.name == "pool"]
    assert [node.call for node in calls] == [0, 1]
    assert [node.output for node in calls] == [Tensor((1, 3, 8), "float32"), Tensor((1, 3, 4), "float32")]


def test_a_shared_parameter_is_counted_once_in_the_total():
    graph = trace_model("shared_parameter", "tensor1x6:int64").graph
    assert graph.parameters == 35
    assert [node.parameters for node in graph.nodes if node.kind is NodeKind.MODULE] == [35, 35]


def test_nested_output_keeps_each_part_in_its_place():
    graph = trace_model("dict_output", "tensor2x4").graph
    output = named(graph, "output").output
    assert isinstance(output, Mapping)
    assert [key for key, _ in output.items] == ["features", "3", "empty"]
    features = dict(output.items)["features"]
    assert isinstance(features, Sequence)
    assert features.items[1] == Opaque("Unknown")
    assert features.items[2] == Tensor((2, 3), "float32")
    paths = {edge.target_path for edge in graph.edges if edge.target == named(graph, "output").id}
    assert paths == {("features", "0"), ("features", "2"), ("3", "deep", "0")}


def test_a_dict_input_is_one_node_and_its_unused_parts_stay():
    graph = trace_model("dict_input", "{'images': [rand(1, 4), rand(2, 4)], 'targets': rand(1)}").graph
    node = named(graph, "batch")
    assert isinstance(node.output, Mapping)
    assert len(list(tensors(node.output))) == 3
    assert {edge.source_path for edge in graph.edges if edge.source == node.id} == {
        ("images", "0"),
        ("images", "1"),
    }


def test_dataclasses_and_named_tuples_are_looked_into():
    graph = trace_model("records", "tensor2x2").graph
    split = next(scope for scope in graph.scopes if scope.name == "split")
    assert isinstance(split.output, Record)
    assert [key for key, _ in split.output.items] == ["left", "right"]
    output = named(graph, "output").output
    assert isinstance(output, Sequence)
    assert output.fields == ("x", "y")
    assert {("add", "sub"), ("mul", "Output")} <= set(edge_names(graph))


def test_empty_containers_are_described_as_they_are():
    graph = trace_model("empty_containers", "tensor2x2").graph
    output = named(graph, "output").output
    assert output == Sequence(
        "tuple",
        (
            Tensor((2, 2), "float32"),
            Sequence("list", ()),
            Mapping("dict", (("nothing", Mapping("dict", ())),)),
            Sequence("list", (Sequence("list", ()),)),
        ),
    )


def test_what_uses_a_tensor_does_not_use_the_dropout_that_handed_it_through():
    graph = trace_model("identity", "tensor2x4").graph
    assert Counter(edge_names(graph)) == Counter(
        [
            ("Input", "Linear"),
            ("Linear", "Dropout"),
            ("Dropout", "mul"),
            ("Linear", "add"),
            ("mul", "Output"),
            ("add", "Output"),
        ]
    )


def test_writes_in_place_are_part_of_the_tensors_way():
    graph = trace_model("in_place", "tensor2x4").graph
    assert edge_names(graph) == [
        ("Input", "Linear"),
        ("Linear", "ReLU"),
        ("ReLU", "setitem"),
        ("setitem", "add"),
        ("add", "sigmoid"),
        ("sigmoid", "Output"),
    ]


def test_modules_in_a_plain_list_are_seen_and_named():
    graph = trace_model("plain_list", "tensor2x4").graph
    modules = [node.name for node in graph.nodes if node.kind is NodeKind.MODULE]
    assert modules == ["layers.0", "layers.1"]


def test_parameters_and_buffers_used_directly_are_constants_and_unused_ones_do_not_clutter():
    graph = trace_model("constants", "tensor2x4").graph
    assert constants(graph) == {"scale": "Parameter", "shift": "Buffer"}
    assert graph.parameters == 13


def test_functions_of_the_authors_code_are_scopes_unless_they_group_nothing():
    graph = trace_model("functions", "tensor2x4").graph
    functions = [scope.name for scope in graph.scopes if scope.kind is ScopeKind.FUNCTION]
    assert functions == ["normalise()", "normalise()"]


def test_decorators_around_functions_are_no_scopes():
    graph = trace_model("functions:Decorated", "tensor2x4").graph
    names = [scope.name for scope in graph.scopes if scope.kind is ScopeKind.FUNCTION]
    halves = ["halves()"] * 3
    assert names == ["_middle()", "normalise()", "_kept()", "both()", *halves]


def test_functions_of_packages_beside_torch_are_not_torch_s_own():
    beside = Path(torch.__file__).parent.with_name("torchmodels") / "nets.py"
    inside = Path(torch.__file__).parent / "nets.py"
    assert _is_authors(compile("def beside(): 0", str(beside), "exec").co_consts[0])
    assert not _is_authors(compile("def inside(): 1", str(inside), "exec").co_consts[0])


def test_the_items_of_a_result_come_from_the_call_that_made_them():
    graph = trace_model("unpacks", "tensor2x4").graph
    chunk = named(graph, "chunk")
    assert sorted(edge.source_path for edge in graph.edges if edge.source == chunk.id) == [("0",), ("1",)]
    unbind = named(graph, "unbind")
    assert sorted(edge.source_path for edge in graph.edges if edge.source == unbind.id) == [("0",), ("1",)]


@pytest.mark.parametrize(
    ("model", "mechanism"),
    [
        ("shared_module", Mechanism.META),
        ("item_in_init", Mechanism.META),
        ("item_in_forward", Mechanism.FAKE),
        ("data_dependent", Mechanism.REAL),
    ],
)
def test_the_cheapest_way_that_works_is_taken(model: str, mechanism: Mechanism):
    text = "tensor1x3x16" if model == "shared_module" else "tensor2x4"
    traced = trace_model(model, text)
    assert traced.graph.mechanism is mechanism
    assert traced.graph.complete
    assert not traced.problems


def test_fake_tensors_are_passed_over_for_values_that_they_do_not_have():
    attempts = trace_model("data_dependent", "tensor2x4").graph.attempts
    assert [attempt.mechanism for attempt in attempts] == [Mechanism.META]


def test_an_exception_that_the_model_catches_does_not_fail_the_trace():
    graph = trace_model("catches", "tensor2x4").graph
    assert graph.complete
    assert ("Linear", "Output") in edge_names(graph)
