"""Which files count as the project's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from nnviz_docs.worker.sources import SourceRecorder


@pytest.mark.parametrize(
    "path", ["/usr/src/app/model.py", "/usr/local/src/net.py", "/home/me/project/net.py", "/srv/net.py"]
)
def test_what_is_not_installed_is_the_projects(path: str):
    assert SourceRecorder(Path("/home/me/project")).is_project_file(path)


@pytest.mark.parametrize(
    "path",
    [json.__file__, pytest.__file__, f"{sys.prefix}/lib/python3/site-packages/x.py", "/proc/self/maps"],
)
def test_what_is_installed_is_not(path: str):
    assert not SourceRecorder(Path("/home/me/project")).is_project_file(path)
