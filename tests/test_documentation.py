"""The documentation is complete, its links lead somewhere, and it names nothing of its author's machine."""

from __future__ import annotations

import re
import subprocess
from dataclasses import fields
from pathlib import Path
from textwrap import dedent

import pytest

from nnviz_docs.errors import TITLES, ProblemKind
from nnviz_docs.graph.codec import graph_to_json
from nnviz_docs.graph.model import Edge, Graph, Mechanism, Node, Scope

REPOSITORY = Path(__file__).parents[1]
DOCS = REPOSITORY / "docs"
EXAMPLE = REPOSITORY / "example_site"
SHOWN = r"\.\. code-block:: rst\n\n"
LINK = re.compile(r"\]\(([^)#\s]+)")
HOOKS = (
    ".nnviz",
    ".nnviz-stage",
    "svg.nnviz-svg",
    "g.nnviz-node",
    "g.nnviz-edge",
    "g.nnviz-label",
    "g.nnviz-scope",
    "table.nnviz-table",
    ".nnviz-error",
)
# Home folders, but for nobody's, called me; hosts of registries, in whose place a mirror may stand.
PRIVATE = re.compile(r"/(?:home|Users)/(?!me/)[a-z]|/root(?=/)|\bpypi\.org|\bpythonhosted\.org")


def _read(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_relative_link_leads_to_a_file(page: str) -> None:
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    targets = [target for target in LINK.findall(text) if "://" not in target]
    assert [target for target in targets if not (REPOSITORY / target).is_file()] == []


def test_every_file_that_the_contributors_guide_names_exists() -> None:
    guide = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = guide.partition("## How it hangs together")[0]
    named = re.findall(r"`((?:\w+/)*\w+\.(?:py|css|js|rst)|(?:\w+/)+)`", rows)
    places = (REPOSITORY, REPOSITORY / "nnviz_docs", REPOSITORY / "nnviz_docs" / "drawing")
    assert len(named) > 10
    assert [name for name in named if not any((place / name).exists() for place in places)] == []


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_kind_of_problem_has_its_section(kind: ProblemKind) -> None:
    heading = f"nnviz.{kind}\n{'~' * len(f'nnviz.{kind}')}\n\n*{TITLES[kind]}*"
    assert heading in _read("troubleshooting.rst")


def test_every_field_of_the_graph_is_described() -> None:
    document = graph_to_json(Graph(model="", mechanism=Mechanism.META, nodes=(), edges=(), scopes=()))
    names = {*document, *(field.name for kind in (Node, Edge, Scope) for field in fields(kind))}
    page = _read("graph-json.rst")
    assert [name for name in sorted(names) if f"``{name}``" not in page] == []


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_for_stylesheets_is_promised(hook: str) -> None:
    assert f"``{hook}``" in _read("styling.rst")


@pytest.mark.parametrize("page", sorted(path.name for path in EXAMPLE.glob("*.rst")))
def test_the_example_site_shows_the_source_of_each_figure(page: str) -> None:
    text = (EXAMPLE / page).read_text(encoding="utf-8")
    shown = [dedent(source) for source in re.findall(rf"^{SHOWN}((?:   .+\n)+)", text, re.MULTILINE)]
    figures = re.findall(r"^\.\. nnviz::.+\n(?:   .+\n)*", text, re.MULTILINE)
    assert figures
    assert shown == figures


def test_no_file_names_a_folder_or_a_server_of_its_author() -> None:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if listing.returncode:
        pytest.skip("not a git repository")
    paths = [REPOSITORY / name for name in listing.stdout.split("\0") if name]
    texts = {path: path.read_text(encoding="utf-8", errors="ignore") for path in paths if path.is_file()}
    found = {str(path): match[0] for path, text in texts.items() if (match := PRIVATE.search(text))}
    assert found == {}


def test_a_private_folder_would_be_found() -> None:
    assert PRIVATE.search("see " + "/home" + "/alice/models")
