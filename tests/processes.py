"""The processes that a test has started, theirs included: known by a mark in what they inherit."""

from __future__ import annotations

import os
import time
from pathlib import Path

MARK = "NNVIZ_TEST_MARK"


def running() -> set[str]:
    """Return the command lines of all that this test has started and that still runs."""
    mark = f"{MARK}={os.environ[MARK]}".encode()
    found = set()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in path.read_bytes().split(b"\0"):
                command = path.with_name("cmdline").read_bytes().replace(b"\0", b" ")
                found.add(command.decode(errors="replace"))
        except OSError:  # it has ended, or is not ours
            continue
    return found


def wait_for(text: str, seconds: float = 60) -> None:
    """Wait until a process runs whose command line has this text."""
    deadline = time.monotonic() + seconds
    while not any(text in command for command in running()):
        assert time.monotonic() < deadline, running()
        time.sleep(0.02)


def assert_nothing_is_left(seconds: float = 3) -> None:
    """Fail unless all has ended within this time."""
    deadline = time.monotonic() + seconds
    while running() and time.monotonic() < deadline:
        time.sleep(0.05)
    left = running()
    assert left == set(), left
