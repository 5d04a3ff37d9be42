"""The Sphinx host in an environment that has no torch."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from tests.hosts.sites import build, write_site

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("torch") is not None, reason="only for environments without torch"
)
PAGE = """
Models
======

.. nnviz:: tests.models.dict_output.Model
   :input: tensor2x4

.. nnviz:: tests.models.dict_output.Model
   :depth: none

The rest of the page.
"""


def test_the_page_says_what_to_install_and_is_built(tmp_path: Path) -> None:
    done = build(write_site(tmp_path, {"index.rst": PAGE}), "html")
    page = done.page()
    assert done.status == 0
    assert page.count('class="nnviz nnviz-error"') == 2
    assert "torch is not installed" in page
    assert "The rest of the page." in page
    lines = [re.search(r"index\.rst:(\d+): WARNING", warning) for warning in done.warnings]
    assert sorted(line[1] for line in lines if line) == ["5", "8"]


def test_other_builders_say_so_too(tmp_path: Path) -> None:
    done = build(write_site(tmp_path, {"index.rst": PAGE}), "text")
    assert "torch is not installed" in done.page("index.txt")
