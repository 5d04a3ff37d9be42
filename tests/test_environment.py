"""The environments of tox are what they say that they are."""

from __future__ import annotations

import importlib.util
import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.skipif(
    os.environ.get("NNVIZ_EXPECT_NO_TORCH") != "1", reason="only for environments without torch"
)
def test_an_environment_without_torch_has_none() -> None:
    assert importlib.util.find_spec("torch") is None


def test_the_browser_opens_a_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<title>figure</title>")
    assert page.title() == "figure"
    page.close()
