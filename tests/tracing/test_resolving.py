"""Names lead where Python's import would find them, without importing anything."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from nnviz_docs.tracing.resolving import INSTALLED, NOWHERE, Resolver


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in (
        "src/pkg/__init__.py",
        "src/pkg/blocks.py",
        "src/unet.py",
        "late/unet.py",
        "late/extra/a.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("raise AssertionError('imported')")
    (tmp_path / "installed" / "lib_a").mkdir(parents=True)
    (tmp_path / "installed" / "lib_a" / "__init__.py").write_text("")
    return tmp_path


def answer(root: Path, name: str, first: str = "") -> str:
    paths = [str(root / "src"), str(root / "late")]
    return Resolver(root, paths, [str(root / "installed")]).answer(name, first)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("unet", "src/unet.py"),
        ("pkg", "src/pkg/__init__.py"),
        ("pkg.blocks", "src/pkg/blocks.py"),
        ("pkg.missing", NOWHERE),
        ("pkg.missing.deeper", NOWHERE),
        ("unet.inner", NOWHERE),
        ("extra", "late/extra/"),
        ("extra.a", "late/extra/a.py"),
        ("lib_a", INSTALLED),
        ("lib_a.anything", INSTALLED),
        ("json", INSTALLED),
        ("no_such_module", NOWHERE),
        ("no_such.module", NOWHERE),
    ],
)
def test_a_name_leads_to_a_file_or_to_what_is_installed_or_nowhere(root: Path, name: str, expected: str):
    assert answer(root, name) == expected
    assert "unet" not in sys.modules


@pytest.mark.parametrize(
    ("name", "new", "expected"),
    [
        ("unet", "src/unet/__init__.py", "src/unet/__init__.py"),
        ("extra", "src/extra.py", "src/extra.py"),
        ("extra", "late/extra/__init__.py", "late/extra/__init__.py"),
        ("extra", "src/extra/b.py", "src/extra/,late/extra/"),
        ("lib_a", "late/lib_a.py", "late/lib_a.py"),
        ("json", "src/json.py", "src/json.py"),
        ("pkg.missing", "src/pkg/missing.py", "src/pkg/missing.py"),
        ("no_such_module", "installed/no_such_module.py", INSTALLED),
    ],
)
def test_a_new_file_that_shadows_changes_the_answer(root: Path, name: str, new: str, expected: str):
    folders_before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_dir()}
    assert answer(root, name) != expected
    (root / new).parent.mkdir(parents=True, exist_ok=True)
    (root / new).write_text("")
    for path, stamp in folders_before.items():
        os.utime(path, ns=(stamp, stamp))  # a list of the folder that trusts its time stamp is out of date
    assert answer(root, name) == expected


def test_a_deleted_module_uncovers_the_one_behind_it(root: Path):
    (root / "src/unet.py").unlink()
    assert answer(root, "unet") == "late/unet.py"


def test_the_folder_of_a_model_file_comes_first(root: Path):
    (root / "models").mkdir()
    (root / "models" / "unet.py").write_text("")
    assert answer(root, "unet", "models") == "models/unet.py"
    assert answer(root, "pkg", "models") == "src/pkg/__init__.py"


def test_a_folder_that_is_not_there_is_passed_over(root: Path):
    assert Resolver(root, [str(root / "gone"), str(root / "src")], []).answer("unet") == "src/unet.py"
