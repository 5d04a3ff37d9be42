"""What runs on tensors without values must be what runs on real ones, and give the same shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("torch")

import torch
from torch.nn import functional as F  # noqa: N812

from nnviz_docs.errors import ProblemKind
from nnviz_docs.graph.model import Mechanism
from nnviz_docs.worker.without_values import WithoutValues
from tests.worker.tracing import trace_model

FLOATING: dict[str, Callable[[torch.Tensor], Any]] = {
    "batch_norm": lambda x: F.batch_norm(x, torch.ones(4), torch.ones(4)),
    "gelu": F.gelu,
    "hardsigmoid": F.hardsigmoid,
    "glu": F.glu,
    "hardswish": F.hardswish,
    "log_softmax": lambda x: F.log_softmax(x, -1),
    "mish": F.mish,
    "silu": F.silu,
    "softmax": lambda x: x.softmax(-1),
    "softplus": F.softplus,
    "std": lambda x: x.std(),
    "var": torch.var,
}


def on_meta(function: Callable[..., Any], *tensors: torch.Tensor) -> Any:
    with torch.device("meta"), WithoutValues():
        return function(*(tensor.to("meta") for tensor in tensors))


@pytest.mark.parametrize("name", FLOATING)
def test_integers_are_refused_where_real_ones_are(name):
    numbers = torch.ones(2, 4, dtype=torch.int64)
    with pytest.raises(RuntimeError):
        FLOATING[name](numbers)
    with torch.device("meta"):
        FLOATING[name](numbers.to("meta"))  # what is guarded against
    with pytest.raises(RuntimeError, match=f"{name} needs floating-point numbers"):
        on_meta(FLOATING[name], numbers)


def test_integers_that_are_turned_into_floats_are_not_refused():
    numbers = torch.ones(2, 4, dtype=torch.int64)
    assert F.softmax(numbers, -1, dtype=torch.float32).dtype == torch.float32
    assert on_meta(lambda x: F.softmax(x, -1, dtype=torch.float32), numbers).dtype == torch.float32
    assert on_meta(lambda x: torch.softmax(x, -1, torch.float32), numbers).dtype == torch.float32


def test_a_convolution_of_integers_is_refused():
    image, weight = torch.ones(1, 4, 3, 3, dtype=torch.int64), torch.ones(2, 4, 1, 1)
    with pytest.raises(RuntimeError):
        F.conv2d(image, weight)
    assert F.conv2d(image.to("meta"), weight.to("meta")).shape == (1, 2, 3, 3)  # what is guarded against
    with pytest.raises(RuntimeError, match="same dtype"):
        on_meta(F.conv2d, image, weight)


def test_a_normalisation_of_integers_is_reported_as_the_real_run_has_it():
    traced = trace_model("normalises", "tensor2x4:int64")
    assert [problem.kind for problem in traced.problems] == [ProblemKind.FORWARD]
    assert "Long" in traced.problems[0].message


def test_what_a_model_makes_on_the_cpu_keeps_its_values():
    graph = trace_model("normalises:OnTheCpu", "tensor2x4").graph
    assert graph.mechanism is Mechanism.META
    assert "relu" in [node.name for node in graph.nodes]


def test_a_normalisation_that_is_differentiated_is_left_to_torch():
    graph = trace_model("normalises:Differentiated", "tensor2x4").graph
    assert (graph.mechanism, graph.attempts) == (Mechanism.META, ())


class Marked(torch.Tensor):
    """A tensor of a class of its own."""


def test_tensors_of_other_classes_are_left_to_torch():
    tensor = torch.ones(2, 4).as_subclass(Marked)
    assert (
        type(F.layer_norm(tensor, (4,))) is type(on_meta(lambda x: F.layer_norm(x, (4,)), tensor)) is Marked
    )


def test_what_torch_refuses_is_refused():
    ones = torch.ones(4)
    for normalise in (
        lambda x, n: F.batch_norm(x, n, n, eps=-1.0),
        lambda x, n: F.batch_norm(x, n, n, n, n, n, n),
        lambda x, n: F.layer_norm(x, (4,), n, n, unknown=n),
        lambda x, n: F.layer_norm(x, (3,), n),
    ):
        with pytest.raises((RuntimeError, ValueError, TypeError)) as real:
            normalise(torch.ones(2, 4), ones)
        with pytest.raises(real.type):
            on_meta(normalise, torch.ones(2, 4), ones)


def layouts() -> Iterator[torch.Tensor]:
    image = torch.ones(2, 4, 3, 5)
    yield from (image, image.to(memory_format=torch.channels_last), image[:0], image.double(), image.half())
    yield from (
        image.expand(2, 4, 3, 5)[:, :, ::2],
        torch.ones(3, 5, 4, 2).permute(3, 2, 0, 1),
        torch.ones(2, 4),
    )


def normalisations() -> Iterator[Callable[[torch.Tensor], Any]]:
    ones = {size: torch.ones(size) for size in (1, 3, 4, 5)}
    for size in (3, 4):
        yield lambda x, n=ones[size]: F.batch_norm(x, n.to(x.device), n.to(x.device))
        yield lambda x, n=ones[size]: F.batch_norm(x, *[n.to(x.device)] * 4, training=False, eps=1e-3)
        yield lambda x, n=ones[size]: F.batch_norm(x, n.to(x.device), n.to(x.device), training=True)
        yield lambda x, n=ones[size]: F.layer_norm(x, (len(n),), n.to(x.device))
    yield lambda x: F.batch_norm(x, None, None, training=True)
    yield lambda x: F.batch_norm(x, running_mean=ones[4].to(x.device), running_var=ones[4].to(x.device))
    yield lambda x: F.layer_norm(x, x.shape[1:], bias=None)
    yield lambda x: F.layer_norm(x, [])
    yield lambda x: F.layer_norm(x, ())
    yield lambda x: F.layer_norm(x, x.shape[-1:], torch.ones(x.shape[-1:], device=x.device, dtype=x.dtype))


@pytest.mark.parametrize("normalise", list(normalisations()))
def test_normalisations_give_what_real_ones_give(normalise):
    for tensor in layouts():
        real, recorded = outcome(normalise, tensor), outcome(lambda x: on_meta(normalise, x), tensor)
        if real is None and tensor.dtype != torch.float32:
            continue  # mixed dtypes are left to torch
        assert recorded == real, (tensor.shape, tensor.stride(), tensor.dtype)


def outcome(function: Callable[[torch.Tensor], torch.Tensor], tensor: torch.Tensor) -> object:
    """Return what is known of a result without its values, None for an error."""
    try:
        result = function(tensor)
    except (RuntimeError, ValueError):
        return None
    return result.shape, result.dtype, tensor.is_contiguous() and result.is_contiguous()
