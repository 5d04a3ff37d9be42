"""Which files count as the project's own."""

from __future__ import annotations

import json
import sys

import pytest

from nnviz_docs.worker.sources import is_project_file


@pytest.mark.parametrize(
    "path", ["/usr/src/app/model.py", "/usr/local/src/net.py", "/home/me/project/net.py", __file__]
)
def test_what_is_not_installed_is_the_projects(path: str):
    assert is_project_file(path)


@pytest.mark.parametrize(
    "path",
    [json.__file__, pytest.__file__, f"{sys.prefix}/lib/python3/site-packages/x.py", "/proc/self/maps"],
)
def test_what_is_installed_is_not(path: str):
    assert not is_project_file(path)
