"""Sites between builds: checked and renewed on the command line, read again where figures changed, frozen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nnviz_docs.hosts.command_line import main
from tests.hosts.sites import build

pytestmark = pytest.mark.torch
NET = "from torch import nn\n\n\nclass Net(nn.Module):\n    def forward(self, x):\n        return x.relu()\n"
CONF = "import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\nextensions = ['nnviz_docs']\n"
PAGE = "{0}\n===\n\n.. nnviz:: {1}:Net\n   :input: tensor1x4\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "conf.py").write_text(CONF)
    (folder / "index.rst").write_text("a\n=\n\n.. toctree::\n\n   one\n   two\n   three\n")
    for page in ("one", "two"):
        (folder / f"{page}.rst").write_text(PAGE.format(page, page))
        (folder / f"{page}.py").write_text(NET)
    (folder / "three.rst").write_text("three\n=====\n")
    return folder


def read_pages(site: Path) -> set[str]:
    """Build a site; return the pages whose sources were read."""
    command = [sys.executable, "-m", "sphinx", "-v", "-b", "html", str(site), str(site / "_build" / "html")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True)
    lines = [line for line in done.stdout.splitlines() if "reading sources..." in line]
    return {line.rpartition("]")[2].strip() for line in lines if "]" in line}


def test_only_pages_whose_figures_changed_are_read_again(site: Path, capsys: pytest.CaptureFixture[str]):
    assert read_pages(site) == {"index", "one", "two", "three"}
    assert read_pages(site) == set()
    (site / "one.py").write_text(NET.replace("relu", "tanh"))
    assert read_pages(site) == {"one"}
    assert "tanh" in (site / "_build/html/one.html").read_text()
    assert read_pages(site) == set()
    # Renewed by someone else: the cache is right, the page that was built is not.
    (site / "two.py").write_text(NET.replace("relu", "sigmoid"))
    assert main(["check", str(site)]) == 1
    assert "two: error: [nnviz.stale]" in capsys.readouterr().err
    assert main(["refresh", str(site)]) == 0
    assert main(["check", str(site)]) == 0
    assert read_pages(site) == {"two"}
    assert "sigmoid" in (site / "_build/html/two.html").read_text()


def test_warnings_come_back_until_they_are_acted_on_and_a_known_failure_starts_no_worker(site: Path):
    (site / "one.py").write_text(NET.replace("class Net", "import no_such\nclass Net"))
    first, second = build(site), build(site)
    assert len(first.warnings) == len(second.warnings) == 1
    assert "[nnviz.import]" in second.warnings[0]
    assert (second.torch, second.started) == (False, [])
    (site / "no_such.py").write_text("")
    assert build(site).warnings == []
    assert "<svg" in build(site).page("one.html")


def test_a_frozen_site_runs_nothing_and_says_what_is_stale_or_missing(site: Path):
    cold = build(site)
    fresh = build(site, "html", "-E", "-a", "-D", "nnviz_mode=frozen")
    assert (fresh.warnings, fresh.torch, fresh.started) == ([], False, [])
    assert fresh.page("one.html") == cold.page("one.html")
    (site / "one.py").write_text("raise AssertionError('user code ran')")
    (site / "two.rst").write_text(PAGE.format("two", "two").replace("tensor1x4", "tensor2x4"))
    stale = build(site, "html", "-D", "nnviz_mode=frozen")
    assert [line.rpartition("[")[2] for line in stale.warnings] == ["nnviz.stale]", "nnviz.missing]"]
    assert [line.split(":")[1] for line in stale.warnings] == ["4", "4"]
    assert stale.started == []
    assert 'class="nnviz-node' in stale.page("one.html")
    assert 'class="nnviz-node' not in stale.page("two.html")
    assert build(site, "html", "-W", "--keep-going", "-D", "nnviz_mode=frozen").status == 1


_WITHOUT_TOOLS = """
import sys
class Refusal:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "torchvision", "pygraphviz"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Refusal())
from sphinx.cmd.build import main
sys.exit(main(sys.argv[1:]))
"""


def test_the_example_site_is_the_same_where_there_is_neither_torch_nor_graphviz(tmp_path: Path):
    site, repository = tmp_path / "site", Path(__file__).parents[2]
    shutil.copytree(repository / "example_site", site, ignore=shutil.ignore_patterns("_build", ".cache"))
    command = [sys.executable, "-c", _WITHOUT_TOOLS, "-qWE", "--keep-going", str(site)]
    environment = os.environ | {"PATH": ""}
    refused = subprocess.run([*command, tmp_path / "none"], cwd=repository, env=environment, check=False)
    assert refused.returncode != 0  # without a cache it does not go without
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-qWE", str(site), tmp_path / "full"], cwd=repository, check=True
    )
    frozen = [*command, "-D", "nnviz_mode=frozen", tmp_path / "frozen"]
    subprocess.run(frozen, cwd=repository, env=environment, check=True)
    pages = [
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.html")}
        for folder in (tmp_path / "full", tmp_path / "frozen")
    ]
    assert pages[0] == pages[1]
    assert sum(page.count(b"<svg") for page in pages[0].values()) >= 5


def test_a_frozen_figure_without_its_layout_is_a_table(site: Path):
    build(site)
    subprocess.run(["rm", "-r", site / ".cache/nnviz/layouts"], check=True)
    frozen = build(site, "html", "-E", "-a", "-D", "nnviz_mode=frozen")
    assert all("[nnviz.missing]" in line for line in frozen.warnings)
    assert "nnviz-table" in frozen.page("one.html")
    assert main(["check", str(site)]) == 1


def test_the_cache_is_measured_verified_pruned_and_cleared(site: Path, capsys: pytest.CaptureFixture[str]):
    build(site)
    folder = site / ".cache" / "nnviz"
    assert main(["cache", "info", str(folder)]) == 0
    assert "traces: 2 entries" in capsys.readouterr().out
    assert main(["cache", "verify", str(site)]) == 0
    damaged = next(folder.glob("traces/*/*.json"))
    damaged.write_bytes(damaged.read_bytes()[:-9])
    assert main(["cache", "verify", str(site)]) == 1
    assert str(damaged) in capsys.readouterr().out
    assert main(["cache", "prune", str(site), "--cache-size", "100MB"]) == 0
    assert main(["cache", "clear", str(site)]) == 0
    assert main(["check", str(site)]) == 1
    assert main(["refresh", str(site), "--all"]) == 0
    assert main(["check", str(site)]) == 0


def test_a_folder_without_a_cache_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["check", str(tmp_path)]) == 2
    assert "no cache of figures" in capsys.readouterr().err


TELLS = """
import os
from pathlib import Path
from torch import nn

