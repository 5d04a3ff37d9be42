"""A trace is used as long as all that it depended on is unchanged, and no longer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.request import TraceRequest
from nnviz_docs.request.settings import Settings, settings_from
from nnviz_docs.tracing.cache import Trace, lookup_key
from nnviz_docs.tracing.manifest import Surroundings
from nnviz_docs.tracing.store import Store
from nnviz_docs.tracing.tracer import Tracer

REPOSITORY = Path(__file__).parents[2]
NET = """
import json
from pathlib import Path
from torch import nn
import pkg.blocks
from helper import WIDTH
try:
    import fast_ops
    STEPS = 2
except ImportError:
    STEPS = 1

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        path = Path(__file__).parent / "sizes.json"
        self.layer = nn.Linear(4, json.loads(path.read_text())["out"])
        try:
            self.extra = (path.parent / "extra.txt").open().read()
        except OSError:
            self.extra = ""

    def forward(self, x):
        x = self.layer(pkg.blocks.first(x))
        for _ in range(STEPS + len(self.extra)):
            x = x.relu()
        return x
"""

Outcome = Trace | NnvizError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    files = {
        "late/net.py": NET,
        "late/helper.py": "WIDTH = 4\n",
        "late/sizes.json": '{"out": 4}',
        "late/pkg/__init__.py": "",
        "late/pkg/blocks.py": "def first(x):\n    return x.tanh()\n",
        "late/broken.py": "import torch\nimport not_yet_there\nclass Net(torch.nn.Identity): pass\n",
        "early/unrelated.py": "",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def tracer(root: Path, **settings: object) -> Tracer:
    paths = (str(root / "early"), str(root / "late"))
    return Tracer(settings_from(settings), root, Store(root / "cache"), paths)


def request_for(model: str = "net:Net") -> TraceRequest:
    return parse_request(model, {"input": "tensor1x4"}, Settings()).trace


def traced(root: Path, request: TraceRequest) -> Outcome:
    ((_, outcome),) = tracer(root).trace([request])
    return outcome


def operations(outcome: Outcome | None) -> list[str]:
    assert isinstance(outcome, Trace)
    return [node.type_name for node in outcome.graph.nodes]


needs_torch = pytest.mark.torch


@needs_torch
def test_what_did_not_change_is_found_and_is_the_same(root: Path):
    request = request_for()
    assert tracer(root).find(request) is None
    outcome = traced(root, request)
    assert operations(outcome) == ["Input", "tanh", "Linear", "relu", "Output"]
    found = tracer(root).find(request)
    assert isinstance(found, Trace)
    assert found == outcome


EDITS: dict[str, Callable[[Path], object]] = {
    "the model": lambda late: (late / "net.py").write_text(NET.replace(".relu()", ".sigmoid()")),
    "a module it imports": lambda late: (late / "helper.py").write_text("WIDTH = 5\n"),
    "a submodule": lambda late: (late / "pkg/blocks.py").write_text("def first(x):\n    return x.cos()\n"),
    "a package's __init__": lambda late: (late / "pkg/__init__.py").write_text("# changed"),
    "a data file": lambda late: (late / "sizes.json").write_text('{"out": 8}'),
    "a data file that was not there": lambda late: (late / "extra.txt").write_text("abc"),
    "a module that was not there": lambda late: (late / "fast_ops.py").write_text(""),
    "a shadow": lambda late: (late.parent / "early/helper.py").write_text("WIDTH = 9\n"),
    "a shadow of the standard library": lambda late: (late.parent / "early/colorsys.py").write_text(""),
    "a module that became a package": lambda late: _write(late / "helper/__init__.py", "WIDTH = 7\n"),
    "a module that was deleted": lambda late: (late / "helper.py").unlink(),
    "a module that was renamed": lambda late: (late / "helper.py").rename(late / "helper2.py"),
    "a file that can't be read": lambda late: _replace_by_folder(late / "sizes.json"),
}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def _replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@needs_torch
def test_every_edit_is_noticed_and_every_undone_edit_too(root: Path):
    request, late = request_for(), root / "late"
    (late / "net.py").write_text(NET.replace("import json\n", "import colorsys, json\n", 1))
    assert isinstance(traced(root, request), Trace)
    for name, edit in EDITS.items():
        before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        edit(late)
        assert tracer(root).find(request) is None, name
        _restore(root, before)
        assert tracer(root).find(request) is not None, name


def _restore(root: Path, files: dict[Path, bytes]) -> None:
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_dir() and not any(path in file.parents for file in files):
            path.rmdir()
        elif path.is_file() and path not in files:
            path.unlink()
    for path, content in files.items():
        path.write_bytes(content)


@needs_torch
def test_time_stamps_decide_nothing(root: Path):
    request, helper = request_for(), root / "late/helper.py"
    stamp = helper.stat().st_mtime_ns
    traced(root, request)
    os.utime(helper, ns=(stamp + 10**9, stamp + 10**9))
    assert tracer(root).find(request) is not None
    helper.write_text("WIDTH = 6\n")
    os.utime(helper, ns=(stamp, stamp))
    assert tracer(root).find(request) is None


@needs_torch
def test_the_source_runs_and_not_what_was_compiled_from_it_before(root: Path):
    request, blocks = request_for(), root / "late/pkg/blocks.py"
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(root)], check=True)
    stamp = blocks.stat().st_mtime_ns
    blocks.write_text("def first(x):\n    return x.cosh()\n")  # as long as before
    os.utime(blocks, ns=(stamp, stamp))
    assert "cosh" in operations(traced(root, request))


@needs_torch
def test_a_file_that_changed_while_it_was_traced_is_shown_and_not_kept(root: Path):
    request, helper = request_for(), root / "late/helper.py"
    helper.write_text(f"WIDTH = 4\nopen({str(helper)!r}, 'a').write('# changed\\n')\n")
    assert isinstance(traced(root, request), Trace)
    assert tracer(root).find(request) is None
    helper.write_text("WIDTH = 4\n")
    traced(root, request)
    assert tracer(root).find(request) is not None


@needs_torch
def test_a_shadow_that_came_while_it_was_traced_is_not_taken_for_the_module_that_ran(root: Path):
    request, shadow = request_for(), root / "early/pkg/__init__.py"
    (root / "late/helper.py").write_text(
        f"from pathlib import Path\nWIDTH = 4\nimport pkg\np = Path({str(shadow)!r})\n"
        "p.parent.mkdir(exist_ok=True)\np.write_text('')\n"
    )
    assert isinstance(traced(root, request), Trace)
    assert tracer(root).find(request) is None


@needs_torch
def test_a_failure_is_kept_until_what_was_missing_is_there(root: Path):
    request = request_for("broken:Net")
    assert isinstance(traced(root, request), NnvizError)
    found = tracer(root).find(request)
    assert isinstance(found, NnvizError)
    assert found.problem.kind is ProblemKind.IMPORT
    (root / "early/not_yet_there.py").write_text("")
    assert tracer(root).find(request) is None
    assert isinstance(traced(root, request), Trace)


@needs_torch
def test_a_module_that_failed_is_looked_for_again(root: Path):
    request = request_for()
    (root / "late/helper.py").write_text("def broken(:\n")
    assert isinstance(traced(root, request), NnvizError)
    assert tracer(root).find(request) is not None
    (root / "early/helper.py").write_text("WIDTH = 4\n")
    assert tracer(root).find(request) is None


@needs_torch
@pytest.mark.parametrize("model", ["exits", "segfaults", "downloads"])
def test_what_depends_on_the_machine_is_not_kept(root: Path, model: str):
    request = parse_request(f"tests.models.{model}:Model", {"input": "tensor1x4"}, Settings()).trace
    own = Tracer(Settings(), root, Store(root / "cache"), (str(REPOSITORY),))
    ((_, outcome),) = own.trace([request])
    assert isinstance(outcome, NnvizError) or outcome.problems
    assert own.find(request) is None


LAZY = """
from torch import nn

