"""The forms of the input language, several inputs, and what stands where."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.dtypes import DTYPES
from nnviz_docs.request.inputs import FORMS, parse_inputs
from nnviz_docs.request.request import Inputs
from nnviz_docs.request.values import DType, Items, Pairs, TensorCall

PIECES = [
    *(
        "default",
        "image",
        "tensor",
        "x",
        "224",
        "1",
        ":",
        ";",
        "int64",
        "key",
        "rand",
        "torch.",
        "None",
        "'a;b'",
    ),
    *("(", ")", "[", "]", "{", "}", ",", " ", "\n", "-", "**", "=", "'", '"', "\\", "é", "\x00", "lambda"),
]


def tensor(*shape: int, dtype: str = "") -> TensorCall:
    """Return the random floats that a form stands for."""
    stated = (("dtype", DType(dtype)),) if dtype else ()
    return TensorCall("rand", (("size", Items("tuple", shape)), *stated))


def integers(*shape: int, dtype: str = "int64") -> TensorCall:
    """Return the zeros and ones that a form with an integer dtype stands for."""
    size = ("size", Items("tuple", shape))
    return TensorCall("randint", (("low", 0), ("high", 2), size, ("dtype", DType(dtype))))


def refusal(text: str) -> str:
    """Return the message with which ``text`` is refused."""
    with pytest.raises(NnvizError) as caught:
        parse_inputs(text)
    assert caught.value.problem.kind is ProblemKind.INPUT
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("default", tensor(1, 3, 224, 224)),
        ("image224", tensor(1, 3, 224, 224)),
        ("image32x64", tensor(1, 3, 32, 64)),
        ("tensor7", tensor(7)),
        ("tensor1x3x8", tensor(1, 3, 8)),
        ("tensor0x3", tensor(0, 3)),
        (" image224 ", tensor(1, 3, 224, 224)),
        ("default:float16", tensor(1, 3, 224, 224, dtype="float16")),
        ("tensor2:float32", tensor(2)),
        ("tensor2:torch.half", tensor(2, dtype="float16")),
        ("tensor1x128:int64", integers(1, 128)),
        ("tensor1x128:long", integers(1, 128)),
        ("image8:uint8", integers(1, 3, 8, 8, dtype="uint8")),
        ("tensor4:bool", integers(4, dtype="bool")),
        ("tensor(3)", TensorCall("tensor", (("data", 3), ("dtype", DType("int64"))))),
        ("None", None),
        ("3", 3),
        ("1, 2", Items("tuple", (1, 2))),
        ("{'x': rand(2), 3: 4}", Pairs((("x", tensor(2)), (3, 4)))),
    ],
)
def test_one_value_is_unnamed(text: str, value: object) -> None:
    assert parse_inputs(text) == Inputs(unnamed=(value,))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("x:image8", {"x": tensor(1, 3, 8, 8)}),
        ("ids:tensor1x8:int64;mask:None", {"ids": integers(1, 8), "mask": None}),
        ("image:image8; tensor : tensor2;", {"image": tensor(1, 3, 8, 8), "tensor": tensor(2)}),
        ("text:'a;b:c';n:[1, (2,)]", {"text": "a;b:c", "n": Items("list", (1, Items("tuple", (2,))))}),
        ("text:'''a';b''';n:2", {"text": "a';b", "n": 2}),
        (r"text:'a\';b';n:2", {"text": "a';b", "n": 2}),
        ("flag:True;dtype:torch.float16", {"flag": True, "dtype": DType("float16")}),
    ],
)
def test_values_with_keys_are_named(text: str, named: dict[str, object]) -> None:
    assert parse_inputs(text) == Inputs(named=tuple(named.items()))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("image224junk", "image<side>"),
        ("image", "image<side>"),
        ("image0", "image<side>"),
        ("image-1", "image<side>"),
        ("image 224", "image<side>"),
        ("image224x", "image<side>"),
        ("image224x224x3", "image<side>"),
        ("image٣", "ARABIC-INDIC DIGIT THREE"),
        ("tensor", "tensor<d0>"),
        ("tensor1xx2", "tensor<d0>"),
        ("tensor1x-2", "tensor<d0>"),
        ("defualt", "Did you mean default?"),
        ("img224", "Did you mean image?"),
        ("images", "Did you mean image?"),
        ("default3", "not default"),
        ("tensor1:int46", "Did you mean int64?"),
        ("tensor1:int", "int32 or int64"),
        ("tensor1:", "not a dtype"),
        ("x:", "a value is missing"),
        ("x:1;y:", "a value is missing"),
        ("x:1;;y:2", "without a key"),
        ("1x4", "Did you mean tensor1x4?"),
        ("x:1x4:int64", "Did you mean tensor1x4:int64?"),
        ("1;2", "without a key"),
        ("x:1;2", "without a key"),
        ("x:1;x:2", "twice"),
        ("__class__:1", "not a parameter's name"),
        ("(1;2)", "';' inside brackets"),
        ("", "empty"),
        (" \n", "empty"),
    ],
)
def test_other_text_is_refused_with_what_to_write(text: str, part: str) -> None:
    assert part in refusal(text)


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
@example("\ud800")
@example("'\\ud800'")
@example("'\\N{NOPE}'")
@example("0777")
@example("1" * 4000)
@example("0x" + "f" * 4000)
@example("-" * 4000 + "1")
@example("a" + ".a" * 2000)
@example("a" + "()" * 2000)
@example("1" + "+1" * 2000)
@example("1" + "**1" * 1300)
def test_any_text_gives_a_value_or_a_located_error(text: str) -> None:
    try:
        inputs = parse_inputs(text)
    except NnvizError as caught:
        message = caught.problem.message
    else:
        assert isinstance(inputs, Inputs)
        return
    assert "column" in message
    assert message.isprintable()


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_any_text_gives_a_value_or_an_error_where_python_is_allowed(text: str) -> None:
    try:
        inputs = parse_inputs(text, allow_python=True)
    except NnvizError:
        return
    if inputs.code is not None:
        compile(inputs.code, "page", "eval")


@pytest.mark.parametrize("code", ["torch.rand(1) * 2", "make_input(3)", "[x for x in range(3)]", "f'{1}'"])
def test_python_becomes_code_only_where_it_is_allowed(code: str) -> None:
    refusal(code)
    assert parse_inputs(f" {code} ", allow_python=True) == Inputs(code=code)


@pytest.mark.parametrize("text", ["image224junk", "imag", "1;2", "[1", "x = 1", "import os"])
def test_typing_errors_do_not_become_code(text: str) -> None:
    with pytest.raises(NnvizError):
        parse_inputs(text, allow_python=True)


@pytest.mark.parametrize("text", ["image8", "x:image8", "[1, 2]"])
def test_the_safe_language_stays_data_where_python_is_allowed(text: str) -> None:
    assert parse_inputs(text, allow_python=True) == parse_inputs(text)


@pytest.mark.torch
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_of_a_form_can_be_made_by_torch(dtype: str) -> None:
    torch = pytest.importorskip("torch")
    inputs = parse_inputs(f"tensor2x3:{dtype}")
    assert inputs.unnamed is not None
    call = inputs.unnamed[0]
    assert isinstance(call, TensorCall)
    arguments = {key: value.items if isinstance(value, Items) else value for key, value in call.arguments}
    made = getattr(torch, call.factory)(**(arguments | {"dtype": getattr(torch, dtype)}))
    assert (tuple(made.shape), str(made.dtype)) == ((2, 3), f"torch.{dtype}")


def test_every_form_says_how_it_is_written() -> None:
    assert [form.name for form in FORMS] == ["default", "image", "tensor"]
    assert all(form.syntax.startswith(form.name) and form.help for form in FORMS)


def test_a_parameter_may_be_named_like_a_form():
    inputs = parse_inputs("image1:image128;image2:tensor1x3x8x8:int64")
    assert [name for name, _ in inputs.named] == ["image1", "image2"]
    with pytest.raises(NnvizError, match="not a dtype"):
        parse_inputs("image1:flot32")
