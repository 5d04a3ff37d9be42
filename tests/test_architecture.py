"""The rooms of the package and who may import whom, as a table that is checked over the source text."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import nnviz_docs

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "nnviz_docs"
LONGEST_MODULE = 300
DOES_IO = frozenset({"io", "multiprocessing", "os", "pathlib", "shutil", "socket", "subprocess", "tempfile"})


@dataclass(frozen=True, kw_only=True)
class Room:
    """What the modules of a folder, or a single file, may import besides the standard library and themselves.

    ``rooms`` are other rooms, ``frameworks`` other distributions' packages. A pure room does no I/O.
    """

    rooms: frozenset[str] = frozenset()
    frameworks: frozenset[str] = frozenset()
    pure: bool = False


def _room(*rooms: str, frameworks: str = "", pure: bool = False) -> Room:
    return Room(rooms=frozenset(rooms), frameworks=frozenset(frameworks.split()), pure=pure)


# A room is a folder, a file, or one host: hosts may not know each other's frameworks.
ROOMS: Mapping[str, Room] = {
    "__init__": _room("hosts.sphinx", "hosts.markdown", frameworks="sphinx"),
    "__main__": _room("hosts.command_line"),
    "errors": _room(pure=True),
    "request": _room("errors", pure=True),
    "graph": _room("errors", pure=True),
    "tracing": _room("request", "graph", "errors", frameworks="filelock"),
    "worker": _room("request", "graph", "errors", frameworks="torch torchvision numpy"),
    "drawing": _room("request", "graph", "errors", frameworks="pygraphviz"),
    "drawings": _room("request", "tracing", "drawing", "errors"),
    "figure": _room("drawings", "request", "graph", "tracing", "drawing", "errors"),
    "upkeep": _room("figure", "request", "tracing", "errors"),
    "hosts": _room(),
    "hosts.command_line": _room("figure", "upkeep", "request", "errors"),
    "hosts.markdown": _room("figure", "request", "errors", frameworks="markdown pymdownx"),
    # MkDocs renders with Python-Markdown: its host is a layer on that one.
    "hosts.mkdocs": _room("hosts.markdown", "figure", "request", "errors", frameworks="mkdocs"),
    "hosts.sphinx": _room("figure", "request", "errors", frameworks="sphinx docutils"),
}


def room_of(module: str) -> str | None:
    """Return the most specific room that a module, named within the package, belongs to."""
    parts = module.split(".")
    prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((prefix for prefix in prefixes if prefix in ROOMS), None)


def modules_of(package: Path) -> Iterator[tuple[str, Path]]:
    """Yield each module's name within the package, and its file."""
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts), path


