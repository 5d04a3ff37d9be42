"""Which model paths a page may write, and which the site lets it draw."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.model_path import is_allowed, parse_model_path
from nnviz_docs.request.request import ModelPath

PIECES = [
    "a",
    "pkg",
    ".",
    ":",
    "/",
    ".py",
    "..",
    "Name",
    "_x",
    "os",
    "torch",
    "\\",
    " ",
    "\x00",
    "é",
    "(",
    "import",
]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("resnet18", ModelPath(kind="torchvision", place="", attributes=("resnet18",))),
        (" resnet18 ", ModelPath(kind="torchvision", place="", attributes=("resnet18",))),
        ("pkg.mod.Name", ModelPath(kind="dotted", place="", attributes=("pkg", "mod", "Name"))),
        ("pkg.mod:Name", ModelPath(kind="qualified", place="pkg.mod", attributes=("Name",))),
        ("pkg:Name.attr", ModelPath(kind="qualified", place="pkg", attributes=("Name", "attr"))),
        ("unet.py:UNet", ModelPath(kind="file", place="unet.py", attributes=("UNet",))),
        ("my-models/v1.2/_unet.py:UNet.small", ModelPath(kind="file", place="my-models/v1.2/_unet.py",
                                                         attributes=("UNet", "small"))),
    ],
)  # fmt: skip
def test_the_four_ways_to_write_a_path(text: str, path: ModelPath) -> None:
    assert parse_model_path(text) == path
    assert str(path) == text.strip()


REFUSED = {
    "../x.py:M": "leads out",
    "a/../x.py:M": "leads out",
    "..:M": "a name is missing",
    "/etc/passwd": "not relative",
    "/etc/passwd:x": "not relative",
    "/srv/x.py:M": "not relative",
    "~/x.py:M": "not relative",
    "./x.py:M": "plain path",
    "a//x.py:M": "plain path",
    ".hidden/x.py:M": "plain path",
    "a/x.txt:M": "not a Python file",
    "a/x:M": "not a Python file",
    "a/b": "not a Python file",
    "a/x.py": "name of the model is missing",
    "x.py": "name of the model is missing",
    "C:\\x.py:M": "backslash",
    "a\\x.py:M": "backslash",
    "file:///x.py:M": "not a name",
    "http://host/x.py:M": "not a name",
    "os:system": "standard library",
    "os.system": "standard library",
    "subprocess:run": "standard library",
    "builtins:eval": "standard library",
    "importlib:import_module": "standard library",
    "sys": "standard library",
    "mypkg:torch.os.system": "leads out",
    "mypkg:torch.hub.load": "leads out",
    "mypkg:os.system": "leads out",
    "x.py:os.system": "leads out",
    "torch.os.system": "torch.nn",
    "torch:os.system": "torch.nn",
    "torch.hub:load": "torch.nn",
    "torch.hub.load": "torch.nn",
    "torch:load": "torch.nn",
    "__main__:x": "underscore",
    "mypkg:__builtins__.eval": "underscore",
    "mypkg._private:Net": "underscore",
    "x.py:_Net": "underscore",
    "mypkg:Net.__init__": "underscore",
    "mypkg.import:Net": "keyword",
    "mypkg:lambda": "keyword",
    "None": "keyword",
    "a\x00b": "U+0000",
    "x.py\x00:M": "U+0000",
    "a\nb": "not a name",
    "a\u202eb:Net": "not a name",
    "mypkg:N\u0435t": "not a name",
    "mypkg:\uff2eet": "not a name",
    "r\u00e9seau/x.py:M": "plain path",
    "a\u200b/x.py:M": "plain path",
    "my-pkg.Net": "not a name",
    "my pkg.Net": "not a name",
    "1net": "not a name",
    "a:b:c": "not a name",
    "a..b": "a name is missing",
    "a.": "a name is missing",
    ".a": "a name is missing",
    ":": "a name is missing",
    "a:": "a name is missing",
    ":a": "a name is missing",
    "resnet18(num_classes=3)": "args option",
    "a" * 10_000: "256",
    "a." * 5_000: "256",
    "é" * 200: "256",
    "": "missing",
    "  ": "missing",
}


@pytest.mark.parametrize(("text", "part"), REFUSED.items(), ids=map(ascii, range(len(REFUSED))))
def test_other_paths_are_refused_and_say_why(text: str, part: str) -> None:
    with pytest.raises(NnvizError) as caught:
        parse_model_path(text)
    assert caught.value.problem.kind is ProblemKind.MODEL
    assert part in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "x.py:M",
        "a/x.py:M",
        "a/__init__.py:M",
        "a/os.py:M",
        "mypkg.os.Net",
        "mypkg.types:Net",
        "mypkg:Net.code",
        "mypkg:torch",
        "osmodels:Net",
        "torch.nn:Linear",
        "torch.nn.Transformer",
        "torchvision.models.resnet18",
        "Match",
        "a" * 256,
    ],
)
def test_neighbours_of_the_refused_paths_are_accepted(text: str) -> None:
    assert str(parse_model_path(text)) == text


@pytest.mark.parametrize(
    ("text", "column"), [("pkg.mod:Net._x", 13), ("a/b.py:_x", 8), ("  os:x", 3), ("a.b.1", 5)]
)
def test_the_column_of_the_faulty_name_is_said(text: str, column: int) -> None:
    with pytest.raises(NnvizError, match=f"column {column}:"):
        parse_model_path(text)


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_any_text_gives_a_path_that_writes_back_or_an_error(text: str) -> None:
    try:
        path = parse_model_path(text)
    except NnvizError:
        return
    assert parse_model_path(str(path)) == path
    assert str(path) == text.strip()


@pytest.mark.parametrize(
    ("text", "patterns", "allowed"),
    [
        ("mypkg:Net", ["*"], True),
        ("mypkg:Net", ["mypkg.*"], True),
        ("mypkg.sub:Net", ["mypkg.*"], True),
        ("mypkg.sub.Net", ["mypkg.*"], True),
        ("mypkg:Net", ["mypkg:*"], True),
        ("mypkg:Net", ["other.*", "mypkg:Net"], True),
        ("mypkg2:Net", ["mypkg.*"], False),
        ("MyPkg:Net", ["mypkg.*"], False),
        ("mypkg:Net", [], False),
        ("models/x.py:Net", ["models/*"], True),
        ("other/x.py:Net", ["models/*"], False),
        ("resnet18", ["torchvision.*"], True),
        ("resnet18", ["resnet*"], True),
        ("resnet18", ["mypkg.*"], False),
    ],
)
def test_patterns_say_which_models_a_site_draws(text: str, patterns: list[str], *, allowed: bool) -> None:
    assert is_allowed(parse_model_path(text), patterns) is allowed
