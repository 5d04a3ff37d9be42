"""Which parameter of ``forward`` gets which input."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from typing import Any

import torch

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.worker.binding import bind
from tests.models import signatures


def bound(model: str, text: str, *, allow_python: bool = False) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return how ``forward`` is called, tensors by their shapes."""
    values = bind(parse_inputs(text, allow_python=allow_python), getattr(signatures, model)())
    return tuple(map(_shaped, values.args)), {name: _shaped(value) for name, value in values.kwargs.items()}


def _shaped(value: Any) -> Any:
    match value:
        case torch.Tensor():
            return tuple(value.shape)
        case dict():
            return {key: _shaped(item) for key, item in value.items()}
        case tuple():
            return tuple(map(_shaped, value))
        case _:
            return value


@pytest.mark.parametrize(
    ("model", "text", "args", "kwargs"),
    [
        ("Other", "tensor2", ((2,),), {}),
        ("Other", "picture:tensor2;scale:3", (), {"picture": (2,), "scale": 3}),
        ("Other", "{'picture': rand(2), 'scale': None}", (), {"picture": (2,), "scale": None}),
        ("Other", "{'a': rand(2)}", ({"a": (2,)},), {}),
        ("Other", "{1: rand(2)}", ({1: (2,)},), {}),
        ("Other", "[1, True, 'text']", ([1, True, "text"],), {}),
        ("Other", "rand(2), rand(3)", (((2,), (3,)),), {}),
        ("Two", "rand(2), rand(3)", (), {"image": (2,), "mask": (3,)}),
        ("Later", "tensor2", (), {"x": (2,)}),
        ("ByName", "tensor2", (), {"query": (2,)}),
        ("ByName", "{'a': rand(2)}", (), {"query": {"a": (2,)}}),
        ("Anything", "tensor2", ((2,),), {}),
        ("Anything", "a:tensor2", (), {"a": (2,)}),
        ("Anything", "{'a': 1}", (), {"a": 1}),
        ("Batch", "{'a': rand(2)}", ({"a": (2,)},), {}),
        ("Batch", "{'batch': rand(2), 'a': 1}", (), {"batch": (2,), "a": 1}),
        ("Nothing", "{}", (), {}),
    ],
)
def test_inputs_go_where_the_page_means(model: str, text: str, args: tuple[Any, ...], kwargs: dict[str, Any]):
    assert bound(model, text) == (args, kwargs)


@pytest.mark.parametrize(
    ("text", "args", "kwargs"),
    [
        ("torch.rand(3)[:2]", ((2,),), {}),
        ("{'picture': torch.rand(3)[:2], 'scale': 1 + 1}", (), {"picture": (2,), "scale": 2}),
        ("dict(a=torch.rand(3)[:2])", ({"a": (2,)},), {}),
    ],
)
def test_python_is_bound_alike(text: str, args: tuple[Any, ...], kwargs: dict[str, Any]):
    assert bound("Other", text, allow_python=True) == (args, kwargs)


@pytest.mark.parametrize(
    ("model", "text", "message"),
    [
        ("Two", "tensor2", "(image) does not fit forward(image, mask): missing a required argument: 'mask'"),
        ("Two", "image:tensor2;msk:None", "there is no parameter 'msk' (did you mean 'mask'?)"),
        ("Two", "rand(2), rand(3), rand(4)", "missing a required argument: 'mask'"),
        ("Two", "[rand(2), rand(3)]", "missing a required argument: 'mask'"),
        ("ByName", "x:tensor2", "forward(*, query, key=None): there is no parameter 'x'"),
        ("Other", "a:tensor2", "forward(picture, scale=1): there is no parameter 'a'"),
        ("Nothing", "tensor2", "forward(): too many positional arguments"),
        ("Secretive", "tensor2", "forward(image, mask, act=…, home=…, scale=1): missing a required argument"),
    ],
)
def test_a_misfit_is_reported_with_the_signature(model: str, text: str, message: str):
    with pytest.raises(NnvizError) as caught:
        bound(model, text)
    assert caught.value.problem.kind is ProblemKind.INPUT
    assert message in caught.value.problem.message
    assert caught.value.problem.hint.startswith("Name the inputs, as in ")


def test_python_that_raises_is_the_inputs_fault():
    with pytest.raises(NnvizError, match="Making the input failed: NameError") as caught:
        bound("Other", "np.zeros(3)", allow_python=True)
    assert caught.value.problem.kind is ProblemKind.INPUT
