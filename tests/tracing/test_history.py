"""The history of a model's repository, replayed: out of the cache comes what would be drawn without one.

The commits are made by git from a seed: edits, new modules, removals, renames, modules that become packages,
data, reverts, and commits that have nothing to do with the model. They are checked out one after the other,
with leaps back, as on a machine that builds branches. NNVIZ_TEST_COMMITS sets their number.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnviz_docs.errors import NnvizError
from nnviz_docs.figure import Figures, figure_html
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.settings import Settings
from nnviz_docs.tracing.manifest import Surroundings
from tests.drawing.drawn import engine
from tests.tracing.one_worker import one_worker

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(sys.platform != "linux", reason="one worker, many jobs"),
    pytest.mark.skipif(shutil.which("git") is None, reason="there is no git"),
]
COMMITS = int(os.environ.get("NNVIZ_TEST_COMMITS", "12"))
REQUEST = parse_request("zoo.net:Net", {"input": "tensor1x4", "depth": "all"}, Settings())
OPERATIONS = ("exp", "log", "neg", "sin", "cos", "tanh", "relu", "sigmoid", "abs", "square")
NET = """
from pathlib import Path
from torch import nn
{imports}

class Net(nn.Module):
    def forward(self, x):
        for _ in (Path(__file__).parent / "times.txt").open().read().strip():
            x = x.floor()
{calls}
        return x
"""


class Repository:
    """A package of blocks and a model that calls them, under version control."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.zoo = root, root / "zoo"
        self.chance = random.Random(seed)
        self.zoo.mkdir(parents=True)
        (self.zoo / "__init__.py").touch()
        (self.zoo / "times.txt").write_text("x")
        (root / ".gitignore").write_text("cache\nnone\n")
        for name in ("a", "b"):
            self.write_block(name)
        self.git("init", "-q")
        self.commit()

    def git(self, *arguments: str) -> str:
        names = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        command = ["git", *names, *arguments]
        return subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True).stdout

    def commit(self) -> None:
        blocks = self.blocks()
        imports = "\n".join(f"from zoo import {name}" for name in blocks)
        calls = "\n".join(f"        x = {name}.f(x)" for name in blocks)
        (self.zoo / "net.py").write_text(NET.format(imports=imports, calls=calls))
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change")

    def commits(self) -> list[str]:
        return self.git("rev-list", "--reverse", "HEAD").split()

    def blocks(self) -> list[str]:
        found = (path for path in self.zoo.iterdir() if path.name[0] in "abcdefgh")
        return sorted(path.stem for path in found)

    def write_block(self, name: str) -> None:
        path = self.zoo / name / "__init__.py" if (self.zoo / name).is_dir() else self.zoo / f"{name}.py"
        path.write_text(f"def f(x):\n    return x.{self.chance.choice(OPERATIONS)}()\n")

    def grow(self) -> None:
        """Commit one change more."""
        block = self.chance.choice(self.blocks())
        new = self.chance.choice("abcdefgh")
        match self.chance.choice(
            ("edit", "edit", "add", "remove", "rename", "package", "data", "break", "revert", "other")
        ):
            case "edit" | "break" if self.chance.random() < 0.8:
                self.write_block(block)
            case "edit" | "break":
                (self.zoo / f"{block}.py").write_text("def f(:\n")
            case "add":
                self.write_block(new)
            case "remove" if len(self.blocks()) > 1 and (self.zoo / f"{block}.py").exists():
                (self.zoo / f"{block}.py").unlink()
            case "rename" if (self.zoo / f"{block}.py").exists() and new not in self.blocks():
                (self.zoo / f"{block}.py").rename(self.zoo / f"{new}.py")
            case "package" if (self.zoo / f"{block}.py").exists():
                (self.zoo / block).mkdir(exist_ok=True)
                (self.zoo / f"{block}.py").rename(self.zoo / block / "__init__.py")
            case "data":
                (self.zoo / "times.txt").write_text("x" * self.chance.randrange(4))
            case "revert" if len(self.commits()) > 1:
                self.git("checkout", "-q", "HEAD~1", "--", ".")
            case _:
                (self.root / "README").write_text(str(self.chance.random()))
        self.commit()


def drawn(root: Path, cache: str) -> tuple[str, bool]:
    """Return a figure, or what is in its place; and whether it had to be traced."""
    figures = Figures(Settings(cache_dir=cache), root, (str(root),))
    figures._drawings._engine = engine()
    missing = figures.missing([REQUEST])
    list(figures.prepare(missing))
    try:
        return figure_html(figures.figure(REQUEST), id_prefix="f"), bool(missing)
    except NnvizError as error:
        return f"{error.problem.kind} {error.problem} {error.problem.where}", bool(missing)


def differences(repository: Repository) -> tuple[int, int]:
    """Replay the history; return how many figures differ from those made without a cache, and were traced."""
    wrong = traced = 0
    order = repository.commits()
    leaps = [commit for number, commit in enumerate(order) for commit in (commit, order[number // 2])]
    for commit in leaps:
        repository.git("checkout", "-q", commit)
        warm, was_traced = drawn(repository.root, "cache")
        cold, _ = drawn(repository.root, "none")
        shutil.rmtree(repository.root / "none")
        wrong += warm != cold
        traced += was_traced
    return wrong, traced


@pytest.fixture(scope="module", autouse=True)
def worker() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch, one_worker(monkeypatch):
        yield


def history(root: Path, commits: int, seed: int) -> Repository:
    repository = Repository(root, seed)
    for _ in range(commits - 1):
        repository.grow()
    return repository


def test_no_figure_of_a_history_differs_from_one_made_without_a_cache(tmp_path: Path):
    repository = history(tmp_path / "repository", COMMITS, seed=0)
    wrong, traced = differences(repository)
    assert wrong == 0
    assert 1 < traced < 2 * COMMITS  # the cache is used, and not always


def test_a_cache_that_believes_all_it_has_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    repository = history(tmp_path / "repository", 6, seed=0)
    monkeypatch.setattr(Surroundings, "holds", lambda *_: True)
    wrong, _ = differences(repository)
    assert wrong > 0
