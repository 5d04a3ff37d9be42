"""What tests of every room may need: torch or its absence, and a browser."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TORCH_IS_HERE = all(importlib.util.find_spec(name) for name in ("torch", "torchvision"))
# The worker's modules import torch as they are imported, and so do their tests.
collect_ignore = [] if TORCH_IS_HERE else ["worker"]
_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# The tests run as root in containers, without a network, and share a small /dev/shm.
_CHROMIUM_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs torch where there is none."""
    if item.get_closest_marker("torch") and not TORCH_IS_HERE:
        pytest.skip("torch and torchvision are not installed")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium; without one the test is skipped, or fails if NNVIZ_REQUIRE_BROWSER is 1."""
    program = next(filter(None, map(shutil.which, _CHROMIUM_NAMES)), None)
    if program is None or importlib.util.find_spec("playwright") is None:
        reason = "a browser test needs Chromium and playwright"
        if os.environ.get("NNVIZ_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()
