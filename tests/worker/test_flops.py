"""FLOPs, memory and sources of calls; what torch's own counter counts is what the graphs say."""

from __future__ import annotations

import pytest

pytest.importorskip("torchvision")

import copy
from pathlib import Path
from types import FunctionType
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision import models

from nnviz_docs.graph.model import Graph, Mechanism
from nnviz_docs.worker.flops import FlopCounter
from nnviz_docs.worker.places import function_place
from nnviz_docs.worker.recorder import Recorder
from tests.worker.tracing import named, trace_model

MODELS = (
    *("alexnet", "convnext_tiny", "densenet121", "mnasnet0_5", "mobilenet_v3_small"),
    *("resnet18", "shufflenet_v2_x0_5", "squeezenet1_0", "swin_t", "vgg11", "vit_b_16"),
)


def record(model: nn.Module, *args: Any, mechanism: Mechanism = Mechanism.META) -> Graph:
    """Return the graph of one run."""
    with torch.no_grad(), Recorder(model.eval()) as recorder:
        recorder.add_inputs({str(index): arg for index, arg in enumerate(args)})
        recorder.add_output(model(*args))
    return recorder.draft.finish(model="Model", mechanism=mechanism, parameters=0)


def counted_by_torch(model: nn.Module, *args: Any) -> int:
    """Return the total of torch's own counter."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model.eval()(*args)
    return counter.get_total_flops()


@pytest.mark.parametrize("name", MODELS)
def test_totals_are_those_of_torchs_own_counter(name: str):
    with torch.device("meta"):
        model, image = models.get_model(name, weights=None), torch.empty(1, 3, 224, 224)
        total = record(model, image).scopes[0].flops
        assert total == counted_by_torch(model, image)
    assert total


def test_resnet18_has_its_known_figures():
    with torch.device("meta"):
        graph = record(models.resnet18(), torch.empty(1, 3, 224, 224))
    assert graph.scopes[0].flops == 3_628_146_688
    assert named(graph, "conv1").flops == 2 * 112 * 112 * 64 * 3 * 7 * 7
    assert named(graph, "bn1").flops == 0
    assert named(graph, "conv1").memory == 4 * 64 * 112 * 112
    assert named(graph, "relu").memory == 0, "it writes in place"
    assert sum(node.flops or 0 for node in graph.nodes) == graph.scopes[0].flops


class _Call(nn.Module):
    """Calls a function of one tensor, or a module."""

    def __init__(self, call: Any) -> None:
        super().__init__()
        self.call = call

    def forward(self, *args: torch.Tensor) -> Any:
        return self.call(*args)


class _SelfAttention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attend = nn.MultiheadAttention(16, 4)

    def forward(self, x: torch.Tensor) -> Any:
        return self.attend(x, x, x, need_weights=False)[0]


def _square(x: torch.Tensor) -> torch.Tensor:
    return x @ x.transpose(-1, -2)


PRODUCTS: dict[str, tuple[Any, tuple[tuple[int, ...], ...], int]] = {
    "matmul": (_square, ((2, 3, 4),), 2 * 2 * 3 * 3 * 4),
    "matrix times vector": (torch.matmul, ((3, 4), (4,)), 2 * 3 * 4),
    "dot": (torch.matmul, ((4,), (4,)), 2 * 4),
    "einsum": (lambda x, y: torch.einsum("bij,bjk->bik", x, y), ((2, 3, 4), (2, 4, 5)), 2 * 2 * 3 * 4 * 5),
    "baddbmm": (torch.baddbmm, ((2, 3, 5), (2, 3, 4), (2, 4, 5)), 2 * 2 * 3 * 4 * 5),
    "addbmm": (torch.addbmm, ((3, 5), (2, 3, 4), (2, 4, 5)), 2 * 2 * 3 * 4 * 5),
    "in place": (torch.Tensor.addmm_, ((3, 5), (3, 4), (4, 5)), 2 * 3 * 4 * 5),
    "linear": (nn.functional.linear, ((2, 7, 4), (5, 4)), 2 * 2 * 7 * 4 * 5),
    "conv1d": (nn.functional.conv1d, ((1, 2, 9), (3, 2, 3)), 2 * 7 * 3 * 2 * 3),
    "grouped": (nn.Conv2d(8, 8, 3, groups=8), ((1, 8, 5, 5),), 2 * 9 * 8 * 9),
    "transposed": (nn.ConvTranspose2d(2, 3, 2, stride=2), ((1, 2, 4, 4),), 2 * 16 * 2 * 3 * 4),
    "attention": (
        lambda q: nn.functional.scaled_dot_product_attention(q, q, q),
        ((1, 2, 8, 16),),
        2 * 2 * 2 * 8 * 8 * 16,
    ),
    "MultiheadAttention": (_SelfAttention(), ((8, 1, 16),), 2 * 8 * 16 * 4 * 16 + 2 * 2 * 8 * 8 * 16),
    "LSTM": (nn.LSTM(8, 16, 2, bidirectional=True), ((5, 1, 8),), 2 * 5 * 2 * 64 * (8 + 16 + 32 + 16)),
    "GRU": (nn.GRU(8, 16), ((5, 1, 8),), 2 * 5 * 48 * (8 + 16)),
    "add": (torch.add, ((2, 3), (2, 3)), 0),
}


@pytest.mark.parametrize("device", ["meta", "cpu"])
@pytest.mark.parametrize("name", PRODUCTS)
def test_products_count_wherever_they_are_and_run(name: str, device: str):
    call, shapes, flops = PRODUCTS[name]
    model = _Call(copy.deepcopy(call)).to(device)
    args = [torch.ones(shape, device=device) for shape in shapes]
    assert record(model, *args).scopes[0].flops == flops


def test_torchs_own_counter_does_not_see_recurrent_layers_on_a_cpu():
    call, (shape,), flops = PRODUCTS["LSTM"]
    assert counted_by_torch(call, torch.ones(shape)) == 0 != flops


def test_a_fake_run_counts_as_a_run_on_meta():
    graph = trace_model("item_in_forward", "tensor2x4").graph
    assert graph.mechanism is Mechanism.FAKE
    assert graph.scopes[0].flops == sum(node.flops or 0 for node in graph.nodes)
    assert graph.scopes[0].flops is not None


def test_what_ran_once_is_known_for_the_same_shapes_only():
    counter = FlopCounter()
    for size, flops in ((3, 54), (3, 54), (4, 128)):
        before = counter.count
        counter.call(torch.matmul, (torch.ones(size, size), torch.ones(size, size)))
        assert counter.since(before) == flops


def test_a_product_without_a_formula_is_unknown_and_not_nothing():
    graph = record(_Call(nn.Bilinear(3, 4, 5)), torch.ones(1, 3), torch.ones(1, 4))
    assert [node.flops for node in graph.nodes if node.type_name == "Bilinear"] == [None]
    assert graph.scopes[0].flops is None
    assert graph.scopes[0].memory == 4 * 5


@pytest.mark.filterwarnings("ignore::UserWarning")  # sparse tensors are in beta
def test_sparse_products_are_unknown():
    graph = record(_Call(lambda x: torch.sparse.mm(x.to_sparse(), x)), torch.ones(4, 4))
    assert graph.scopes[0].flops is None


def test_what_operators_of_other_libraries_do_is_unknown_whatever_their_names():
    class Doubled(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.ops.nnviz_tests.relu(x)

    torch.library.custom_op(
        "nnviz_tests::relu", lambda x: x * 2, mutates_args=(), schema="(Tensor x) -> Tensor"
    )
    assert record(Doubled(), torch.ones(3)).scopes[0].flops is None


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:FutureWarning")
@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
def test_scripted_parts_count():
    graph = trace_model("scripted", "tensor1x4").graph
    assert graph.scopes[0].flops == 2 * 4 * 4


def test_views_and_writes_in_place_make_no_memory():
    def views(x: torch.Tensor) -> torch.Tensor:
        a, b = x.view(4, 2).chunk(2)
        a.add_(1)
        return torch.cat([a.t(), b.expand(2, 2)])

    graph = record(_Call(views), torch.ones(8))
    made = {node.name: node.memory for node in graph.nodes}
    assert {name: made[name] for name in ("view", "chunk", "add", "t", "expand", "cat")} == {
        **dict.fromkeys(("view", "chunk", "add", "t", "expand"), 0),
        "cat": 4 * 8,
    }


def test_symbolic_graphs_have_no_costs():
    graph = trace_model("shared_module").graph
    assert graph.mechanism is Mechanism.SYMBOLIC
    assert {(item.flops, item.memory) for item in (*graph.nodes, *graph.scopes)} == {(None, None)}


def test_a_source_is_no_absolute_path_even_where_its_module_has_a_made_up_name(tmp_path: Path):
    file = tmp_path / "net.py"
    file.write_text("def forward(): ...")
    names: dict[str, FunctionType] = {}
    exec(compile(file.read_text(), str(file), "exec"), names)
    made_up = ".".join(["made", "up", *"abcdefghij", "net"])
    assert function_place(names["forward"].__code__, made_up) == "net.py:1"
    assert function_place(names["forward"].__code__, "net") == "net.py:1"


def test_sources_are_places_below_the_root_or_in_the_package():
    graph = trace_model("functions", "tensor2x4").graph
    scopes = {scope.name: scope.source for scope in graph.scopes}
    lines = Path("tests/models/functions.py").read_text().splitlines()
    for name, statement in (("", "class Model("), ("normalise()", "def normalise(")):
        file, _, line = scopes[name].partition(":")
        assert file == "tests/models/functions.py"
        assert lines[int(line) - 1].startswith(statement)
    linear = next(node.source for node in graph.nodes if node.type_name == "Linear")
    assert linear.startswith("torch/nn/modules/linear.py:")
