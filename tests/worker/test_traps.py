"""What other tools, and earlier versions of this one, stumbled over: one tiny model and one test for each.

The rest of that list is where its subject is: `test_recording` (shapes of reused modules, shared parameters,
unknown types, keys that are no strings, buffers, modules in plain lists, hooks), `test_failures` (messages),
`tests/request/test_inputs.py` (``image224junk``), `tests/request/test_hostile_text.py` (linear time) and
`tests/drawing/test_folding.py` (equal blocks).
"""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

pytest.importorskip("torch")

import torch

from nnviz_docs.drawing.notes import how_traced
from nnviz_docs.drawing.tables import build_tables
from nnviz_docs.drawing.view import build_view
from nnviz_docs.errors import ProblemKind
from nnviz_docs.graph.codec import graph_from_json, graph_to_json
from nnviz_docs.graph.data import Mapping, Opaque, Record, Scalar, Sequence, Tensor
from nnviz_docs.graph.model import Graph, Mechanism, Node, NodeKind
from nnviz_docs.request.arguments import parse_arguments
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.request import FigureOptions, ModelPath, TraceRequest
from nnviz_docs.worker.strategies import trace
from tests.drawing.drawn import svg_of
from tests.models.special_names import NAMES
from tests.worker.tracing import edge_names, named, request_for, trace_model

FLOATS = Tensor((2, 4), "float32")


def modules(graph: Graph) -> list[Node]:
    return [node for node in graph.nodes if node.kind is NodeKind.MODULE]


# Nested data


def test_a_bare_empty_list_is_a_list_in_graph_and_table():
    graph = trace_model("empty_output", "tensor2x4").graph
    assert named(graph, "output").output == named(graph, "part").output == Sequence("list", ())
    cells = [
        row.cells for table in build_tables(build_view(graph, FigureOptions()), "io") for row in table.rows
    ]
    assert any("empty list" in " ".join(row) for row in cells)


def test_every_element_of_a_list_is_shown():
    graph = trace_model("list_output", "tensor2x4").graph
    expected = Sequence("list", (FLOATS, Tensor((2,), "float32"), Tensor((4,), "float32")))
    part = next(scope for scope in graph.scopes if scope.name == "part")
    assert part.output == named(graph, "output").output == expected
    assert edge_names(graph)[-3:] == [("mul", "Output"), ("sum", "Output"), ("getitem", "Output")]


def test_mixtures_are_described_in_full_on_scopes_and_edges():
    graph = trace_model("mixtures", "tensor2x4").graph
    part = next(scope for scope in graph.scopes if scope.name == "part")
    record = Record(
        "Record",
        (
            ("data", FLOATS),
            ("count", Scalar("int", "3")),
            ("more", Mapping("dict", (("deep", Sequence("list", (FLOATS, Mapping("dict", ())))),))),
        ),
    )
    rest = Sequence("list", (Mapping("dict", (("1", FLOATS),)),))
    pair = Sequence("Pair", (Opaque("NoName"), rest), ("first", "rest"))
    assert part.inputs == Mapping("dict", (("record", record), ("pair", pair)))
    assert isinstance(part.output, Record)
    assert [key for key, _ in part.output.items] == ["last", "hidden"]
    output = named(graph, "output")
    assert isinstance(output.output, Mapping)
    assert [key for key, _ in output.output.items] == ["('a', 1)", "None", "NoName", "True"]
    assert {edge.target_path for edge in graph.edges if edge.target == output.id} == {
        ("('a', 1)", "last"),
        ("('a', 1)", "hidden", "0", "0"),
        ("None", "0", "first"),
        ("None", "0", "rest", "2.5", "data"),
        ("None", "0", "rest", "2.5", "more", "deep", "0"),
    }
    assert graph_from_json(json.loads(json.dumps(graph_to_json(graph)))) == graph


def test_slices_are_written_as_in_python_and_go_through_json():
    graph = trace_model("slices", "tensor2x4").graph
    summaries = [node.summary for node in graph.nodes if node.name == "getitem"]
    assert summaries == ["[:, 0]", "[..., None]", "[:, ::2]", "[:, [0, 1]]"]
    assert graph_from_json(json.loads(json.dumps(graph_to_json(graph)))) == graph


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
def test_a_nested_tensor_has_sizes_where_its_parts_agree():
    graph = trace_model("nested_tensor", "tensor2x4").graph
    assert graph.complete
    assert named(graph, "output").output == Tensor((2, -1, 4), "float32")


# Names


def test_special_characters_are_text_in_the_figure():
    graph = trace_model("special_names", "tensor2x4").graph
    root = ET.fromstring(svg_of(graph, standalone=True))
    words = " ".join(root.itertext())
    for name in NAMES[:4]:
        assert f"parts.{name}" in words
        assert f"<script>{name}" in words
    assert not any(tag.tag.endswith("script") for tag in root.iter())
    assert words.replace("\n", " ").isprintable()


# Modules


def test_an_activation_that_blocks_share_is_called_in_each_of_them():
    graph = trace_model("reused_activation", "tensor2x4").graph
    scopes = {scope.id: scope.name for scope in graph.scopes}
    calls = [(scopes[node.scope], node.call) for node in modules(graph) if node.name == "relu"]
    assert calls == [("first", 0), ("second", 1), ("", 2)]
    assert edge_names(graph) == [
        ("Input", "Linear"),
        ("Linear", "ReLU"),
        ("ReLU", "Linear"),
        ("Linear", "ReLU"),
        ("ReLU", "ReLU"),
        ("ReLU", "Output"),
    ]


