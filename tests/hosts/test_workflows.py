"""The example files of the three ways to work do what the documentation says of them.

Their own commands are run on a project laid out as they expect it: built with torch, checked, and built from
what would be committed on Read the Docs.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nnviz_docs.hosts.command_line import main
from tests.hosts.sites import ROOT

FILES = ROOT / "docs" / "workflows"
NET = "from torch import nn\n\n\nclass Net(nn.Module):\n    def forward(self, x):\n        return x.relu()\n"
PAGE = "Page\n====\n\n.. nnviz:: mypackage.net.Net\n   :input: tensor1x4\n"
MARKDOWN = "# Page\n\n```nnviz\nmypackage.net.Net\n:input: tensor1x4\n```\n"
MKDOCS = "site_name: S\nplugins: [search, nnviz: {paths: [src], mode: !ENV [NNVIZ_MODE, auto]}]\n"


def document(name: str) -> Any:
    yaml = pytest.importorskip("yaml")
    return yaml.safe_load((FILES / name).read_text(encoding="utf-8"))


def steps(name: str) -> list[str]:
    """Return the commands of a workflow's jobs, or of Read the Docs."""
    whole = document(name)
    if "jobs" not in whole:
        return list(whole["build"]["commands"])
    return [step["run"] for job in whole["jobs"].values() for step in job["steps"] if "run" in step]


def cached(name: str) -> str:
    (job,) = document(name)["jobs"].values()
    (step,) = (step for step in job["steps"] if step.get("uses", "").startswith("actions/cache@"))
    return str(step["with"]["path"])


def run(command: str, project: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a workflow's last command in a shell, with this Python."""
    values = os.environ | {"NO_MKDOCS_2_WARNING": "1"} | environment
    command = command.replace("python ", f"{shlex.quote(sys.executable)} ", 1)
    return subprocess.run(
        ["sh", "-c", command], cwd=project, env=values, capture_output=True, text=True, check=False
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for place, text in {
        "src/mypackage/__init__.py": "",
        "src/mypackage/net.py": NET,
        "docs/conf.py": (FILES / "conf.py").read_text(),
        "docs/index.rst": PAGE,
        "docs/index.md": MARKDOWN,
        "mkdocs.yml": MKDOCS,
    }.items():
        path = tmp_path / "project" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "project"


def commit(project: Path, cache: str) -> Path:
    """Return a copy of the project as it would be committed with its cache: without what is not for git."""
    copy = project.with_name("checkout")
    ignored = {path.parent for path in (project / cache).glob("*/.gitignore")}
    skip = {path.name for path in ignored} | {"_build", "site", "__pycache__"}
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns(*skip))
    assert {path.name for path in (copy / cache).iterdir()} == {"traces", "layouts", "index.json"}
    return copy


@pytest.mark.torch
@pytest.mark.skipif(importlib.util.find_spec("furo") is None, reason="the example uses the theme furo")
def test_a_sphinx_site_in_ci_on_read_the_docs_and_checked(project: Path, capsys: pytest.CaptureFixture[str]):
    build = steps("github-actions.yml")[-1]
    assert run(build, project).returncode == 0
    checkout = commit(project, cached("github-actions.yml"))
    (check,) = (step.split()[1:] for step in steps("check.yml") if step.startswith("nnviz-docs"))
    site = [*check[:-1], str(checkout / check[-1])]
    assert main(site) == 0
    # What Read the Docs runs for a Sphinx site, with its fail_on_warning.
    assert document("readthedocs.yaml")["sphinx"] == {
        "configuration": "docs/conf.py",
        "fail_on_warning": True,
    }
    done = run(build, checkout, READTHEDOCS="True")
    assert done.returncode == 0, done.stderr
    page = "docs/_build/html/index.html"
    assert (checkout / page).read_text() == (project / page).read_text()

    (checkout / "src/mypackage/net.py").write_text(NET.replace("relu", "tanh"))
    capsys.readouterr()
    assert main(site) == 1
    assert "src/mypackage/net.py changed" in capsys.readouterr().err
    stale = run(build, checkout, READTHEDOCS="True")
    assert (stale.returncode, "nnviz.stale" in stale.stderr or "out of date" in stale.stderr) == (1, True)


@pytest.mark.torch
def test_an_mkdocs_site_in_ci_on_read_the_docs_and_checked(project: Path, tmp_path: Path):
    pytest.importorskip("mkdocs")
    build, frozen = steps("github-actions-mkdocs.yml")[-1], steps("readthedocs-mkdocs.yaml")[-1]
    done = run(build, project)
    assert done.returncode == 0, done.stderr
    checkout = commit(project, cached("github-actions-mkdocs.yml"))
    assert main(["check", str(checkout)]) == 0
    output = {"READTHEDOCS_OUTPUT": str(tmp_path / "output")}
    done = run(frozen, checkout, **output)
    assert done.returncode == 0, done.stderr
    pages = [tmp_path / "output/html/index.html", project / "site/index.html"]
    whole, frozen_page = (path.read_text().rpartition("Build Date")[0] for path in pages)
    assert whole == frozen_page != ""
    (checkout / "src/mypackage/net.py").write_text(NET.replace("relu", "tanh"))
    assert main(["check", str(checkout)]) == 1
    assert run(frozen, checkout, **output).returncode == 1