class Net(nn.Module):
    def forward(self, x):
        import typing_extensions  # torch has imported it long ago
        return x.relu()
"""


@needs_torch
def test_a_shadow_of_a_package_that_only_a_function_imports_is_noticed(root: Path):
    (root / "late/lazy.py").write_text(LAZY)
    request = request_for("lazy:Net")
    found = traced(root, request)
    assert isinstance(found, Trace)
    assert [name for name, _ in found.manifest.modules] == ["lazy", "torch", "typing_extensions"]
    assert "typing_extensions" in dict(found.manifest.distributions)
    (root / "early/sympy.py").write_text("")  # torch imports it, the model does not
    assert tracer(root).find(request) is not None
    (root / "early/typing_extensions.py").write_text("")
    assert tracer(root).find(request) is None


@needs_torch
def test_a_model_in_a_file_finds_its_neighbours_first(root: Path):
    (root / "early/helper.py").write_text("WIDTH = 9\n")
    request = request_for("late/net.py:Net")
    assert isinstance(traced(root, request), Trace)
    found = tracer(root).find(request)
    assert isinstance(found, Trace)
    assert ("helper", "late/helper.py") in found.manifest.modules


@needs_torch
def test_an_entry_says_nothing_of_the_machine_and_is_the_same_in_every_checkout(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    request = request_for()
    monkeypatch.setenv("SECRET_TOKEN", "s3cr3t-value")
    traced(root, request)
    other = tmp_path / "elsewhere" / "deep" / "checkout"
    other.parent.mkdir(parents=True)
    subprocess.run(["cp", "-r", root, other], check=True)
    subprocess.run(["rm", "-r", other / "cache"], check=True)
    monkeypatch.setenv("PYTHONHASHSEED", "77")
    traced(other, request)
    texts = [Store(folder / "cache").path(lookup_key(request)).read_bytes() for folder in (root, other)]
    assert texts[0] == texts[1]
    secrets = (b"s3cr3t", str(tmp_path).encode(), str(Path.home()).encode(), b"0x")
    assert not any(word in texts[0] for word in secrets)


@needs_torch
def test_another_version_of_torch_gives_a_new_trace_but_not_a_stale_figure(root: Path):
    request = request_for()
    traced(root, request)
    _change_version(Store(root / "cache"), request, "torch")
    assert tracer(root).find(request) is None
    frozen = tracer(root, mode="frozen").find(request)
    assert isinstance(frozen, Trace)
    assert frozen.problems == ()


@needs_torch
@pytest.mark.parametrize("name", ["python", "nnviz-docs"])
def test_another_version_of_what_traces_gives_a_new_trace(root: Path, name: str):
    request = request_for()
    traced(root, request)
    _change_version(Store(root / "cache"), request, name)
    assert tracer(root).find(request) is None


def _change_version(store: Store, request: TraceRequest, name: str) -> None:
    entry = store.read(lookup_key(request))
    assert entry is not None
    versions = dict(entry.head["manifest"]["distributions"]) | {name: "0.0.1"}
    entry.head["manifest"]["distributions"] = sorted(versions.items())
    store.write(lookup_key(request), entry.head, entry.body())


@needs_torch
def test_a_frozen_figure_is_the_last_known_one_and_says_why_it_is_stale(root: Path):
    request = request_for()
    traced(root, request)
    (root / "late/helper.py").write_text("WIDTH = 5\n")
    (root / "early/pkg.py").write_text("")
    found = tracer(root, mode="frozen").find(request)
    assert isinstance(found, Trace)
    (problem,) = found.problems
    assert problem.kind is ProblemKind.STALE
    assert "late/helper.py changed" in problem.message
    assert "the module pkg is now early/pkg.py" in problem.message
    assert "nnviz-docs refresh" in problem.hint


@needs_torch
def test_a_stale_failure_is_stale(root: Path):
    request = request_for("broken:Net")
    traced(root, request)
    fresh = tracer(root, mode="frozen").find(request)
    (root / "late/broken.py").write_text("")
    stale = tracer(root, mode="frozen").find(request)
    assert isinstance(fresh, NnvizError)
    assert isinstance(stale, NnvizError)
    assert [fresh.problem.kind, stale.problem.kind] == [ProblemKind.IMPORT, ProblemKind.STALE]


def test_a_frozen_figure_that_is_not_there_is_missing(root: Path):
    found = tracer(root, mode="frozen").find(request_for())
    assert isinstance(found, NnvizError)
    assert found.problem.kind is ProblemKind.MISSING


@needs_torch
def test_refreshing_takes_nothing_from_the_cache(root: Path):
    request = request_for()
    traced(root, request)
    assert tracer(root, mode="refresh").find(request) is None


@needs_torch
def test_without_a_place_to_write_all_is_traced_and_one_problem_says_so(root: Path):
    (root / "cache").write_text("in the way")
    own = tracer(root)
    outcomes = [outcome for _, outcome in own.trace([request_for(), request_for("broken:Net")])]
    assert any(isinstance(outcome, Trace) for outcome in outcomes)
    assert own.cache_problem is not None
    assert own.cache_problem.kind is ProblemKind.CACHE


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (None, None),
        ([], {}),
        ({"manifest": None}, {}),
        ({"manifest": {"files": 3}}, {}),
        ({"manifest": {"files": [], "modules": [], "distributions": [], "folder": ""}, "problems": []}, {}),
        ({"manifest": {"files": [], "modules": [], "distributions": [], "folder": ""}, "problems": 1}, None),
        ({"manifest": {"files": [], "modules": [], "distributions": [], "folder": ""}, "problems": []}, None),
        (
            {"manifest": {"files": [], "modules": [], "distributions": [], "folder": ""}, "problems": []},
            {"schema": 99_999, "nodes": []},
        ),
    ],
)
def test_a_whole_entry_that_says_nothing_sound_is_a_miss(root: Path, head: object, body: object):
    request = request_for()
    Store(root / "cache").write(lookup_key(request), head, body)
    assert tracer(root).find(request) is None
    missing = tracer(root, mode="frozen").find(request)
    assert isinstance(missing, NnvizError)
    assert missing.problem.kind is ProblemKind.MISSING


def test_checking_imports_nothing(root: Path):
    manifest = {
        "files": [],
        "folder": "",
        "modules": [["torch", "*"], ["torch.nn", "*"], ["net", "late/net.py"]],
    }
    manifest["distributions"] = [["torch", "9.9"], ["sphinx", "9.9"]]
    script = (
        "import json, sys\nfrom pathlib import Path\n"
        "from nnviz_docs.tracing.cache import manifest_from_json\n"
        "from nnviz_docs.tracing.manifest import Surroundings\n"
        f"manifest = manifest_from_json(json.loads({json.dumps(manifest)!r}))\n"
        f"print(list(Surroundings(Path({str(root)!r}), [{str(root / 'late')!r}]).differences(manifest)))\n"
        "print({'torch', 'net', 'sphinx'} & set(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    differences, imported = done.stdout.splitlines()
    assert "torch was 9.9" in differences
    assert imported == "set()"


def test_each_file_is_read_once(root: Path):
    surroundings = Surroundings(root)
    before = surroundings._digest("late/net.py")
    (root / "late/net.py").write_text("")
    assert surroundings._digest("late/net.py") == before != Surroundings(root)._digest("late/net.py")
