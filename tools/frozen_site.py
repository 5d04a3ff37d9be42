"""Builds the example site where there is neither torch nor Graphviz, and compares it with the whole one.

What a site would commit of its cache goes with it, to a folder of another name. Both builds of the whole one
(``tox run -e example``) must have been made before.

    python tools/frozen_site.py
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

_SITE = Path(__file__).parents[1] / "example_site"
_LEFT_OUT = shutil.ignore_patterns("_build", "drawings", "locks", "__pycache__")
_FROZEN = "INHERIT: mkdocs.yml\nplugins: [search, nnviz: {mode: frozen}]\n"


def _check_environment() -> None:
    found = [name for name in ("torch", "torchvision", "pygraphviz") if importlib.util.find_spec(name)]
    if found:
        sys.exit(f"This environment has {', '.join(found)}: it would show nothing.")


def _run(site: Path, *arguments: str) -> None:
    """Run a module without any program on the path, so that there is no ``dot`` either."""
    environment = os.environ | {"PATH": "", "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run([sys.executable, "-m", *arguments], cwd=site, env=environment, check=True)


def _pages(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.html")}


def _compare(site: Path, name: str) -> Sequence[str]:
    """Return the pages of one tool that differ between the whole site and the frozen one."""
    whole, frozen = _pages(_SITE / "_build" / name), _pages(site / "_build" / name)
    figures = sum(page.count(b"nnviz-svg") for page in whole.values())
    print(f"{name}: {len(whole)} pages with {figures} figures")
    if not figures:
        return ["no figure was built"]
    return sorted(page for page in whole.keys() | frozen.keys() if whole.get(page) != frozen.get(page))


def main() -> None:
    """End with an error that names the pages that differ."""
    _check_environment()
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder, "elsewhere")
        shutil.copytree(_SITE, site, ignore=_LEFT_OUT)
        (site / "frozen.yml").write_text(_FROZEN)
        _run(site, "sphinx", "-nWq", "--keep-going", "-D", "nnviz_mode=frozen", ".", "_build/html")
        _run(site, "mkdocs", "build", "-q", "--strict", "-f", "frozen.yml")
        different = [page for name in ("html", "mkdocs") for page in _compare(site, name)]
    if different:
        sys.exit(f"Not the same as in the whole site: {', '.join(different)}")


if __name__ == "__main__":
    main()
