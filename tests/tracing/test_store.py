"""Whatever happens to the files of the cache, a reader gets what was written, or nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.tracing.store import Entry, Store

KEY = "ab" + "0" * 62
OTHER = "cd" + "1" * 62
HEAD = {"manifest": {"files": [["unet.py", "ff"]]}, "text": "ä\n'\""}
BODY = {"nodes": [{"id": "n0", "name": "x"}], "numbers": [1, 2.5, None, True]}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "traces")
    store.write(KEY, HEAD, BODY)
    return store


def content(entry: Entry | None):
    return None if entry is None else (entry.head, entry.body())


def test_what_was_written_is_read(store: Store):
    assert content(store.read(KEY)) == (HEAD, BODY)
    assert list(store.all_keys()) == [KEY]


def test_what_was_not_written_is_a_miss(store: Store):
    assert store.read(OTHER) is None


def test_the_file_is_json_for_people_and_tools(store: Store):
    document = json.loads(store.path(KEY).read_text(encoding="utf-8"))
    assert (document["head"], document["body"], document["key"]) == (HEAD, BODY, KEY)


def test_the_same_value_gives_the_same_bytes(store: Store):
    before = store.path(KEY).read_bytes()
    store.write(KEY, dict(reversed(HEAD.items())), BODY)
    assert store.path(KEY).read_bytes() == before


def test_a_changed_head_changes_two_lines_and_not_the_body(store: Store):
    before = store.path(KEY).read_bytes().splitlines()
    store.write(KEY, HEAD | {"text": "other"}, BODY)
    after = store.path(KEY).read_bytes().splitlines()
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, False, True]


def test_a_flipped_bit_anywhere_is_a_miss(store: Store):
    path = store.path(KEY)
    whole = path.read_bytes()
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        assert store.read(KEY) is None, position
    path.write_bytes(whole)
    assert content(store.read(KEY)) == (HEAD, BODY)


def test_a_file_cut_at_any_length_is_a_miss(store: Store):
    path = store.path(KEY)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert store.read(KEY) is None, length


def test_a_file_with_more_behind_it_is_a_miss(store: Store):
    with store.path(KEY).open("ab") as file:
        file.write(b"\n")
    assert store.read(KEY) is None


def test_another_keys_file_is_a_miss(store: Store):
    store.write(OTHER, HEAD, BODY)
    shutil.copy(store.path(OTHER), store.path(KEY))
    assert store.read(KEY) is None
    assert store.read(OTHER) is not None


def test_a_folder_in_the_files_place_is_a_miss_and_is_written_over(store: Store):
    path = store.path(KEY)
    path.unlink()
    path.mkdir()
    assert store.read(KEY) is None
    store.write(KEY, HEAD, BODY)
    assert store.read(KEY) is not None


def test_a_link_is_a_miss_and_is_replaced_not_followed(store: Store, tmp_path: Path):
    path, target = store.path(KEY), tmp_path / "target.json"
    path.rename(target)
    path.symlink_to(target)
    assert store.read(KEY) is None
    target.write_text("mine")
    store.write(KEY, HEAD, BODY)
    assert (target.read_text(), path.is_symlink()) == ("mine", False)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
def test_a_fifo_is_a_miss_and_does_not_block(store: Store):
    store.path(KEY).unlink()
    os.mkfifo(store.path(KEY))
    assert store.read(KEY) is None


def test_a_huge_file_is_a_miss_and_is_not_read(store: Store):
    with store.path(KEY).open("r+b") as file:
        file.truncate(2**40)
    assert store.read(KEY) is None


@pytest.mark.parametrize("text", ["", "{}", "null", "[" * 100_000, '{"sha256":"' + "0" * 64, "\x00" * 500])
def test_text_that_is_no_entry_is_a_miss(store: Store, text: str):
    store.path(KEY).write_text(text)
    assert store.read(KEY) is None


def test_a_body_that_is_too_deep_is_a_value_error():
    with pytest.raises(ValueError, match="deep"):
        Entry("", None, b"[" * 200_000).body()


@pytest.mark.skipif(os.geteuid() == 0 and sys.platform != "linux", reason="root may write everywhere")
def test_a_folder_that_cannot_be_made_is_one_named_problem(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NnvizError) as caught:
        Store(tmp_path / "file" / "traces").write(KEY, HEAD, BODY)
    assert caught.value.problem.kind is ProblemKind.CACHE
    assert "nnviz_cache_dir" in caught.value.problem.hint


def test_a_path_that_is_too_long_is_a_miss_and_a_named_problem(tmp_path: Path):
    store = Store(tmp_path / ("x" * 300))
    assert store.read(KEY) is None
    with pytest.raises(NnvizError, match="can't be written"):
        store.write(KEY, HEAD, BODY)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device without space")
def test_a_full_disk_leaves_the_old_entry_and_no_part(store: Store, monkeypatch: pytest.MonkeyPatch):
    def open_full(_descriptor: int, mode: str):
        os.close(_descriptor)
        return Path("/dev/full").open(mode)

    monkeypatch.setattr("nnviz_docs.tracing.store.os.fdopen", open_full)
    with pytest.raises(NnvizError, match="No space left"):
        store.write(KEY, HEAD, {"other": 1})
    monkeypatch.undo()
    assert content(store.read(KEY)) == (HEAD, BODY)
    assert [path.name for path in store.path(KEY).parent.iterdir()] == [store.path(KEY).name]


_WRITER = """
import sys
from pathlib import Path
from nnviz_docs.tracing.store import Store
store, path = Store(Path(sys.argv[1])), None
bodies = [{"version": i, "filling": str(i) * 400_000} for i in range(3)]
import json
while True:
    for body in bodies:
        if sys.argv[2] == "store":
            store.write("ab" + "0" * 62, {"version": body["version"]}, body)
        else:
            store.path("ab" + "0" * 62).write_text(json.dumps(body))
        print("written", flush=True)
"""


def _torn_reads(folder: Path, how: str, kills: int) -> Iterator[bool]:
    """Yield for each kill of a writer whether what is read afterwards is torn."""
    for number in range(kills):
        command = [sys.executable, "-c", _WRITER, str(folder), how]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as writer:
            writer.stdout.readline()
            time.sleep(0.004 + number % 7 * 0.0007)
            writer.send_signal(signal.SIGKILL)
        yield not _is_whole(folder, how)


def _is_whole(folder: Path, how: str) -> bool:
    if how == "in place":
        try:
            body = json.loads(Store(folder).path(KEY).read_text())
        except ValueError:
            return False
        return body["filling"] == str(body["version"]) * 400_000
    entry = Store(folder).read(KEY)
    return entry is not None and entry.body()["filling"] == str(entry.head["version"]) * 400_000


def test_a_writer_killed_at_any_time_leaves_a_whole_entry(store: Store):
    assert not any(_torn_reads(store.folder, "store", 25))


def test_the_same_kills_tear_files_that_are_written_in_place(store: Store):
    assert any(_torn_reads(store.folder, "in place", 400))  # one of the first, unless the machine is busy