def test_the_fast_path_of_transformers_hides_no_layer():
    encoder = "torch.nn.TransformerEncoderLayer(d_model=8, nhead=2, batch_first=True), num_layers=2"
    request = TraceRequest(
        model=ModelPath(kind="dotted", place="", attributes=("torch", "nn", "TransformerEncoder")),
        arguments=parse_arguments(encoder),
        inputs=parse_inputs("tensor1x3x8"),
    )
    graph = trace(request).graph
    names = [node.name for node in modules(graph)]
    assert [name for name in names if name.startswith("layers.1.")] == [
        f"layers.1.{part}"
        for part in ("self_attn", "dropout1", "norm1", "linear1", "dropout", "linear2", "dropout2", "norm2")
    ]
    assert all(edge.data is not None for edge in graph.edges)


# The state of the model and of the process


def test_a_model_runs_in_eval_and_without_gradients():
    graph = trace_model("training", "tensor2x4").graph
    assert edge_names(graph) == [("Input", "sin"), ("sin", "Output")]


def test_a_second_run_in_the_same_process_is_the_first_again():
    first = [trace_model(name, "tensor2x4").graph for name in ("mixtures", "makes_tensors", "in_place")]
    second = [trace_model(name, "tensor2x4").graph for name in ("mixtures", "makes_tensors", "in_place")]
    assert first == second


def test_tensors_can_be_made_and_indexed_after_tracing():
    graph = trace_model("makes_tensors", "tensor2x4").graph
    assert [node.name for node in graph.nodes if node.name == "tensor"] == ["tensor", "tensor"]
    made = torch.tensor([[1, 2], [3, 4]])
    assert made[:, 0].tolist() == [1, 3]
    assert made.device.type == "cpu"
    assert torch.is_grad_enabled()


# Devices: each way of running takes over what the one before it can't do, and the graph says why


@pytest.mark.parametrize(
    ("model", "text", "mechanism", "reasons"),
    [
        ("one_hot", "tensor4:int64", Mechanism.META, []),
        ("one_hot:Counting", "tensor4:int64", Mechanism.REAL, ["Tensor.item"]),
        ("unregistered", "tensor2x4", Mechanism.META, []),
        ("unregistered:OnCpu", "tensor2x4", Mechanism.FAKE, ["device cpu"]),
        ("unregistered:Counted", "tensor2x4", Mechanism.FAKE, ["device cpu"]),
        ("cpu_in_forward", "tensor2x4", Mechanism.FAKE, ["device cpu"]),
        ("makes_tensors", "tensor2x4", Mechanism.REAL, ["meta tensor", "DataDependent"]),
    ],
)
def test_the_next_way_takes_over(model: str, text: str, mechanism: Mechanism, reasons: list[str]):
    traced = trace_model(model, text)
    assert not traced.problems
    assert traced.graph.complete
    assert traced.graph.mechanism is mechanism
    assert all(edge.data is not None for edge in traced.graph.edges)
    for attempt, reason in zip(traced.graph.attempts, reasons, strict=True):
        assert reason in attempt.reason
        assert f"{attempt.mechanism}: {attempt.reason}" in how_traced(traced.graph)


@pytest.mark.parametrize(
    ("model", "text"),
    [
        ("Model", "tensor2x4:int64"),
        ("Model", "tensor2x4:float64"),
        ("Product", "tensor2x4:int64"),
        ("Added", "tensor2x4:float64"),
        ("Transposed", "tensor1x2x4:int64"),
    ],
)
def test_what_a_real_run_refuses_is_not_drawn_as_if_it_had_run(model: str, text: str):
    traced = trace_model(f"mixed_dtypes:{model}", text)
    assert traced.graph.mechanism is Mechanism.SYMBOLIC
    (problem,) = traced.problems
    assert problem.kind is ProblemKind.FORWARD
    assert "dtype" in problem.message or "scalar type" in problem.message


@pytest.mark.parametrize(
    ("model", "text"),
    [("Model", "tensor2x4"), ("Converted", "tensor2x4:int64"), ("Autocast", "tensor2x4")],
)
def test_what_a_real_run_multiplies_needs_no_memory(model: str, text: str):
    assert trace_model(f"mixed_dtypes:{model}", text).graph.mechanism is Mechanism.META


# Length


def test_a_very_long_loop_is_recorded_whole_and_drawn_small():
    request = replace(request_for("recurrent", "tensor2x4"), arguments=parse_arguments("steps=700"))
    graph = trace(request).graph
    assert len(graph.nodes) == 4 * 700 + 3
    view = build_view(graph, FigureOptions())
    assert len(view.boxes) <= 12
    assert [frame.fold.count for frame in view.frames if frame.fold] == [700]


def test_the_device_that_a_model_is_traced_on_is_no_argument_of_its_calls():
    graph = trace_model("follows_device", "tensor2x4").graph
    assert graph.mechanism is Mechanism.META
    assert named(graph, "to").summary == "float64"
