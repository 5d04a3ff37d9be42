"""What an installation needs besides the modules."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest


@pytest.fixture
def project() -> dict[str, Any]:
    """Return the metadata in ``pyproject.toml``."""
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text)["project"]
    return table


def test_the_stylesheet_is_part_of_the_package() -> None:
    css = files("nnviz_docs.drawing").joinpath("nnviz.css").read_text(encoding="utf-8")
    assert ".nnviz-svg" in css


def test_the_script_is_part_of_the_package() -> None:
    assert "nnviz-stage" in files("nnviz_docs.drawing").joinpath("nnviz.js").read_text(encoding="utf-8")


def test_type_checkers_may_trust_the_annotations() -> None:
    assert files("nnviz_docs").joinpath("py.typed").is_file()


def test_the_console_script_leads_to_a_function(project: dict[str, Any]) -> None:
    assert [callable(resolve_name(target)) for target in project["scripts"].values()] == [True]


def test_the_extra_all_has_all_extras(project: dict[str, Any]) -> None:
    extras = project["optional-dependencies"]
    assert extras["all"] == [f"nnviz-docs[{','.join(name for name in extras if name != 'all')}]"]
