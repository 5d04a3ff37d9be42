"""Whatever is done to a model's files and to the cache, a warm trace is what a cold one would be.

A state machine edits, touches, renames, shadows, reverts and deletes the files of a small package, and
corrupts the cache; after each step the figure out of the cache is compared with one that was traced without
a cache. One worker serves the whole test. NNVIZ_TEST_SEQUENCES sets the number of sequences.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from nnviz_docs.errors import NnvizError
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.settings import Settings
from nnviz_docs.tracing.cache import Trace, TraceCache
from nnviz_docs.tracing.manifest import Surroundings
from nnviz_docs.tracing.store import Store
from nnviz_docs.tracing.tracer import Tracer
from tests.tracing.one_worker import one_worker

pytestmark = [pytest.mark.torch, pytest.mark.skipif(sys.platform != "linux", reason="one worker, many jobs")]
SEQUENCES = int(os.environ.get("NNVIZ_TEST_SEQUENCES", "15"))
NET = """
from pathlib import Path
from torch import nn
import helper
from pkg import blocks
try:
    import optional
except ImportError:
    optional = None

class Net(nn.Module):
    def forward(self, x):
        try:
            times = len((Path(__file__).parent / "data.txt").open().read())
        except OSError:
            times = 0
        for _ in range(times):
            x = x.abs()
        x = blocks.f(helper.f(x))
        return optional.f(x) if optional else x
"""
START = {
    "late/net.py": NET,
    "late/helper.py": "def f(x):\n    return x.sin()\n",
    "late/pkg/__init__.py": "",
    "late/pkg/blocks.py": "def f(x):\n    return x.cos()\n",
    "late/data.txt": "a",
}
PLACES = [
    *START,
    *("early/helper.py", "early/helper/__init__.py", "late/helper/__init__.py", "early/pkg.py"),
    *("early/pkg/blocks.py", "early/pkg/__init__.py", "late/pkg/blocks/__init__.py"),
    *("early/optional.py", "late/optional.py", "late/optional/f.py", "early/torch.py"),
]
TEXTS = [f"def f(x):\n    return x.{name}()\n" for name in ("exp", "log", "neg")] + [
    "",
    "def f(:\n",
    "import gone\n",
]
places, texts = st.sampled_from(PLACES), st.sampled_from(TEXTS)
REQUEST = parse_request("net:Net", {}, Settings()).trace


class Project(RuleBasedStateMachine):
    """A package under the hands of its authors, and the cache of its site."""

    known: dict[frozenset[tuple[str, bytes]], object]

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="project-"))
        (self.root / "early").mkdir()
        self.revert()

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    @rule(place=places, text=texts)
    def edit(self, place: str, text: str) -> None:
        path = self.root / place
        if path.parent.is_file() or path.is_dir():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if place != "late/net.py":
            path.write_text(text)

    @rule(place=places, text=texts)
    def edit_and_keep_the_time_stamps(self, place: str, text: str) -> None:
        path = self.root / place
        if not path.is_file():
            return
        stamps = [(path, path.stat().st_mtime_ns) for path in (path, path.parent)]
        self.edit(place, text)
        for changed, stamp in stamps:
            os.utime(changed, ns=(stamp, stamp))

    @rule(place=places, stamp=st.integers(0, 2**31))
    def touch(self, place: str, stamp: int) -> None:
        if (self.root / place).exists():
            os.utime(self.root / place, (stamp, stamp))

    @rule(place=places)
    def delete(self, place: str) -> None:
        path = self.root / place
        if path.is_file() and place != "late/net.py":
            path.unlink()
            if path.parent.name not in {"early", "late"} and not any(path.parent.iterdir()):
                path.parent.rmdir()

    @rule(source=places, place=places)
    def rename(self, source: str, place: str) -> None:
        path, new = self.root / source, self.root / place
        if path.is_file() and not new.exists() and new.parent.is_dir() and source != "late/net.py":
            path.rename(new)

    @rule()
    def revert(self) -> None:
        for folder in ("early", "late"):
            shutil.rmtree(self.root / folder, ignore_errors=True)
            (self.root / folder).mkdir()
        for place, text in START.items():
            self.edit(place, text)
        (self.root / "late/net.py").write_text(NET)

    @rule(position=st.integers(0, 2**20), how=st.sampled_from(["flip", "cut", "empty", "delete"]))
    def corrupt(self, position: int, how: str) -> None:
        for path in (self.root / "cache").glob("??/*.json"):
            raw = path.read_bytes()
            at = position % max(len(raw), 1)
            flipped = raw[:at] + bytes([raw[at] ^ 4]) + raw[at + 1 :] if raw else b""
            path.write_bytes({"flip": flipped, "cut": raw[:at], "empty": b"", "delete": b""}[how])
            if how == "delete":
                path.unlink()

    @invariant()
    def warm_equals_cold(self) -> None:
        assert self.drawn(self.tracer("cache")) == self.cold()

    def cold(self) -> object:
        files = (path for path in self.root.glob("*/**/*") if path.is_file() and "cache" not in path.parts)
        state = frozenset((str(path.relative_to(self.root)), path.read_bytes()) for path in files)
        if state not in self.known:
            self.known[state] = self.drawn(self.tracer("none"))
            shutil.rmtree(self.root / "none", ignore_errors=True)
        return self.known[state]

    def tracer(self, cache: str) -> Tracer:
        paths = (str(self.root / "early"), str(self.root / "late"))
        return Tracer(Settings(), self.root, Store(self.root / cache), paths)

    def drawn(self, tracer: Tracer) -> object:
        found: Trace | NnvizError | None = tracer.find(REQUEST)
        if found is None:
            ((_, found),) = tracer.trace([REQUEST])
        if isinstance(found, NnvizError):
            return found.problem.kind, found.problem.message, found.problem.where
        return found.graph, tuple(problem.message for problem in found.problems)


def run(machine: type[Project], sequences: int) -> None:
    machine.known = {}
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_warm_equals_cold(monkeypatch: pytest.MonkeyPatch):
    with one_worker(monkeypatch):
        run(Project, SEQUENCES)


def test_a_cache_that_only_looks_at_the_models_own_file_is_found_out(monkeypatch: pytest.MonkeyPatch):
    def only_own_file(self: Surroundings, manifest: object) -> bool:
        return all(self._digest(path) == digest for path, digest in manifest.files if path == "late/net.py")

    monkeypatch.setattr(Surroundings, "holds", only_own_file)
    with one_worker(monkeypatch), pytest.raises(AssertionError):
        run(Project, 50)


def test_a_cache_that_does_not_resolve_names_is_found_out(monkeypatch: pytest.MonkeyPatch):
    original = TraceCache.keep

    def without_modules(self: TraceCache, request: object, outcome: object, document: object) -> str:
        object.__setattr__(outcome.manifest, "modules", ())
        return original(self, request, outcome, document)

    monkeypatch.setattr(TraceCache, "keep", without_modules)
    with one_worker(monkeypatch), pytest.raises(AssertionError):
        run(Project, 100)
