"""The JSON form of a trace request: there and back, and no two requests alike."""

from __future__ import annotations

import dataclasses
import json
import math
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz_docs.request.canonical import canonical, canonical_text, request_from_json
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.request import Arguments, Inputs, ModelPath, TraceMode, TraceRequest
from nnviz_docs.request.values import (
    DType,
    Items,
    ObjectCall,
    Pairs,
    Reference,
    TensorCall,
    Value,
)

MODEL = ModelPath(kind="torchvision", place="", attributes=("resnet18",))
NAMES = st.text(max_size=5)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | NAMES
LEAVES = SCALARS | NAMES.map(DType) | NAMES.map(Reference)


def _nested(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    values = st.lists(inner, max_size=3).map(tuple)
    named = st.lists(st.tuples(NAMES, inner), max_size=3).map(tuple)
    return (
        st.builds(Items, st.sampled_from(["list", "tuple"]), values)
        | st.lists(st.tuples(inner, inner), max_size=3).map(tuple).map(Pairs)
        | st.builds(TensorCall, NAMES, named)
        | st.builds(ObjectCall, NAMES, values, named)
    )


VALUES = st.recursive(LEAVES, _nested, max_leaves=8)
NAMED = st.lists(st.tuples(NAMES, VALUES), max_size=3).map(tuple)
REQUESTS = st.builds(
    TraceRequest,
    model=st.builds(
        ModelPath,
        kind=st.sampled_from(["dotted", "qualified", "file", "torchvision"]),
        place=NAMES,
        attributes=st.lists(NAMES, max_size=3).map(tuple),
    ),
    arguments=st.builds(Arguments, positional=st.lists(VALUES, max_size=3).map(tuple), named=NAMED),
    inputs=st.none()
    | st.builds(Inputs, unnamed=st.none() | st.tuples(VALUES), named=NAMED, code=st.none() | NAMES),
    mode=st.sampled_from(TraceMode),
)


def text_of(value: Value) -> str:
    """Return the canonical text of a request with ``value`` as its input."""
    return canonical_text(TraceRequest(model=MODEL, inputs=Inputs(unnamed=(value,))))


@given(REQUESTS)
def test_there_and_back_is_the_same_request(request_: TraceRequest) -> None:
    assert repr(request_from_json(json.loads(canonical_text(request_)))) == repr(request_)
    assert repr(request_from_json(canonical(request_))) == repr(request_)


@given(REQUESTS)
def test_the_text_is_standard_json_in_ascii(request_: TraceRequest) -> None:
    text = canonical_text(request_)
    assert text.isascii()
    json.loads(text, parse_constant=pytest.fail)


@given(VALUES, VALUES)
def test_different_values_have_different_texts(first: Value, second: Value) -> None:
    assert (text_of(first) == text_of(second)) == (repr(first) == repr(second))


ALIKE: list[Value] = [
    *(None, False, 0, 0.0, -0.0, "", "0", "None", "null", True, 1, 1.0, "1", "true"),
    *(math.inf, -math.inf, math.nan, "inf", "nan", 10**20, 1e20),
    *(Items("list", ()), Items("tuple", ()), Pairs(()), Items("list", (1,)), Items("list", (True,))),
    *(Items("list", ("float", "inf")), Pairs((("float", "inf"),)), Pairs((("list", Items("list", ())),))),
    *(Pairs(((1, 2), (3, 4))), Pairs(((3, 4), (1, 2)))),
    *(DType("a"), Reference("a"), "a", TensorCall("a", ()), ObjectCall("a", (), ())),
    *(ObjectCall("a", ("b",), ()), ObjectCall("a", (), (("b", "b"),)), TensorCall("a", (("b", "b"),))),
]


def test_values_that_python_or_json_confuses_have_different_texts() -> None:
    for first, second in combinations(ALIKE, 2):
        assert text_of(first) != text_of(second), (first, second)


def test_every_field_of_a_request_is_in_the_text() -> None:
    plain = TraceRequest(model=MODEL)
    changes: list[dict[str, Any]] = [
        {"model": dataclasses.replace(MODEL, kind="dotted")},
        {"model": dataclasses.replace(MODEL, place="a")},
        {"model": dataclasses.replace(MODEL, attributes=("a",))},
        {"arguments": Arguments(positional=(1,))},
        {"arguments": Arguments(named=(("a", 1),))},
        {"inputs": Inputs()},
        {"inputs": Inputs(unnamed=(None,))},
        {"inputs": Inputs(named=(("a", None),))},
        {"inputs": Inputs(code="None")},
        {"mode": TraceMode.DATA},
    ]
    texts = {canonical_text(plain), *(canonical_text(dataclasses.replace(plain, **c)) for c in changes)}
    assert len(texts) == len(changes) + 1


def test_texts_that_mean_the_same_input_have_one_canonical_text() -> None:
    texts = ["default", "image224", "image224x224", "tensor1x3x224x224", "torch.rand(1, 3, 224, 14 * 16)"]
    assert len({canonical_text(TraceRequest(model=MODEL, inputs=parse_inputs(text))) for text in texts}) == 1


PLAIN = canonical(TraceRequest(model=MODEL, inputs=Inputs(unnamed=(1,))))


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        "text",
        PLAIN | {"mode": "magic"},
        PLAIN | {"mode": None},
        PLAIN | {"model": {}},
        PLAIN | {"model": {"kind": "url", "place": "", "attributes": []}},
        PLAIN | {"model": {"kind": [], "place": "", "attributes": []}},
        PLAIN | {"model": {"kind": "dotted", "place": 3, "attributes": []}},
        PLAIN | {"inputs": {"unnamed": [1, 2], "named": [], "code": None}},
        PLAIN | {"inputs": {"unnamed": [[1]], "named": [], "code": None}},
        PLAIN | {"inputs": {"unnamed": [{"set": []}], "named": [], "code": None}},
        PLAIN | {"inputs": {"unnamed": [{"list": [], "tuple": []}], "named": [], "code": None}},
        PLAIN | {"inputs": {"unnamed": [{}], "named": [], "code": None}},
        PLAIN | {"inputs": {"unnamed": [{"float": "x"}], "named": [], "code": None}},
        PLAIN | {"inputs": {"unnamed": [{"dtype": 3}], "named": [], "code": None}},
        PLAIN | {"inputs": {"unnamed": None, "named": [["a"]], "code": None}},
        PLAIN | {"inputs": {"unnamed": None, "named": [], "code": 3}},
    ],
)
def test_other_documents_are_refused(document: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        request_from_json(document)


def test_deep_documents_are_refused() -> None:
    value: object = 1
    for _ in range(500):
        value = {"list": [value]}
    with pytest.raises(ValueError, match="deep"):
        request_from_json(PLAIN | {"inputs": {"unnamed": [value], "named": [], "code": None}})
