"""What a page writes as data means in the worker what the same text means to Python."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from collections.abc import Callable
from typing import Any

import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnviz_docs.errors import NnvizError
from nnviz_docs.request.dtypes import DTYPES
from nnviz_docs.request.factories import FACTORIES
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.worker.making import make

NAMESPACE: dict[str, Any] = {"torch": torch, "__builtins__": {}} | {
    name: getattr(torch, name) for name in (*FACTORIES, *DTYPES) if name != "bool"
}
NUMBERS = st.integers(-3, 9).map(str) | st.sampled_from(["2**3", "7 // 2", "0.5", "-1.5", "True", "4 % 3"])
SIZES = st.lists(st.integers(0, 4).map(str), max_size=3)
TUPLES = SIZES.map(lambda sizes: f"({', '.join(sizes)}{',' * bool(sizes)})")
DTYPE_NAMES = st.sampled_from(
    ["int64", "float16", "torch.float64", "torch.bool", "torch.long", "torch.uint8"]
)


def call(name: str, *arguments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return calls of a factory, with and without ``torch.`` and a dtype."""
    dtypes = st.just("") | DTYPE_NAMES.map(lambda dtype: f", dtype={dtype}")
    texts = st.tuples(st.sampled_from(["", "torch."]), st.tuples(*arguments).map(", ".join), dtypes)
    return texts.map(lambda parts: f"{parts[0]}{name}({parts[1]}{parts[2]})")


def named(name: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return arguments with and without their name."""
    return values | values.map(lambda text: f"{name}={text}")


TENSORS = st.one_of(
    *(call(name, named("size", TUPLES)) for name in ("rand", "randn", "zeros", "ones")),
    call("zeros", NUMBERS, NUMBERS),
    call("randint", NUMBERS, NUMBERS, named("size", TUPLES)),
    call("full", TUPLES, named("fill_value", NUMBERS)),
    call("arange", NUMBERS),
    call("arange", NUMBERS, NUMBERS, named("step", NUMBERS)),
    call("linspace", NUMBERS, NUMBERS, NUMBERS),
    call("eye", NUMBERS, named("m", NUMBERS)),
    call("tensor", st.lists(NUMBERS, max_size=3).map(lambda items: f"[{', '.join(items)}]")),
)
DATA = st.recursive(
    TENSORS | TENSORS | NUMBERS | DTYPE_NAMES.filter(lambda name: name != "torch.bool") | st.just("None"),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.lists(inner, min_size=1, max_size=3).map(lambda items: f"({', '.join(items)},)")
        | st.lists(st.tuples(st.sampled_from(["'a'", "1", "(2,)", "None"]), inner), max_size=2).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=4,
)


@settings(max_examples=200, deadline=None)
@given(DATA)
def test_accepted_data_is_what_python_makes_of_the_text(text: str):
    try:
        ((_, value),) = parse_inputs(f"x:{text}").named
    except NnvizError:
        value = NotImplemented
    assume(value is not NotImplemented)
    assert_same(outcome(lambda: make(value)), outcome(lambda: eval(text, NAMESPACE)))


def outcome(run: Callable[[], Any]) -> Any:
    """Return what ``run`` makes of the same random numbers, or the text with which torch refuses a value."""
    torch.manual_seed(0)
    try:
        return run()
    except RuntimeError as error:
        return str(error)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("zeros(2)", "zeros(3)"),
        ("zeros(2)", "ones(2)"),
        ("zeros(2)", "zeros(2, dtype=float64)"),
        ("[1]", "(1,)"),
        ("[1]", "[1, 1]"),
        ("{'a': 1}", "{'a': True}"),
        ("1", "1.0"),
    ],
)
def test_the_comparison_sees_differences(text: str, other: str):
    with pytest.raises(AssertionError):
        assert_same(make(parse_inputs(f"x:{text}").named[0][1]), eval(other, NAMESPACE))


def assert_same(made: Any, meant: Any) -> None:
    assert type(made) is type(meant)
    match made:
        case torch.Tensor():
            assert (made.shape, made.dtype, made.device) == (meant.shape, meant.dtype, meant.device)
            assert torch.equal(made, meant)
        case list() | tuple():
            assert len(made) == len(meant)
            for one, other in zip(made, meant, strict=True):
                assert_same(one, other)
        case dict():
            assert_same(list(made.items()), list(meant.items()))
        case _:
            assert made == meant