class Net(nn.Module):
    def forward(self, x):
        raise OSError(f"neither {__file__} nor {Path.home()}/weights.bin is one")
"""


def written(site: Path) -> dict[str, bytes]:
    """Return the pages of a built site, and all of its cache."""
    paths = [*site.glob("_build/html/*.html"), *site.glob(".cache/nnviz/**/*")]
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def test_two_sites_built_apart_are_the_same_and_tell_nothing_of_their_machine(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SECRET_TOKEN", "s3cr3t-value")
    (site / "three.rst").write_text(PAGE.format("three", "three").replace("===", "====="))
    (site / "three.py").write_text(TELLS)
    other = tmp_path / "somewhere" / "else"
    other.parent.mkdir()
    shutil.copytree(site, other)
    for folder, seed, options in ((site, "1", ()), (other, "2", ("-j", "8"))):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        assert len(build(folder, "html", *options).warnings) == 1
    files = written(site)
    assert files == written(other)
    assert sum(name.startswith(".cache/nnviz/traces/") for name in files) == 3
    page = files["_build/html/three.html"].decode()
    assert "neither three.py nor ~/weights.bin is one" in page
    whole = b"".join(files.values())
    private = ("s3cr3t", str(tmp_path), str(Path.home()), str(Path(__file__).parents[2]))
    assert [text for text in private if text.encode() in whole] == []
    # The same comparison sees a model that differs.
    (other / "one.py").write_text(NET.replace("relu", "tanh"))
    build(other)
    assert written(other) != files
