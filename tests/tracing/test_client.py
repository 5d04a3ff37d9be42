"""Whatever a model does to its process, the build gets a named answer, and nothing is left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nnviz_docs.errors import NnvizError, Problem, ProblemKind
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.request import ModelPath, TraceRequest
from nnviz_docs.tracing.client import WorkerClient, WorkerOptions
from nnviz_docs.tracing.replies import Reply
from tests.processes import MARK, assert_nothing_is_left, wait_for

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(sys.platform != "linux", reason="the worker isolates its jobs on Linux"),
]
REPOSITORY = Path(__file__).parents[2]


def options(*, timeout: float = 60, memory_limit: int = 0, workers: int = 2) -> WorkerOptions:
    return WorkerOptions(
        python="",
        root=REPOSITORY,
        paths=(str(REPOSITORY),),
        timeout=timeout,
        memory_limit=memory_limit,
        workers=workers,
    )


def request_for(model: str, name: str = "Model") -> TraceRequest:
    path = ModelPath(kind="qualified", place=f"tests.models.{model}", attributes=(name,))
    return TraceRequest(model=path, inputs=parse_inputs("tensor1x4"))


def answers(*models: str, **limits: float) -> dict[str, Reply | NnvizError]:
    with WorkerClient(options(**limits)) as client:
        found = list(client.trace([request_for(model) for model in models]))
    return {request.model.place.rpartition(".")[2]: answer for request, answer in found}


def answer(model: str, **limits: float) -> Reply | NnvizError:
    return answers(model, **limits)[model]


def problem(model: str, **limits: float) -> Problem:
    found = answer(model, **limits)
    return found.problem if isinstance(found, NnvizError) else found.problems[0]


@pytest.fixture(autouse=True)
def nothing_left_behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(MARK, uuid.uuid4().hex)
    yield
    assert_nothing_is_left()


def test_the_look_for_processes_sees_one_that_is_left_behind():
    with subprocess.Popen(["setsid", "sleep", "987"]) as process:
        wait_for("sleep 987")
        with pytest.raises(AssertionError, match="sleep 987"):
            assert_nothing_is_left(0.1)
        process.kill()


_OLD_KERNEL = """#!/bin/sh
exec {python} -P -c '
import os, runpy, sys
del os.pidfd_open
sys.argv = sys.argv[3:]
runpy.run_module("nnviz_docs.worker", run_name="__main__", alter_sys=True)' "$@"
"""


def test_a_kernel_that_does_not_tell_the_end_of_a_process_is_asked(tmp_path: Path):
    python = tmp_path / "python"
    python.write_text(_OLD_KERNEL.format(python=sys.executable))
    python.chmod(0o755)
    with WorkerClient(replace(options(workers=1), python=str(python))) as client:
        found = list(client.trace([request_for("identity"), request_for("segfaults"), request_for("views")]))
    assert [isinstance(answer, Reply) for _, answer in found] == [True, False, True]


def test_a_sound_model_is_answered_with_what_it_read():
    reply = answer("identity")
    assert isinstance(reply, Reply)
    assert reply.graph is not None
    assert "tests/models/identity.py" in dict(reply.files)
    assert dict(reply.modules)["tests.models.identity"] == "tests/models/identity.py"
    assert {"torch", "python", "nnviz-docs"} <= set(dict(reply.distributions))


@pytest.mark.parametrize(
    ("model", "kind", "text"),
    [
        ("no_such_module", ProblemKind.IMPORT, "no_such_module"),
        ("syntax_error", ProblemKind.IMPORT, "SyntaxError"),
        ("raises_in_init", ProblemKind.CONSTRUCT, "not today"),
        ("segfaults", ProblemKind.CRASH, "SIGSEGV"),
        ("exits", ProblemKind.CRASH, "status 0"),
        ("forges", ProblemKind.CRASH, "status 3"),
        ("downloads", ProblemKind.NETWORK, "weights.example"),
    ],
)
def test_a_fault_has_a_name(model: str, kind: ProblemKind, text: str):
    found = problem(model)
    assert found.kind is kind
    assert text in found.message


def test_one_models_fault_is_no_other_models():
    found = answers("segfaults", "identity", "exits", "dict_output")
    assert [isinstance(found[name], Reply) for name in ("segfaults", "identity", "exits", "dict_output")] == [
        False,
        True,
        False,
        True,
    ]


def test_code_for_a_gpu_is_told_of_the_gpu_and_not_of_how_the_worker_works():
    with WorkerClient(options()) as client:
        ((_, found),) = client.trace([request_for("mistakes.classes", "OnCuda")])
    assert isinstance(found, Reply)
    (problem,) = found.problems
    assert "fork" not in problem.message
    assert "without a GPU" in problem.hint


IMPORTS_OF_TORCH = """
import sys
def note(event, args):
    if event == "import" and args[0] == "torch":
        print("torch", file=open({!r}, "a"))
