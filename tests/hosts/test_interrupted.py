"""Builds that are ended while a model hangs: nothing is left of them, and the next build is right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.sites import ROOT, build, write_site
from tests.processes import MARK, assert_nothing_is_left, wait_for

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(sys.platform != "linux", reason="the worker isolates its jobs on Linux"),
]
PAGE = "X\n=\n\n.. nnviz:: net.Net\n   :input: tensor2x4\n"
HANGS = (ROOT / "tests/models/hangs.py").read_text().replace("Model", "Net")


@pytest.fixture
def heeded_interrupt() -> Iterator[None]:
    """Let programs that are started be interrupted, which those in the background of a script are not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded_interrupt")
def test_a_build_that_is_ended_leaves_nothing_and_the_next_one_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(MARK, uuid.uuid4().hex)
    site = write_site(tmp_path, {"index.rst": PAGE}, f"sys.path.insert(0, {str(tmp_path)!r})")
    (site / "net.py").write_text(HANGS)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        command = [sys.executable, "-m", "sphinx", "-q", str(site), str(site / "_build/html")]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True) as running:
            wait_for("sleep 987")
            os.killpg(running.pid, number)  # as a terminal does to all in the foreground
            assert running.wait() != 0
        assert_nothing_is_left()
    (site / "net.py").write_text("from torch import nn\n\nNet = nn.Linear(4, 3)\n")
    done = build(site, "html", "-W")
    assert done.status == 0
    assert "float32 [2, 3]" in done.page()