def imports_of(path: Path, package: Path) -> Iterator[tuple[int, str]]:
    """Yield line and absolute name of every import in a file, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                folder = path.relative_to(package.parent).parts[:-level] if level else ()
                base = ".".join(filter(None, (*folder, module)))
                yield from ((node.lineno, f"{base}.{alias.name}") for alias in names)
            case ast.Call(
                func=ast.Name(id="__import__" | "import_module"), args=[ast.Constant(value=str(name))]
            ):
                yield node.lineno, name
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name))]):
                yield node.lineno, name


def faults_in(package: Path) -> list[str]:
    """Return each import that the table does not allow, and each module that it does not know."""
    faults = []
    for module, path in modules_of(package):
        room = room_of(module)
        place = path.relative_to(package).as_posix()
        if room is None:
            faults.append(f"{place}: belongs to no room")
            continue
        for line, target in imports_of(path, package):
            if reason := _refusal(room, target, package.name):
                faults.append(f"{place}:{line}: {reason}")
    return faults


def _refusal(room: str, target: str, package: str) -> str:
    top, _, inside = target.partition(".")
    if top == package:
        other = room_of(inside) if inside else None
        allowed = other in {None, room, *ROOMS[room].rooms}  # None: the version, in the package itself
        return "" if allowed else f"{room} may not import {other}"
    if top in sys.stdlib_module_names:
        return f"{room} does no I/O, but imports {top}" if ROOMS[room].pure and top in DOES_IO else ""
    return "" if top in ROOMS[room].frameworks else f"{room} may not import {top}"


def test_every_import_is_one_that_the_table_allows() -> None:
    assert faults_in(PACKAGE) == []


def test_every_room_of_the_table_exists() -> None:
    names = {module for module, _ in modules_of(PACKAGE)}
    assert [room for room in ROOMS if room not in names] == []


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("drawing/a.py", "import torch", "drawing/a.py:1: drawing may not import torch"),
        ("drawing/a.py", "def f():\n    import torch.nn", "drawing/a.py:2: drawing may not import torch"),
        ("drawing/a.py", "from torch import nn", "drawing/a.py:1: drawing may not import torch"),
        (
            "figure.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sphinx import addnodes",
            "figure.py:3: figure may not import sphinx",
        ),
        (
            "tracing/a.py",
            "from nnviz_docs.worker.job import Job",
            "tracing/a.py:1: tracing may not import worker",
        ),
        ("tracing/a.py", "from nnviz_docs import worker", "tracing/a.py:1: tracing may not import worker"),
        ("tracing/a.py", "from ..worker import job", "tracing/a.py:1: tracing may not import worker"),
        ("tracing/a.py", "from .. import worker", "tracing/a.py:1: tracing may not import worker"),
        (
            "tracing/a.py",
            "import importlib\nimportlib.import_module('nnviz_docs.worker')",
            "tracing/a.py:2: tracing may not import worker",
        ),
        ("request/a.py", "import os.path", "request/a.py:1: request does no I/O, but imports os"),
        (
            "hosts/sphinx/a.py",
            "import nnviz_docs.hosts.command_line",
            "hosts/sphinx/a.py:1: hosts.sphinx may not import hosts.command_line",
        ),
        (
            "hosts/command_line.py",
            "import docutils",
            "hosts/command_line.py:1: hosts.command_line may not import docutils",
        ),
        ("helpers.py", "", "helpers.py: belongs to no room"),
        ("utils/a.py", "", "utils/a.py: belongs to no room"),
    ],
)
def test_a_forbidden_import_is_found(tmp_path: Path, file: str, text: str, fault: str) -> None:
    path = tmp_path / "nnviz_docs" / file
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert faults_in(tmp_path / "nnviz_docs") == [fault]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("worker/a.py", "import torch\nfrom nnviz_docs.graph.model import Graph\nfrom . import b"),
        ("hosts/sphinx/a.py", "import docutils.nodes\nfrom nnviz_docs import __version__"),
        ("tracing/a.py", "import os\nfrom nnviz_docs.errors import NnvizError"),
    ],
)
def test_an_allowed_import_is_left_alone(tmp_path: Path, file: str, text: str) -> None:
    path = tmp_path / "nnviz_docs" / file
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert faults_in(tmp_path / "nnviz_docs") == []


def test_no_module_is_longer_than_one_idea() -> None:
    lengths = {
        module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in modules_of(PACKAGE)
    }
    assert {module: length for module, length in lengths.items() if length > LONGEST_MODULE} == {}


def _modules_after(statement: str) -> set[str]:
    """Return the top-level packages outside the standard library that a statement imports."""
    # What the interpreter imports at start-up, for editable installs, does not count.
    code = f"import sys; before = set(sys.modules); {statement}; print(*(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in run.stdout.split()} - set(sys.stdlib_module_names)


def test_importing_the_package_imports_the_standard_library_only() -> None:
    assert _modules_after("import nnviz_docs") == {"nnviz_docs"}


def test_the_cost_of_an_import_is_seen() -> None:
    assert "pytest" in _modules_after("import pytest")


def test_the_version_is_a_public_version_number() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+([a-z]+\d+)?", nnviz_docs.__version__)
