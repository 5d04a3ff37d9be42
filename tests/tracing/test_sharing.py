"""Many builds on one cache: each key is traced once, the size stays within its cap, nobody fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.settings import Settings
from nnviz_docs.tracing.claims import Claims
from nnviz_docs.tracing.index import SiteIndex, index_of, needed_paths, read_index, write_index
from nnviz_docs.tracing.manifest import Manifest
from nnviz_docs.tracing.pruning import prune, stored, sweep
from nnviz_docs.tracing.store import Store

REPOSITORY = Path(__file__).parents[2]


def key(number: int) -> str:
    return f"{number:064x}"[::-1]


def fill(folder: Path, count: int, size: int = 1000) -> Store:
    store = Store(folder / "traces")
    for number in range(count):
        store.write(key(number), None, "x" * size)
        used = time.time() - 7200 + number
        os.utime(store.path(key(number)), (used, used))
    return store


def test_what_was_used_longest_ago_goes_first(tmp_path: Path):
    store = fill(tmp_path, 10)
    store.read(key(0))  # marks it as used
    total = sum(entry.size for entry in stored(tmp_path))
    assert prune(tmp_path, total // 2) == 5
    assert [number for number in range(10) if store.read(key(number))] == [0, 6, 7, 8, 9]


def test_files_of_the_site_itself_are_never_pruned(tmp_path: Path):
    fill(tmp_path, 3)
    own = [tmp_path / "locales/de/messages.json", tmp_path / "traces/xx/notes.json"]
    for path in own:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    assert prune(tmp_path, 0) == 3
    assert [path for path in own if not path.exists()] == []
    assert stored(tmp_path) == []


def test_a_cache_within_its_size_is_left_alone(tmp_path: Path):
    fill(tmp_path, 3)
    assert prune(tmp_path, 10**6) == 0
    assert prune(tmp_path / "gone", 0) == 0


def test_what_killed_writers_left_is_swept_and_what_is_being_written_is_not(tmp_path: Path):
    store = fill(tmp_path, 1)
    old, new = (store.path(key(0)).parent / f".{name}.part" for name in ("old", "new"))
    old.write_text("half")
    new.write_text("half")
    os.utime(old, (1, 1))
    assert sweep(tmp_path) == 1
    assert (old.exists(), new.exists()) == (False, True)


_CLIENT = """
import sys
from pathlib import Path
from nnviz_docs.tracing.manifest import Manifest
from nnviz_docs.tracing.pruning import prune
from nnviz_docs.tracing.store import Store
folder, most = Path(sys.argv[1]), int(sys.argv[2])
store = Store(folder / "traces")
for round in range(20):
    for i in range(20):
        key = f"{i:064x}"[::-1]
        entry = store.read(key)
        if entry is not None and entry.body() != str(i) * 5000:
            sys.exit(3)
        store.write(key, None, str(i) * 5000)
    prune(folder, most)
"""
CAP = 50_000


@pytest.mark.parametrize("most", [CAP, 10**9])
def test_jobs_that_write_read_and_prune_do_not_disturb_each_other(tmp_path: Path, most: int):
    """Each job prunes at its end, as a build does. Without a cap to keep to, the cache grows beyond it."""
    jobs = [
        subprocess.Popen([sys.executable, "-c", _CLIENT, str(tmp_path), str(most)], cwd=REPOSITORY)
        for _ in range(4)
    ]
    assert [job.wait() for job in jobs] == [0, 0, 0, 0]
    assert (sum(entry.size for entry in stored(tmp_path)) <= 1.1 * CAP) == (most == CAP)


def test_a_key_is_claimed_once_until_it_is_released(tmp_path: Path):
    first, second = Claims(tmp_path / "locks"), Claims(tmp_path / "locks")
    assert first.claim(["a", "b"]) == {"a", "b"}
    assert second.claim(["b", "c"]) == {"c"}
    first.release("b")
    assert second.claim(["b"], wait=5) == {"b"}
    first.release_all()
    second.release_all()


def test_where_locks_cannot_be_had_all_is_claimed(tmp_path: Path):
    (tmp_path / "locks").write_text("in the way")
    assert Claims(tmp_path / "locks").claim(["a"]) == {"a"}


_BUILD = """
import sys
from pathlib import Path
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.settings import Settings
from nnviz_docs.tracing.store import Store
from nnviz_docs.tracing.tracer import Tracer
root = Path(sys.argv[1])
request = parse_request("counted:Net", {"input": "tensor1x4"}, Settings()).trace
tracer = Tracer(Settings(), root, Store(root / "cache" / "traces"), (str(root),))
((_, outcome),) = tracer.trace([request])
print(len(outcome.graph.nodes))
"""
_COUNTED = """
import os, time
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        os.close(os.open(os.environ["NNVIZ_TEST_RUNS"] + f"/{os.getpid()}", os.O_CREAT | os.O_WRONLY))
        time.sleep(1)

    def forward(self, x):
        return x + 1
