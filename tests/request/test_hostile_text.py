"""Text that wants to run code, or to cost the build its memory, is refused before anything happens."""

from __future__ import annotations

import ast
import sys
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnviz_docs.request
from nnviz_docs.errors import NnvizError
from nnviz_docs.request.arguments import parse_arguments
from nnviz_docs.request.inputs import parse_inputs

PAYLOADS = [
    "__import__('os').system('id')",
    "__import__('os')",
    "eval('1')",
    "exec('1')",
    "compile('1', '', 'eval')",
    "open('/etc/passwd')",
    "open('/etc/passwd').read()",
    "getattr(torch, 'os')",
    "globals()",
    "locals()",
    "vars()",
    "breakpoint()",
    "input()",
    "print(1)",
    "help()",
    "exit()",
    "type('X', (), {})",
    "object()",
    "().__class__",
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__.__mro__[1]",
    "[].__class__.__base__",
    "(1).__class__",
    "rand.__globals__",
    "rand.__init__.__globals__['os']",
    "torch.rand.__self__",
    "torch.__builtins__",
    "torch.os",
    "torch.os.system('id')",
    "torch.sys.modules",
    "torch.hub.load('a/b', 'c')",
    "torch.hub.load_state_dict_from_url('http://localhost')",
    "torch.load('x.pt')",
    "torch.jit.load('x.pt')",
    "torch.ops.load_library('x.so')",
    "torch.classes.load_library('x.so')",
    "torch.utils.cpp_extension.load('a', 'b')",
    "torch.utils.model_zoo.load_url('http://localhost')",
    "torch.package.PackageImporter('x')",
    "torch.serialization.load('x')",
    "torch.from_file('x')",
    "torch.torch.rand(1)",
    "torch.rand.torch",
    "torch.int64.__class__",
    "int64.__class__",
    "os.system('id')",
    "subprocess.run(['id'])",
    "f'{1}'",
    "f'{__import__(\"os\")}'",
    "F'{1}'",
    "rf'{1}'",
    "f'''{1}'''",
    "'a' f'{1}'",
    "'{0.__class__}'.format(1)",
    "'%s' % 1",
    "'a'.join([])",
    "b'a'",
    "b'a'.decode()",
    "(x := 1)",
    "[y := 1]",
    "lambda: 1",
    "(lambda: 1)()",
    "[x for x in (1,)]",
    "{x for x in (1,)}",
    "{x: x for x in (1,)}",
    "list(x for x in (1,))",
    "rand(*[1, 2])",
    "rand(**{'size': (1,)})",
    "[*(1, 2)]",
    "{**{}}",
    "{1, 2}",
    "1 if 1 else 2",
    "1 and 2",
    "not 1",
    "~1",
    "1 < 2",
    "1 == 2",
    "1 @ 2",
    "1 | 2",
    "1 & 2",
    "1 ^ 2",
    "1 << 2",
    "1 >> 2",
    "...",
    "1j",
    "[1, 2][0]",
    "'abc'[0]",
    "[1, 2][0:1]",
    "rand(1)[0]",
    "rand(1).numpy()",
    "rand(1).__reduce__()",
    "rand(1).data",
    "rand",
    "torch",
    "x",
    "tensor.__class__",
    "tensor([1]).tofile('x')",
    "tensor([rand(1)])",
    "rand(1)(2)",
    "zeros(1, out=x)",
    "zeros(1, device='cuda')",
    "zeros(1, __class__=1)",
    "full((1,), open)",
    "\uff52\uff41\uff4e\uff44(1)",  # full-width letters, which Python reads as rand(1)
    "r\u0430nd(1)",  # a Cyrillic a
    "\U0001d42b\U0001d41a\U0001d427\U0001d41d(1)",  # mathematical bold letters, which Python reads as rand(1)
    "to\u017fch",  # a long s, which Python reads as s
]
WRAPPERS = ["{}", "[1, {}]", "({}, 1)", "{{'a': {}}}", "rand(1, dtype={})", "x:{}", "x:1;y:{}"]
HOSTILE = [wrapper.format(payload) for payload in PAYLOADS for wrapper in WRAPPERS]


@pytest.mark.parametrize("text", HOSTILE)
def test_code_in_an_input_is_refused(text: str) -> None:
    with pytest.raises(NnvizError, match="column"):
        parse_inputs(text)


def test_the_payloads_are_what_python_would_run() -> None:
    assert len(set(HOSTILE)) > 300
    for payload in PAYLOADS:
        ast.parse(payload, mode="eval")


@pytest.mark.parametrize(
    "text", [w.format(p) for p in ("rand(1)", "(-1)", "None", "'a'") for w in WRAPPERS[:4]]
)
def test_harmless_data_in_the_same_places_is_accepted(text: str) -> None:
    parse_inputs(text)


