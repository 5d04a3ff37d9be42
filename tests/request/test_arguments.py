"""Constructor arguments: positional and named data, and objects by their dotted path."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.arguments import parse_arguments
from nnviz_docs.request.request import Arguments
from nnviz_docs.request.values import DType, Items, ObjectCall, Pairs, Reference, TensorCall

PIECES = [
    "a",
    "=",
    ",",
    "1",
    "(",
    ")",
    "torch.nn.",
    "pkg.Name",
    "'x'",
    "*",
    "**",
    "[",
    "]",
    "None",
    " ",
    "\n",
    ";",
]


def refusal(text: str) -> str:
    """Return the message with which ``text`` is refused."""
    with pytest.raises(NnvizError) as caught:
        parse_arguments(text)
    assert caught.value.problem.kind is ProblemKind.OPTION
    assert caught.value.problem.message.startswith("args")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("num_classes=10, weights=None", Arguments(named=(("num_classes", 10), ("weights", None)))),
        ("10", Arguments(positional=(10,))),
        ("10, 'a',", Arguments(positional=(10, "a"))),
        ("[2, 2], depth=-1", Arguments(positional=(Items("list", (2, 2)),), named=(("depth", -1),))),
        ("a=1,\n  b=2", Arguments(named=(("a", 1), ("b", 2)))),
        ("a='b=1, c=2'", Arguments(named=(("a", "b=1, c=2"),))),
        ("cfg={'n': 1}", Arguments(named=(("cfg", Pairs((("n", 1),))),))),
        ("_freeze=True", Arguments(named=(("_freeze", True),))),
        ("dtype=torch.half", Arguments(named=(("dtype", DType("float16")),))),
        ("w=ones(2)", Arguments(named=(("w", TensorCall("ones", (("size", Items("tuple", (2,))),))),))),
        ("norm=torch.nn.LayerNorm", Arguments(named=(("norm", Reference("torch.nn.LayerNorm")),))),
        (
            "config=transformers.LlamaConfig(num_hidden_layers=2)",
            Arguments(
                named=(("config", ObjectCall("transformers.LlamaConfig", (), (("num_hidden_layers", 2),))),)
            ),
        ),
        (
            "[a.B(a.C(1), k=a.D)]",
            Arguments(
                positional=(
                    Items(
                        "list",
                        (ObjectCall("a.B", (ObjectCall("a.C", (1,), ()),), (("k", Reference("a.D")),)),),
                    ),
                )
            ),
        ),
    ],
)
def test_arguments_are_read_in_the_order_written(text: str, arguments: Arguments) -> None:
    assert parse_arguments(text) == arguments


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a=1, a=2", "column 6: 'a' is given twice"),
        ("x=p.C(k=1, k=2)", "column 12: 'k' is given twice"),
        ("*a", "starred"),
        ("**a", "**"),
        ("x=p.C(*a)", "starred"),
        ("x=p.C(**a)", "**"),
        ("a=1, 2", "positional argument follows keyword argument"),
        ("1)(2", "column 2"),
        ("1); (2", "column 2"),
        ("a=1; b=2", "commas"),
        ("a=1 b=2", "comma"),
        ("__class__=1", "not an argument's name"),
        ("norm=LayerNorm", "package.module.Name"),
        ("norm=LayerNorm(1)", "package.module.Name"),
        ("x=os.system", "standard library"),
        ("x=subprocess.run(['id'])", "standard library"),
        ("x=builtins.eval", "standard library"),
        ("x=pkg._private", "underscore"),
        ("x=pkg.Class.__init__", "underscore"),
        ("x=torch.os", "torch.nn"),
        ("x=torch.hub.load('a')", "torch.nn"),
        ("x=torch.load", "torch.nn"),
        ("x=pkg." + "a" * 260, "256"),
        ("x=pkg.f()()", "call"),
        ("x=pkg.f().g", "methods"),
        ("", "empty"),
    ],
)
def test_other_arguments_are_refused(text: str, part: str) -> None:
    assert part in refusal(text)


@pytest.mark.parametrize(
    "path", ["torch.nn.ReLU", "torch.nn.functional.relu", "torch.ao.nn.quantized.Linear", "p.os"]
)
def test_public_objects_of_packages_are_accepted(path: str) -> None:
    assert parse_arguments(f"x={path}") == Arguments(named=(("x", Reference(path)),))


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_any_text_gives_arguments_or_a_located_error(text: str) -> None:
    try:
        arguments = parse_arguments(text)
    except NnvizError as caught:
        message = caught.problem.message
    else:
        assert isinstance(arguments, Arguments)
        return
    assert "column" in message
