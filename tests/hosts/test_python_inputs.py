"""Inputs in any Python: refused by default; where a site allows them they run in the worker, in all hosts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hosts import sites
from tests.hosts.test_command_line import run

pytestmark = pytest.mark.torch

MODEL = "tests.models.shared_module.Model"
CODE = "torch.rand(1, 3, 16) if 'nnviz_docs.hosts' not in __import__('sys').modules else 'ran in the build'"
SHAPE = "float32 [1, 3, 16]"


def by_sphinx(folder: Path, *, allowed: bool) -> str:
    page = f"Models\n======\n\n.. nnviz:: {MODEL}\n   :input: {CODE}\n"
    done = sites.build(
        sites.write_site(folder, {"index.rst": page}, f"nnviz_python_inputs = {allowed}"), "html"
    )
    assert not done.torch
    return done.page()


def by_markdown(folder: Path, *, allowed: bool) -> str:
    pytest.importorskip("pymdownx")
    from tests.hosts.test_markdown import convert

    text = f"```nnviz\n{MODEL}\n:input: {CODE}\n```\n"
    return convert(text, cache_dir=str(folder), **({"python_inputs": True} if allowed else {}))


def by_command(folder: Path, *, allowed: bool) -> str:
    flag = ["--python-inputs"] if allowed else []
    done = run(folder, "draw", MODEL, "--input", CODE, "-o", "model.svg", "-v", *flag)
    assert done.returncode == (0 if allowed else 1)
    assert not allowed or "was traced by a run without memory.\n" in done.stderr
    return (folder / "model.svg").read_text() if allowed else done.stderr


@pytest.mark.parametrize("host", [by_sphinx, by_markdown, by_command])
def test_python_runs_in_the_worker_where_it_is_allowed(host: Callable[..., str], tmp_path: Path):
    assert SHAPE in host(tmp_path, allowed=True)


@pytest.mark.parametrize("host", [by_sphinx, by_markdown, by_command])
def test_python_is_refused_elsewhere(host: Callable[..., str], tmp_path: Path):
    told = host(tmp_path, allowed=False)
    assert "is Python code, not data" in told
    assert SHAPE not in told
