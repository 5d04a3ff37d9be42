"""Whatever is wrong with the place of the cache, the figure is drawn, and one problem says what is wrong."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nnviz_docs.errors import Problem, ProblemKind
from nnviz_docs.figure import Figures, figure_html
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.settings import Settings, settings_from
from nnviz_docs.upkeep import verify
from nnviz_docs.worker.failures import scrubbed
from tests.drawing.drawn import engine
from tests.tracing.one_worker import one_worker

pytestmark = [pytest.mark.torch, pytest.mark.skipif(sys.platform != "linux", reason="one worker, many jobs")]
CACHE = ".cache/nnviz"
_CAPABILITY_VERSION = 0x20080522
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1 << 1, 1 << 2
NET = "from torch import nn\n\n\nclass Net(nn.Module):\n    def forward(self, x):\n        return x.relu()\n"
REQUEST = parse_request("net:Net", {"input": "tensor1x4"}, Settings())


@pytest.fixture(scope="module", autouse=True)
def worker() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch, one_worker(monkeypatch) as client:
        client._folder.chmod(0o755)
        yield


@pytest.fixture
def site() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="site-"))  # pytest's own folders are closed to other users
    folder.chmod(0o755)
    (folder / "net.py").write_text(NET)
    yield folder
    shutil.rmtree(folder)


def build(
    site: Path, cache: str = CACHE, between: Callable[[], object] = lambda: None
) -> tuple[str, list[Problem]]:
    """Build as a host does; return the figure and what is wrong with the cache."""
    figures = Figures(settings_from({"cache_dir": cache}), site, (str(site),))
    figures._drawings._engine = engine()  # started by a user who may start it
    list(figures.prepare(figures.missing([REQUEST])))
    between()
    html = figure_html(figures.figure(REQUEST), id_prefix="f")
    figures.finish({"index": [REQUEST]})
    return html, [figures.cache_problem] if figures.cache_problem else []


def whole(site: Path) -> str:
    html, problems = build(site, "elsewhere")
    shutil.rmtree(site / "elsewhere")
    assert "nnviz-node" in html
    assert problems == []
    return html


WRITES = 4
"""Files that a build writes of one figure: trace, layout, drawing, index."""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device without space")
@pytest.mark.parametrize("full_at", range(WRITES + 1))
def test_a_disk_that_is_full_at_any_write(site: Path, monkeypatch: pytest.MonkeyPatch, full_at: int):
    expected = whole(site)
    original, count = os.fdopen, [0]

    def fdopen(descriptor: int, mode: str = "r", *more: object, **rest: object):
        count[0] += mode == "wb"
        if mode == "wb" and count[0] == full_at + 1:
            os.close(descriptor)
            return Path("/dev/full").open("wb")  # the kernel's own refusal
        return original(descriptor, mode, *more, **rest)

    with monkeypatch.context() as patch:
        patch.setattr("nnviz_docs.tracing.store.os.fdopen", fdopen)
        html, problems = build(site)
    assert html == expected
    assert count[0] == WRITES if full_at else count[0] < WRITES  # without a trace, no drawing is kept
    assert [problem.kind for problem in problems] == [ProblemKind.CACHE] * (full_at < WRITES)
    assert all("No space left" in problem.message for problem in problems)
    assert verify(site / CACHE) == []
    assert list(site.rglob("*.part")) == []
    assert build(site) == (expected, [])


@contextmanager
def unprivileged() -> Iterator[None]:
    """Be a user that no permission is waived for: root without what makes it root to the file system."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, in two halves
    assert libc.capget(header, sets) == 0
    before = sets[0]
    sets[0] &= ~(_CAP_DAC_OVERRIDE | _CAP_DAC_READ_SEARCH)
    assert libc.capset(header, sets) == 0
    try:
        yield
    finally:
        sets[0] = before
        assert libc.capset(header, sets) == 0


def in_the_way(site: Path) -> None:
    (site / ".cache").write_text("a file")


def closed(site: Path) -> None:
    (site / ".cache").mkdir()
    (site / ".cache").chmod(0)


def read_only(site: Path) -> None:
    build(site)
    for path in (site / ".cache", *(site / ".cache").rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def opened(site: Path) -> None:
    """Let the cache be removed again."""
    for path in (site / ".cache", *(site / ".cache").rglob("*")):
        path.chmod(0o755)


@pytest.mark.parametrize("spoil", [in_the_way, closed, read_only])
def test_a_cache_that_cannot_be_used(site: Path, spoil: Callable[[Path], None]):
    expected = whole(site)
    spoil(site)
    with unprivileged():
        html, problems = build(site)
        again, same = build(site)
    opened(site)
    assert html == again == expected
    # What is whole and only read from needs no writing.
    wanted = [] if spoil is read_only else [ProblemKind.CACHE]
    assert [problem.kind for problem in problems] == [problem.kind for problem in same] == wanted


def test_a_read_only_cache_that_lacks_something(site: Path):
    expected = whole(site)
    read_only(site)
    (site / "net.py").write_text(NET.replace("relu", "tanh"))
    with unprivileged():
        html, problems = build(site)
    opened(site)
    assert "tanh" in html
    assert "tanh" not in expected
    assert [problem.kind for problem in problems] == [ProblemKind.CACHE]


def test_a_path_that_is_too_long(site: Path):
    html, problems = build(site, "x" * 300)
    assert html == whole(site)
    assert [problem.kind for problem in problems] == [ProblemKind.CACHE]


@pytest.mark.parametrize("before", ["an empty cache", "a full one"])
def test_a_cache_that_is_removed_during_the_build(site: Path, before: str):
    expected = whole(site)
    if before == "a full one":
        build(site)
    assert build(site, between=lambda: shutil.rmtree(site / ".cache")) == (expected, [])
    assert build(site) == (expected, [])


def test_where_nobody_has_a_home(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("HOME", raising=False)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            if os.geteuid() == 0:
                os.setuid(54321)  # a number without a name, as in a container
            status = int(scrubbed(f"{Path.cwd()}/net.py failed") != "net.py failed")
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