@pytest.mark.parametrize("text", ["x:rand(1)", "x:1;y:2", "rand(1, dtype=float16)"])
def test_harmless_data_under_keys_is_accepted(text: str) -> None:
    parse_inputs(text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_code_in_arguments_is_refused(payload: str) -> None:
    with pytest.raises(NnvizError, match="column"):
        parse_arguments(f"a={payload}")


def test_no_module_of_the_room_evaluates_or_imports_by_name() -> None:
    (folder,) = nnviz_docs.request.__path__
    modules = list(Path(folder).glob("*.py"))
    assert modules
    for path in modules:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not names & {"eval", "exec", "compile", "__import__", "import_module", "importlib"}, path


BOMBS = {
    "shape": "tensor999999x999999",
    "digits": "tensor" + "9" * 4000,
    "dimensions": "tensor" + "x".join("1" * 100),
    "python dimensions": f"rand({','.join('1' * 9)})",
    "nested dimensions": f"tensor({'[' * 9}1{']' * 9})",
    "elements": "zeros(2**27 + 1)",
    "range": "arange(2**62)",
    "fine range": "arange(0, 1, 1e-300)",
    "matrix": "eye(2**14 + 1)",
    "steps": "linspace(0, 1, 2**62)",
    "bytes in all": "[" + ",".join(["zeros(2**27)"] * 3) + "]",
    "bytes in all by key": ";".join(f"k{i}:zeros(2**27)" for i in range(3)),
    "wide dtype": "zeros(2**27, dtype=complex128)",
    "tensors": "[" + ",".join(["rand(1)"] * 65) + "]",
    "power tower": "9**9**9",
    "powers": "((2**60)**60)**60",
    "growth": "*".join(["9" * 18] * 15),
    "digits of an integer": "9" * 4000,
    "hex digits": "0x" + "f" * 4000,
    "brackets": "[" * 4000,
    "closed brackets": "[" * 1000 + "]" * 1000,
    "braces": "{" * 1000,
    "calls": "rand(" * 800,
    "signs": "-" * 4000 + "1",
    "sum": "1" + "+1" * 2000,
    "attributes": "a" + ".a" * 2000,
    "items": "[" + "1," * 600 + "]",
    "million items": "[" + "1," * 1_000_000 + "]",
    "10 MB": "a" * 10_000_000,
    "10 MB of brackets": "[" * 10_000_000,
    "10 MB of three-byte letters": "'" + "€" * 3_400_000 + "'",
    "strings": "'a' " * 1000 + "x",
    "keys": "a:1;" * 1000,
    "semicolons": ";" * 4000,
    "spaces": " " * 4000,
    "lines": "(" + "\n" * 4000,
}


@pytest.mark.parametrize("parse", [parse_inputs, parse_arguments])
@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused_in_little_memory_and_few_steps(parse: Callable[[str], object], text: str) -> None:
    def run() -> None:
        with pytest.raises(NnvizError):
            parse(text)

    assert peak_bytes(run) < 20 * 2**20
    assert steps(run) < 500_000


def test_the_meters_of_the_bombs_work() -> None:
    text = "[" + "1," * 50_000 + "]"
    assert peak_bytes(lambda: ast.parse(text)) > 20 * 2**20
    assert steps(lambda: [ord(character) for character in text for _ in range(2)]) > 500_000


@pytest.mark.parametrize(
    "text",
    [
        "tensor1x1x1x1x1x1x1x1",
        f"tensor({'[' * 8}1{']' * 8})",
        "zeros(2**27)",
        "eye(2**13)",
        "[zeros(2**27), zeros(2**27)]",
        "[" + ",".join(["rand(1)"] * 64) + "]",
        "[" + "1," * 500 + "]",
        "[" * 15 + "]" * 15,
        "'" + "a" * 4000 + "'",
    ],
)
def test_data_at_the_limits_is_accepted(text: str) -> None:
    parse_inputs(text)


LONG = [
    "image8",
    "tensor1x",
    "a:",
    ";",
    "'",
    '"',
    "(",
    ")",
    "[",
    "]",
    "{",
    ",",
    "rand(1)",
    "1",
    " ",
    "\\",
    "**",
    "\n",
    "é",
]
"""Pieces of long texts: each of them another state of the scanner."""


@pytest.mark.parametrize(
    "piece",
    [
        "a:1;",
        "[],",
        "1,",
        "'a',",
        "x",
        "1x",
        "(",
        "-",
        "\n",
        " ",
        "\\",
        "'",
        "é",
        ":",
        "1:",
        "a:",
        "9",
        "a.",
        "r''",
    ],
)
@pytest.mark.parametrize("head", ["", "image", "tensor1x", "x:", "[", "'"])
def test_work_grows_with_the_length_of_the_text(head: str, piece: str) -> None:
    half = steps(lambda: attempt(head + piece * (2000 // len(piece))))
    whole = steps(lambda: attempt(head + piece * (4000 // len(piece))))
    assert whole < 2.5 * half + 500


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(LONG), min_size=1, max_size=4096).map(lambda pieces: "".join(pieces)[:4096]))
def test_any_text_is_judged_in_few_steps(text: str) -> None:
    assert steps(lambda: attempt(text)) < 500_000


def attempt(text: str) -> None:
    with suppress(NnvizError):
        parse_inputs(text)


def peak_bytes(run: Callable[[], object]) -> int:
    """Return the most memory that ``run`` held at a time."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def steps(run: Callable[[], object]) -> int:
    """Return the lines and instructions of Python that ``run`` took, which no busy machine changes."""
    count = 0

    def trace(frame: FrameType, _event: str, _argument: Any) -> Any:
        nonlocal count
        count += 1
        frame.f_trace_opcodes = True
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count
