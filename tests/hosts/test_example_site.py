"""The example site's two versions, in reStructuredText and in Markdown, ask for the same figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nnviz_docs.request.fence import parse_fence
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.request import FigureRequest
from nnviz_docs.request.settings import Settings

SITE = Path(__file__).parents[2] / "example_site"
PAGES = sorted(path.stem for path in SITE.glob("*.rst"))


def directives(page: str) -> list[FigureRequest]:
    text = (SITE / f"{page}.rst").read_text(encoding="utf-8")
    found = re.findall(r"^\.\. nnviz:: (.+)\n((?:   .+\n)*)", text, re.MULTILINE)
    bodies = (f"{model}\n" + re.sub(r"^   ", "", options, flags=re.MULTILINE) for model, options in found)
    return [parse_request(*parse_fence(body), Settings()) for body in bodies]


def fences(page: str) -> tuple[list[FigureRequest], list[FigureRequest]]:
    """Return the figures of a page, and those whose source it shows."""
    text = (SITE / "markdown" / f"{page}.md").read_text(encoding="utf-8")
    example = r"^````markdown\n```nnviz\n(.+?)```\n````$"
    shown = re.findall(example, text, re.MULTILINE | re.DOTALL)
    rest = re.sub(example, "", text, flags=re.MULTILINE | re.DOTALL)
    drawn = re.findall(r"^```nnviz\n(.+?)```$", rest, re.MULTILINE | re.DOTALL)
    return tuple([parse_request(*parse_fence(body), Settings()) for body in part] for part in (drawn, shown))


def test_both_versions_have_the_same_pages():
    assert sorted(path.stem for path in (SITE / "markdown").glob("*.md")) == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_both_versions_of_a_page_ask_for_the_same_figures(page: str):
    drawn, shown = fences(page)
    assert drawn
    assert drawn == directives(page)
    assert shown == drawn
