"""Real sites of MkDocs, ProperDocs and Zensical for tests, built in processes of their own."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THEMES = {"mkdocs": "mkdocs", "properdocs": "material"}

_BUILD = """
import json, runpy, sys, traceback
started = []
starts = {"subprocess.Popen", "os.posix_spawn", "os.exec"}
sys.addaudithook(lambda event, args: started.append(str(args[1])) if event in starts else None)
report, tool = sys.argv[1:3]
sys.argv = [tool, *sys.argv[3:]]
status = 0
try:
    runpy.run_module(tool, run_name="__main__")
except SystemExit as end:
    status = end.code or 0
except Exception:
    traceback.print_exc()
    status = 1
told = {"status": status, "torch": "torch" in sys.modules, "started": started}
open(report, "w").write(json.dumps(told))
"""


@dataclass(frozen=True)
class Build:
    """What a build did: exit status, warnings, whether torch was imported, processes that were started."""

    status: object
    warnings: list[str]
    log: str
    torch: bool
    started: list[str]
    output: Path

    def page(self, name: str = "index.html") -> str:
        """Return a page that was built."""
        return (self.output / name).read_text(encoding="utf-8")


def need(tool: str) -> None:
    """Skip the test where a tool is not installed, or this package has not told it of itself."""
    if importlib.util.find_spec(tool) is None:
        pytest.skip(f"{tool} is not installed")
    group = "markdown.extensions" if tool == "zensical" else "mkdocs.plugins"
    if not [entry for entry in entry_points(group=group) if entry.value.startswith("nnviz_docs.")]:
        pytest.skip("nnviz-docs is not installed, so the tool does not find it")


def write_site(folder: Path, pages: Mapping[str, str], tool: str = "mkdocs", more: str = "") -> Path:
    """Write a site whose pages are given by file name, with the tests' models importable.

    ``more`` is put behind the configuration: YAML, for Zensical TOML.
    """
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    if tool == "zensical":
        settings = f'[project.markdown_extensions.nnviz_docs]\npaths = [".", "{ROOT}"]\n'
        (folder / "zensical.toml").write_text(f'[project]\nsite_name = "S"\n{settings}{more}')
    else:
        theme = "" if "theme:" in more else f"theme: {{name: {THEMES[tool]}}}\n"
        plugins = "" if "plugins:" in more else plugin()
        (folder / "mkdocs.yml").write_text(f"site_name: S\n{theme}{plugins}{more}")
    return folder


def plugin(more: str = "", before: str = "search") -> str:
    """Return the plugins' part of ``mkdocs.yml``."""
    return f"plugins:\n  - {before}\n  - nnviz:\n      paths: ['.', '{ROOT}']\n{more}"


def build(site: Path, *options: str, tool: str = "mkdocs") -> Build:
    """Build a site, in a process of its own."""
    report = site / f"report-{tool}.json"
    command = [sys.executable, "-c", _BUILD, str(report), tool, "build", *options]
    if tool == "properdocs":
        command += ["-f", "mkdocs.yml"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=site,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "default"},
        timeout=300,
        check=False,
    )
    log = done.stdout + done.stderr
    assert report.exists(), log
    told = json.loads(report.read_text())
    report.unlink()
    warnings = [line for line in log.splitlines() if "[nnviz." in line]
    return Build(told["status"], warnings, log, told["torch"], told["started"], site / "site")