sys.addaudithook(note)
"""


def test_torch_is_imported_once_for_all_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    imports = tmp_path / "imports"
    (tmp_path / "sitecustomize.py").write_text(IMPORTS_OF_TORCH.format(str(imports)))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = answers("identity", "dict_output", "records")
    assert all(isinstance(reply, Reply) for reply in found.values())
    assert imports.read_text() == "torch\n"
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    assert imports.read_text() == "torch\n" * 2


@pytest.mark.parametrize(("workers", "together"), [(2, True), (1, False)])
def test_as_many_models_run_at_a_time_as_there_are_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int, together: bool
):
    monkeypatch.setenv("NNVIZ_TEST_MEETING", str(tmp_path))
    monkeypatch.setenv("NNVIZ_TEST_LOOKS", "3000" if together else "20")
    with WorkerClient(options(workers=workers)) as client:
        found = [answer for _, answer in client.trace([request_for("meets", n) for n in ("First", "Second")])]
    assert [isinstance(answer, Reply) for answer in found] == [together, True]


def test_a_failure_tells_what_it_depended_on():
    reply = answer("no_such_module")
    assert isinstance(reply, Reply)
    assert reply.graph is None
    assert ("tests.models.no_such_module", "") in reply.modules


def test_a_hang_with_a_child_in_a_session_of_its_own_is_stopped_and_located():
    found = problem("hangs", timeout=3)
    assert found.kind is ProblemKind.TIMEOUT
    assert "hangs.py" in found.detail


def test_a_hang_in_c_code_is_stopped_and_located():
    found = problem("hangs_in_c", timeout=3)
    assert found.kind is ProblemKind.TIMEOUT
    assert "hangs_in_c.py" in found.detail


def test_the_memory_limit_is_the_models_alone():
    assert problem("allocates", memory_limit=2 * 2**30).kind is ProblemKind.MEMORY
    bytearray(3 * 2**30)


def test_without_a_limit_the_same_model_is_traced():
    reply = answer("allocates")
    assert isinstance(reply, Reply)
    assert reply.problems == ()


@pytest.mark.parametrize(("kills", "runs"), [(0, 1), (1, 2), (9, 2)])
def test_what_is_killed_from_outside_is_tried_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int, runs: int
):
    monkeypatch.setenv("NNVIZ_TEST_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("NNVIZ_TEST_KILLS", str(kills))
    found = answer("killed_once")
    assert len((tmp_path / "runs").read_text()) == runs
    if kills < 2:
        assert isinstance(found, Reply)
    else:
        assert isinstance(found, NnvizError)
        assert found.problem.kind is ProblemKind.MEMORY


@pytest.mark.parametrize("model", ["noisy", "writes_much"])
def test_what_a_model_prints_disturbs_nothing(model: str):
    reply = answer(model)
    assert isinstance(reply, Reply)
    assert reply.graph is not None


def test_a_log_is_cut():
    with WorkerClient(options()) as client:
        list(client.trace([request_for("writes_much")]))
        logs = [path.stat().st_size for path in client._folder.glob("*.log")]
    assert max(logs) < 50 * 2**20


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("started", ["nnviz_docs.worker", "sleep 987"])  # it imports torch, the model hangs
def test_a_build_that_is_ended_takes_everything_with_it(number: signal.Signals, started: str):
    script = (
        "from tests.tracing.test_client import *\n"
        "with WorkerClient(options(timeout=500)) as client:\n"
        "    print('ready', flush=True)\n"
        "    list(client.trace([request_for('hangs')]))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as build:
        build.stdout.readline()
        wait_for(started)
        build.send_signal(number)


def test_a_worker_that_is_killed_is_a_named_problem():
    with WorkerClient(options(timeout=500)) as client:
        pending = client.trace([request_for("hangs"), request_for("identity")])
        next(pending)
        os.kill(client._process.pid, signal.SIGTERM)
        ((_, found),) = pending
    assert isinstance(found, NnvizError)
    assert found.problem.kind is ProblemKind.WORKER


def test_an_interpreter_that_is_not_there_is_a_named_problem():
    broken = WorkerOptions(
        python="/no/such/python", root=REPOSITORY, paths=(), timeout=5, memory_limit=0, workers=1
    )
    with WorkerClient(broken) as client, pytest.raises(NnvizError, match="nnviz_python"):
        list(client.trace([request_for("identity")]))
