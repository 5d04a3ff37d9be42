"""The command line, run as users run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nnviz_docs", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.torch
def test_draw_writes_a_stand_alone_file(tmp_path: Path):
    done = run(
        tmp_path,
        *("draw", "tests.models.shared_module.Model", "--input", "tensor1x3x16", "-o", "model.svg"),
        *("--depth", "1", "--caption", "Two pools", "--tables", "io"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    root = ET.parse(tmp_path / "model.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "nnviz-svg" in root.attrib["class"]
    assert root.find("{http://www.w3.org/2000/svg}style") is not None


@pytest.mark.torch
def test_trace_writes_the_graph(tmp_path: Path):
    done = run(
        tmp_path, "trace", "tests.models.dict_output.Model", "--input", "tensor2x4", "--json", "g.json"
    )
    assert done.returncode == 0
    graph = json.loads((tmp_path / "g.json").read_text())
    assert {"schema", "mechanism", "complete", "failed_at", "nodes", "edges", "scopes"} <= set(graph)
    assert (graph["mechanism"], graph["complete"], graph["failed_at"]) == ("meta", True, None)


@pytest.mark.torch
def test_a_failed_run_is_a_warning_and_the_structure_is_written(tmp_path: Path):
    arguments = ("trace", "tests.models.identity.Model", "--input", "tensor2x9", "--json", "-")
    done = run(tmp_path, *arguments)
    assert done.returncode == 0
    assert json.loads(done.stdout)["mechanism"] == "symbolic"
    assert done.stderr.startswith("warning: [nnviz.forward]")
    assert "Traceback" not in done.stderr
    assert "Traceback" in run(tmp_path, *arguments, "-v", "--cache-dir", "elsewhere").stderr


@pytest.mark.torch
def test_without_a_model_there_is_no_file(tmp_path: Path):
    done = run(tmp_path, "draw", "tests.models.identity.Modle", "-o", "model.svg")
    assert done.returncode == 1
    assert "Did you mean Model?" in done.stderr
    assert not (tmp_path / "model.svg").exists()


@pytest.mark.parametrize(
    ("option", "value", "status", "message"),
    [
        ("--depth", "deep", 2, "depth"),
        ("--input", "imag224", 1, "column 1"),
        ("--timeout", "-1", 2, "nnviz_timeout"),
        ("--dept", "1", 2, "unrecognized"),
    ],
)
def test_wrong_usage_is_told(tmp_path: Path, option: str, value: str, status: int, message: str):
    done = run(tmp_path, "draw", "resnet18", "-o", "x.svg", option, value)
    assert done.returncode == status
    assert message in done.stderr


@pytest.mark.torch
def test_a_cache_that_cannot_be_written_is_a_warning(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    done = run(tmp_path, "draw", "tests.models.identity.Model", "-o", "x.svg", "--cache-dir", "file/cache")
    assert done.returncode == 0
    assert "[nnviz.cache]" in done.stderr
    assert (tmp_path / "x.svg").is_file()


@pytest.mark.parametrize(("command", "name"), [("stylesheet", "nnviz.css"), ("script", "nnviz.js")])
def test_stylesheet_and_script_are_written_for_tools_that_do_not_add_them(
    tmp_path: Path, command: str, name: str
):
    assert run(tmp_path, command, "-o", name).returncode == 0
    own = (ROOT / "nnviz_docs" / "drawing" / name).read_text(encoding="utf-8")
    assert (tmp_path / name).read_text(encoding="utf-8") == own


def test_a_style_stands_at_the_end_of_the_stylesheet(tmp_path: Path):
    done = run(tmp_path, "stylesheet", "--style", '{"text": ["#111", "#eee"]}', "-o", "-")
    assert done.stdout.endswith(":root {\n  --nnviz-text: light-dark(#111, #eee);\n}\n")
    wrong = run(tmp_path, "stylesheet", "--style", '{"txt": "red"}', "-o", "-")
    assert wrong.returncode == 2
    assert "Did you mean text?" in wrong.stderr
