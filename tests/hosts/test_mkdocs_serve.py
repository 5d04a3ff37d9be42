"""``mkdocs serve``: an edited model is seen, on the page and by the server that waits for edits."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.markdown_sites import need, write_site

pytestmark = pytest.mark.torch

PATIENCE = 120
"""Seconds after which a page that never comes is given up."""
MODEL = """\
from torch import nn


class Net(nn.Linear):
    def __init__(self):
        super().__init__(4, 3)
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    need("mkdocs")
    (tmp_path / "net.py").write_text(MODEL)
    return write_site(tmp_path, {"index.md": "# T\n\n```nnviz\nnet.Net\n:input: tensor2x4\n```\n"})


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "mkdocs", "serve", "-a", host]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    log = site / "serve.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=site, env=environment, stdout=output, stderr=output)
    yield f"http://{host}/"
    server.terminate()
    server.wait()


def test_an_edit_of_the_model_changes_the_page_even_through_an_error(site: Path, address: str):
    page_with(address, "float32 [2, 3]")
    (site / "net.py").write_text(MODEL.replace("3", "5"))
    page_with(address, "float32 [2, 5]")
    (site / "net.py").write_text("class Net(")
    assert "nnviz-svg" not in page_with(address, "nnviz-error")
    (site / "net.py").write_text(MODEL.replace("3", "7"))
    page_with(address, "float32 [2, 7]")


def page_with(address: str, text: str) -> str:
    """Return the page as soon as it holds a text."""
    deadline = time.monotonic() + PATIENCE
    page = ""
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=10) as reply:
                page = reply.read().decode()
        except OSError:
            page = ""
        if text in page:
            return page
        time.sleep(0.2)
    pytest.fail(f"no page with {text!r}; the last was:\n{page[-2000:]}")
