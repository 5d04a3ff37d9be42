"""A graph says of each call what plain hooks see, and being recorded changes nothing.

The plain runs here share no code with the recorder. The usual models run on the CPU; ``-m zoo`` takes the
rest of torchvision's, which run on meta where they can.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("torchvision")

import torch
from torch.utils._pytree import tree_leaves
from torchvision import models

from nnviz_docs.graph.data import Data, tensors
from nnviz_docs.graph.model import Graph, Mechanism, NodeKind, ScopeKind
from nnviz_docs.worker.recorder import Recorder
from nnviz_docs.worker.strategies import trace
from tests.worker.tracing import trace_model
from tests.worker.zoo import DETECTORS, chosen, has_backbone, request_of, shape_of

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # of how torchvision initialises Inception

Shapes = tuple[tuple[str, tuple[int, ...]], ...]

USUAL = (
    *("alexnet", "densenet121", "efficientnet_b0", "fasterrcnn_mobilenet_v3_large_320_fpn"),
    *("lraspp_mobilenet_v3_large", "mobilenet_v3_small", "quantized_shufflenet_v2_x0_5", "r3d_18"),
    *("raft_small", "regnet_y_400mf", "resnet18", "squeezenet1_0", "swin_t", "vit_b_32"),
)
REAL = ("fasterrcnn_mobilenet_v3_large_320_fpn", "resnet18")


@pytest.mark.parametrize("name", chosen(USUAL))
def test_each_call_of_a_module_gives_what_a_plain_hook_sees(name: str):
    graph = trace(request_of(name)).graph
    on_meta = name not in USUAL and graph.mechanism is Mechanism.META
    model, inputs = _plain(name, "meta" if on_meta else "cpu")
    seen: list[tuple[str, Shapes]] = []
    names = {module: path for path, module in model.named_modules()}
    for module in model.modules():
        module.register_forward_hook(lambda m, _, output: seen.append((names[m], _shapes_of(output))))
    with torch.no_grad():
        model(*inputs)
    assert Counter(_calls(graph)) == Counter(seen)
    assert graph.parameters == sum(parameter.numel() for parameter in model.parameters())


@pytest.mark.parametrize("name", chosen(REAL, among=DETECTORS))
def test_a_model_gives_the_same_whether_it_is_recorded_or_not(name: str):
    (plain, inputs), (recorded, _) = _plain(name, "cpu"), _plain(name, "cpu")
    with torch.no_grad():
        expected = plain(*inputs)
        with Recorder(recorded):
            output = recorded(*inputs)
    assert all(map(torch.equal, tree_leaves(output), tree_leaves(expected)))
    assert len(tree_leaves(output)) == len(tree_leaves(expected)) > 0


@pytest.mark.filterwarnings("ignore")  # torch deprecates scripting, which models still do
@pytest.mark.parametrize(
    "model", ["item_in_forward", "data_dependent", "raises_always", "inference", "scripted_function"]
)
def test_tracing_leaves_torch_as_it_was(model: str):
    places = (torch, torch.Tensor, torch.nn.functional, torch.nn.init, torch.nn.Module, torch.inference_mode)
    before = [dict(vars(place)) for place in (*places, torch.jit.ScriptFunction)]
    trace_model(model, "tensor2x4")
    for names, place in zip(before, (*places, torch.jit.ScriptFunction), strict=True):
        assert {name: vars(place)[name] for name in names} == names
    hooks = torch.nn.modules.module
    assert not hooks._global_forward_hooks
    assert not hooks._global_forward_pre_hooks
    assert torch.overrides._get_current_function_mode_stack() == []


def _plain(name: str, device: str) -> tuple[torch.nn.Module, tuple[Any, ...]]:
    """Build a model and its inputs under the seed that traces have, on the CPU where meta does not do."""
    random.seed(0)
    torch.manual_seed(0)
    arguments = {"weights": None, **({"weights_backbone": None} if has_backbone(name) else {})}
    try:
        with torch.device(device):
            model = models.get_model(name, **arguments).eval()
    except (RuntimeError, NotImplementedError):
        assert device == "meta"
        return _plain(name, "cpu")
    images = [torch.rand(shape_of(name), device=device) for _ in range(2 if name.startswith("raft") else 1)]
    return model, (images,) if name in DETECTORS else tuple(images)


def _calls(graph: Graph) -> Iterator[tuple[str, Shapes]]:
    for node in graph.nodes:
        if node.kind is NodeKind.MODULE:
            yield node.name, _shapes(node.output)
    for scope in graph.scopes:
        if scope.kind is ScopeKind.MODULE:
            yield scope.name, _shapes(scope.output)


def _shapes(data: Data | None) -> Shapes:
    return tuple((tensor.dtype, tensor.shape) for tensor in tensors(data)) if data else ()


def _shapes_of(value: object) -> Shapes:
    found = (leaf for leaf in tree_leaves(value) if isinstance(leaf, torch.Tensor))
    return tuple((str(tensor.dtype).removeprefix("torch."), tuple(tensor.shape)) for tensor in found)
