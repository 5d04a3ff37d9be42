"""The safe subset of Python means the same as Python, and nothing outside it gets through."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.values import DType, Items, Pairs, TensorCall, Value

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10)
)
DATA = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(SCALARS, inner, max_size=4)
    ),
    max_leaves=20,
)


def value_of(text: str) -> Value:
    """Read ``text`` in a place where a dict stays a dict."""
    (value,) = parse_inputs(f"x:{text}").named[0][1:]
    return value


def as_python(value: Value) -> object:
    """Return the Python object that a value without tensors describes."""
    match value:
        case Items("list", items):
            return [as_python(item) for item in items]
        case Items("tuple", items):
            return tuple(as_python(item) for item in items)
        case Pairs(items):
            return {as_python(key): as_python(item) for key, item in items}
        case _:
            return value


def refusal(text: str) -> str:
    """Return the message with which ``text`` is refused."""
    with pytest.raises(NnvizError) as caught:
        parse_inputs(text)
    assert caught.value.problem.kind is ProblemKind.INPUT
    return str(caught.value)


@given(DATA)
def test_literals_mean_what_python_means(data: object) -> None:
    assert repr(as_python(value_of(repr(data)))) == repr(data)


@given(st.lists(st.sampled_from([*"()[]{},:.'\"\\ \n-+*/%=0159eExX_aj", "None", "True"]), max_size=12))
def test_accepted_text_means_what_python_means(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        read = as_python(value_of(text))
        expected = ast.literal_eval(text.strip())
    except (NnvizError, SyntaxError, ValueError):
        return
    assert repr(read) == repr(expected)


@given(st.recursive(
    st.integers(-20, 20).map(str),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%", "**"]), inner).map(
        lambda parts: f"({''.join(parts)})"
    ),
    max_leaves=5,
))  # fmt: skip
def test_arithmetic_means_what_python_means(text: str) -> None:
    try:
        read = value_of(text)
    except NnvizError:
        return
    assert read == eval(text)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("2**10", 1024),
        ("1 + 2 * 3", 7),
        ("-7 // 2", -4),
        ("-7 % 3", 2),
        ("(1 - 2) * 3", -3),
        ("2**62", 2**62),
    ],
)
def test_integers_are_calculated(text: str, result: int) -> None:
    assert value_of(text) == result


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1 / 2", "operator"),
        ("1.5 * 2", "only integers"),
        ("True + 1", "only integers"),
        ("'a' * 3", "only integers"),
        ("[1] * 3", "only integers"),
        ("1 // 0", "division by zero"),
        ("1 % 0", "division by zero"),
        ("2 ** -1", "negative power"),
        ("2 ** 63", "64 bits"),
        ("-'a'", "sign"),
        ("-True", "sign"),
    ],
)
def test_other_arithmetic_is_refused(text: str, part: str) -> None:
    assert part in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "rand(1, 3)",
        "rand((1, 3))",
        "rand([1, 3])",
        "rand(size=(1, 3))",
        "torch.rand(1, 3, dtype=torch.float)",
    ],
)
def test_all_ways_to_give_a_size_are_one_value(text: str) -> None:
    assert value_of(text) == TensorCall("rand", (("size", Items("tuple", (1, 3))),))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("torch.int64", "int64"),
        ("int64", "int64"),
        ("torch.long", "int64"),
        ("long", "int64"),
        ("torch.int", "int32"),
        ("torch.float", "float32"),
        ("torch.double", "float64"),
        ("half", "float16"),
        ("bool", "bool"),
    ],
)
def test_dtypes_have_one_name(text: str, name: str) -> None:
    assert value_of(text) == DType(name)


@pytest.mark.parametrize("text", ["int", "float"])
def test_dtypes_that_torch_reads_in_two_ways_are_refused(text: str) -> None:
    assert f"{text}32 or {text}64" in refusal(f"rand(1, dtype={text})")


FACTORY_CALLS = [
    "rand(2, 3)",
    "rand(())",
    "randn(2, dtype=torch.float16)",
    "randint(10, (2, 3))",
    "randint(0, 10, [2])",
    "randint(low=2, high=10, size=(2,), dtype=torch.int32)",
    "randint(3, size=(2,))",
    "randint(0, 2, (2,), dtype=torch.bool)",
    "randint(0, 2, (2,), dtype=torch.float32)",
    "zeros(2, 0)",
    "ones((2, 3), dtype=torch.bool)",
    "empty(2, 3)",
    "full((2,), 1)",
    "full((2,), True)",
    "full((2,), 1.5)",
    "full(size=(2,), fill_value=1, dtype=torch.float32)",
    "arange(5)",
    "arange(5.)",
    "arange(1, 5)",
    "arange(0, 7, 2)",
    "arange(7, 0, -2)",
    "arange(0, 1, 0.3)",
    "arange(start=1, end=9, step=2)",
    "arange(1, end=3)",
    "arange(0)",
    "linspace(0, 1, 5)",
    "linspace(start=0, end=1, steps=0)",
    "eye(3)",
    "eye(2, m=3)",
    "tensor(3)",
    "tensor([])",
    "tensor([[], []])",
    "tensor([[1, 2], (3, 4)])",
    "tensor([True, 1])",
    "tensor([True])",
    "tensor([1, 2.5])",
    "tensor(data=[1], dtype=torch.float32)",
]


@pytest.mark.torch
@pytest.mark.parametrize("text", FACTORY_CALLS)
def test_factory_calls_give_the_tensor_that_torch_gives(text: str) -> None:
    torch = pytest.importorskip("torch")
    call = value_of(text)
    assert isinstance(call, TensorCall)
    arguments = {key: as_python(value) for key, value in call.arguments}
    stated = arguments.pop("dtype", DType("float32"))
    assert isinstance(stated, DType)
    made = getattr(torch, call.factory)(**arguments, dtype=getattr(torch, stated.name))
    meant = eval(f"torch.{text}", {"torch": torch})
    assert (made.shape, made.dtype) == (meant.shape, meant.dtype)
    if call.factory not in ("rand", "randn", "randint", "zeros"):
        assert torch.equal(made, meant)


@pytest.mark.torch
@pytest.mark.parametrize(
    "text",
    [
        "rand()",
        "rand(-1)",
        "rand(True)",
        "rand((1, 2), 3)",
        "rand(1.5)",
        "rand('a')",
        "rand(1, dtype=torch.int64)",
        "rand(1, shape=2)",
        "randint((2,))",
        "randint(0, 0, (2,))",
        "randint(0, 2, 2)",
        "full(2, 3)",
        "full((2,))",
        "arange(3, 0)",
        "arange(0, 3, 0)",
        "arange(end=3, step=2)",
        "arange(0, 1e999)",
        "linspace(0, 1)",
        "linspace(0, 1, -1)",
        "eye(-1)",
        "eye()",
        "tensor([[1, 2], [3]])",
        "tensor([1, [2]])",
        "tensor('a')",
        "tensor()",
        "zeros(2, dtype=3)",
    ],
)
def test_calls_that_torch_refuses_are_refused_with_the_accepted_arguments(text: str) -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(Exception, match=r"."):
        eval(f"torch.{text}", {"torch": torch})
    assert f"Write {text.partition('(')[0]}(" in refusal(text)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("oops", 1),
        ("[1, oops]", 5),
        ("{'é': oops}", 7),
        ("  [oops]", 4),
        ("a:1;b:[2, oops]", 11),
        ("[1, rand(-1)]", 5),
        ("rand(1", 5),
        ("[1, 2", 1),
        ("[1)", 3),
        ("'abc", 1),
        ("1 +", 4),
        ("{'a': 1, 'a': 2}", 10),
        ("[1, 2**99]", 5),
    ],
)
def test_the_column_of_the_fault_is_named(text: str, column: int) -> None:
    assert f"column {column}:" in refusal(text)


def test_the_line_of_the_fault_is_named() -> None:
    assert "line 2, column 5:" in refusal("[1,\n 2, oops]")


def test_a_method_call_is_answered_with_the_dtype_argument() -> None:
    assert "dtype=" in refusal("torch.randint(0, 9, (1, 8)).long()")


def test_a_typing_error_is_answered_with_the_name_meant() -> None:
    assert "Did you mean randint?" in refusal("torch.radint(0, 9, (1, 8))")


@pytest.mark.parametrize(
    "text", ["{1: 2, True: 3}", "{1: 2, 1.0: 3}", "{(1,): 2, (True,): 3}", "{'a': 1, 'a': 1}"]
)
def test_keys_that_are_one_in_python_are_refused(text: str) -> None:
    assert "twice" in refusal(text)


@pytest.mark.parametrize("text", ["{[1]: 2}", "{rand(1): 2}", "{([1],): 2}"])
def test_keys_that_python_cannot_compare_are_refused(text: str) -> None:
    assert "key" in refusal(text)


def test_warnings_of_the_parser_do_not_leak(recwarn: pytest.WarningsRecorder) -> None:
    assert value_of(r"'\d'") == r"\d"
    refusal("1if 2")
    assert not recwarn.list


@pytest.mark.parametrize(
    ("text", "dtype"),
    [
        ("rand(2)", None),
        ("rand(2, dtype=torch.float32)", None),
        ("full((2,), 1.5)", None),
        ("rand(2, dtype=torch.float64)", "float64"),
        ("randint(0, 2, (2,))", "int64"),
        ("randint(0, 2, (2,), dtype=torch.float32)", "float32"),
        ("full((2,), True)", "bool"),
    ],
)
def test_a_dtype_is_stated_unless_float32_is_all_that_it_can_be(text: str, dtype: str | None) -> None:
    call = value_of(text)
    assert isinstance(call, TensorCall)
    assert dict(call.arguments).get("dtype") == (dtype and DType(dtype))
