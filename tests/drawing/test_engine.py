from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from nnviz_docs.drawing import engine as engines
from nnviz_docs.drawing.dot import CAREFUL, dot_text
from nnviz_docs.drawing.engine import LibraryEngine, ProgramEngine, find_engine
from nnviz_docs.errors import NnvizError, ProblemKind
from tests.drawing import graphs
from tests.drawing.drawn import all_routed, scene_of

REPOSITORY = Path(__file__).parents[2]
SMALL = "digraph{a->b}"
HUGE = dot_text(all_routed(scene_of(graphs.dense(90))), CAREFUL)


@pytest.fixture
def library():
    pytest.importorskip("pygraphviz")
    made = LibraryEngine()
    yield made
    made.close()


def pid_of(library):
    return library._worker._process.pid


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until_gone(pid):
    deadline = time.monotonic() + 10
    while is_running(pid):
        assert time.monotonic() < deadline, "the layout process was left behind"
        time.sleep(0.02)


def test_one_process_lays_out_many_figures(library):
    first = json.loads(library.positions(SMALL, 60))
    pid = pid_of(library)
    assert [item["name"] for item in first["objects"]] == ["a", "b"]
    assert json.loads(library.positions(SMALL, 60)) == first
    assert pid_of(library) == pid


def test_bad_dot_text_is_a_problem_and_the_next_figure_works(library):
    with pytest.raises(NnvizError) as caught:
        library.positions("digraph{", 60)
    assert caught.value.problem.kind is ProblemKind.LAYOUT
    assert library.positions(SMALL, 60)


def test_a_layout_that_takes_too_long_is_ended(library):
    library.positions(SMALL, 60)
    pid = pid_of(library)
    with pytest.raises(TimeoutError):
        library.positions(HUGE, 0.3)
    assert not is_running(pid)
    assert library.positions(SMALL, 60)


def test_a_process_that_was_killed_is_replaced(library):
    library.positions(SMALL, 60)
    pid = pid_of(library)
    os.kill(pid, signal.SIGKILL)
    assert library.positions(SMALL, 60)
    assert pid_of(library) != pid


def test_a_process_that_dies_again_and_again_is_a_problem_with_its_last_words(tmp_path):
    script = tmp_path / "python"
    script.write_text("#!/bin/sh\necho Fontconfig error >&2\necho no library >&2\nexit 3\n", encoding="ascii")
    script.chmod(0o755)
    with pytest.raises(NnvizError) as caught:
        LibraryEngine(str(script)).positions(SMALL, 60)
    problem = caught.value.problem
    assert problem.kind is ProblemKind.LAYOUT
    assert problem.detail == "status 3\nno library"


def test_a_library_that_prints_does_not_disturb_the_replies(library, tmp_path, monkeypatch):
    """Printing from Python and from C goes nowhere."""
    noisy = "import os\nos.write(1, b'noise')\nprint('noise', flush=True)\nfrom real import AGraph\n"
    (tmp_path / "pygraphviz.py").write_text(noisy, encoding="ascii")
    (tmp_path / "real.py").write_text(
        "class AGraph:\n    def __init__(self, string): pass\n    def draw(self, format, prog):\n"
        "        print('noise', flush=True)\n        return b'{}'\n",
        encoding="ascii",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert library.positions(SMALL, 60) == b"{}"


def test_closing_leaves_no_process_behind(library):
    library.positions(SMALL, 60)
    pid = pid_of(library)
    library.close()
    assert not is_running(pid)


def run_script(text):
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\nfrom nnviz_docs.drawing.engine import LibraryEngine\n"
    )
    script += "library = LibraryEngine()\n" + textwrap.dedent(text)
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script, str(REPOSITORY)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


PRINT_PID = "library.positions('digraph{a}', 60); print(library._worker._process.pid, flush=True)\n"


def test_the_process_ends_with_the_program_that_started_it():
    with run_script(PRINT_PID) as program:
        output, errors = program.communicate(timeout=60)
    assert errors == ""
    wait_until_gone(int(output))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_the_process_ends_when_its_parent_is_killed_in_the_middle_of_a_layout():
    busy = f"import threading\nthreading.Thread(target=library.positions, args=({HUGE!r}, 60)).start()\n"
    text = (
        PRINT_PID.replace("print", "pid = library._worker._process.pid; print")
        + busy
        + "print('on', flush=True)"
    )
    with run_script(text + "\nimport time; time.sleep(60)") as program:
        pid = int(program.stdout.readline())
        program.stdout.readline()
        assert is_running(pid)
        program.kill()
        program.communicate(timeout=60)
    wait_until_gone(pid)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_uses_a_process_of_its_own_and_leaves_the_first_alone():
    text = (
        PRINT_PID
        + """
    import os
    if os.fork() == 0:
        library.positions('digraph{a}', 60); print(library._worker._process.pid, flush=True)
        library.close()
        os._exit(0)
    assert os.wait()[1] == 0
    library.positions('digraph{a}', 60); print(library._worker._process.pid, flush=True)
    """.replace("\n    ", "\n")
    )
    with run_script(text) as program:
        output, errors = program.communicate(timeout=60)
    first, forked, again = output.split()
    assert errors == ""
    assert first == again != forked


def test_a_dot_program_is_used_when_one_is_named(tmp_path):
    program = tmp_path / "dot"
    program.write_text('#!/bin/sh\ncat > /dev/null\necho "{}"\n', encoding="ascii")
    program.chmod(0o755)
    named = find_engine(str(program))
    assert isinstance(named, ProgramEngine)
    assert named.positions(SMALL, 60) == b"{}\n"


@pytest.mark.parametrize(
    ("script", "detail"),
    [
        ("#!/bin/sh\necho syntax >&2\necho '{'\nexit 1\n", "syntax"),
        ("no script", ""),
        ("#!/bin/nowhere\n", "No such file"),
    ],
)
def test_a_dot_program_that_fails_is_a_problem(tmp_path, script, detail):
    program = tmp_path / "dot"
    program.write_text(script, encoding="ascii")
    program.chmod(0o755)
    with pytest.raises(NnvizError) as caught:
        ProgramEngine(str(program)).positions(SMALL, 60)
    assert caught.value.problem.kind is ProblemKind.LAYOUT
    assert detail in caught.value.problem.detail


def test_a_dot_program_that_hangs_is_ended(tmp_path):
    program = tmp_path / "dot"
    program.write_text("#!/bin/sh\nexec sleep 60\n", encoding="ascii")
    program.chmod(0o755)
    with pytest.raises(TimeoutError):
        ProgramEngine(str(program)).positions(SMALL, 0.1)


def test_a_dot_program_that_is_not_there_is_a_problem(tmp_path):
    with pytest.raises(NnvizError) as caught:
        find_engine(str(tmp_path / "dot")).positions(SMALL, 60)
    assert "could not be started" in caught.value.problem.message


def test_without_any_engine_the_problem_says_what_to_install(monkeypatch):
    monkeypatch.setattr(engines.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(engines.shutil, "which", lambda name: None)
    with pytest.raises(NnvizError) as caught:
        find_engine()
    assert "pip install" in caught.value.problem.hint


def test_without_the_library_the_program_on_the_path_is_used(monkeypatch):
    monkeypatch.setattr(engines.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(engines.shutil, "which", lambda name: "/somewhere/dot")
    found = find_engine()
    assert isinstance(found, ProgramEngine)
    assert found.program == "/somewhere/dot"