"""


@pytest.mark.torch
@pytest.mark.parametrize(("locks", "traced"), [(True, 1), (False, 3)])
def test_several_builds_at_once_trace_a_model_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locks: bool, traced: int
):
    """Without locks all trace, and all are right."""
    runs = tmp_path / "runs"
    runs.mkdir()
    (tmp_path / "counted.py").write_text(_COUNTED)
    if not locks:
        (tmp_path / "cache").mkdir()
        (tmp_path / "cache/locks").write_text("in the way")
    monkeypatch.setenv("NNVIZ_TEST_RUNS", str(runs))
    builds = [
        subprocess.Popen(
            [sys.executable, "-c", _BUILD, str(tmp_path)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    assert {build.communicate()[0].strip() for build in builds} == {"3"}
    assert len(list(runs.iterdir())) == traced


def index(tmp_path: Path) -> SiteIndex:
    texts = {"input": "x:tensor1x4:int64", "class": "wide bright", "caption": 'Ä "net"'}
    requests = [parse_request("net:Net", texts | {"depth": depth}, Settings()) for depth in ("all", "3-1")]
    pages = {"b/c": tuple(requests), "a": (), "d": ()}
    return index_of(tmp_path / "docs/.cache/nnviz", tmp_path / "docs", (str(tmp_path / "src"),), pages)


def test_an_index_is_read_as_it_was_written(tmp_path: Path):
    written = index(tmp_path)
    write_index(tmp_path, written)
    found = read_index(tmp_path)
    assert (found.root, found.paths) == ("../..", ("../src",))
    assert dict(found.pages) == {"b/c": written.pages["b/c"]}


def test_an_index_has_a_line_for_each_figure_and_does_not_change_for_nothing(tmp_path: Path):
    write_index(tmp_path, index(tmp_path))
    before = (tmp_path / "index.json").stat().st_mtime_ns
    write_index(tmp_path, index(tmp_path))
    assert (tmp_path / "index.json").stat().st_mtime_ns == before
    lines = (tmp_path / "index.json").read_text(encoding="utf-8").splitlines()
    assert sum('"trace"' in line for line in lines) == 2


def test_an_index_lists_the_folders_that_models_came_from_and_no_others(tmp_path: Path):
    root = tmp_path / "docs"
    modules = [
        ("net", "net.py"),
        ("pkg.net", "../src/pkg/net.py"),
        ("other", "../lib/other/__init__.py"),
        ("space", "../spaces/space/"),
        ("torch", "*"),
        ("gone", ""),
    ]
    paths = [str(tmp_path / name) for name in ("docs", "docs/ext", "src", "lib", "spaces", "tool", "")]
    known = Manifest(modules=tuple(modules))
    assert needed_paths(paths, root, [known]) == tuple(paths[:5])
    assert needed_paths(paths, root, []) == tuple(paths[:2])
    assert needed_paths(paths, root, [known, None]) == tuple(paths)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"schema": 99}', '{"schema": 1, "root": ".", "paths": [], "pages": {"a": [1]}}']
)
def test_an_index_that_is_none_is_a_named_problem(tmp_path: Path, text: str):
    (tmp_path / "index.json").write_text(text)
    with pytest.raises(NnvizError) as caught:
        read_index(tmp_path)
    assert caught.value.problem.kind is ProblemKind.CACHE
