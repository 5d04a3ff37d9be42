"""Kills a writer of the cache thousands of times, and tells what a reader finds afterwards.

Beside it stands the control: the same kills of a writer that writes files in place.

    python tools/faults.py --kills 10000
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from nnviz_docs.tracing.store import Store

_KEY = "ab" + "0" * 62
_LONGEST = 0.004
"""Seconds within which a writer is killed."""
_BODIES = [{"version": version, "filling": str(version) * 200_000} for version in range(3)]


def _write_to_store(folder: Path, body: dict[str, object]) -> None:
    Store(folder).write(_KEY, {"version": body["version"]}, body)


def _write_in_place(folder: Path, body: dict[str, object]) -> None:
    Store(folder).path(_KEY).write_text(json.dumps(body))


def _read_from_store(folder: Path) -> object:
    entry = Store(folder).read(_KEY)
    return entry.body() if entry and entry.head["version"] == entry.body()["version"] else None


def _read_in_place(folder: Path) -> object:
    try:
        return json.loads(Store(folder).path(_KEY).read_text())
    except ValueError:
        return None


def _kill_writers(
    folder: Path, kills: int, write: Callable[[Path, dict[str, object]], None], read: Callable[[Path], object]
) -> int:
    """Return how many of the reads after a kill gave something that was never written."""
    chance = random.Random(0)  # noqa: S311 (the moments of the kills need no secret)
    torn = 0
    Store(folder).path(_KEY).parent.mkdir(parents=True, exist_ok=True)
    write(folder, _BODIES[0])
    for _ in range(kills):
        pid = os.fork()
        if pid == 0:
            while True:
                for body in _BODIES:
                    write(folder, body)
        time.sleep(chance.random() * _LONGEST)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        if read(folder) not in _BODIES:
            torn += 1
            write(folder, _BODIES[0])
        for part in folder.rglob(".*.part"):
            part.unlink()
    return torn


def main() -> None:
    """Print one line for the store, and one for the control."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    kills = parser.parse_args().kills
    with tempfile.TemporaryDirectory() as folder:
        for name, write, read in (
            ("store", _write_to_store, _read_from_store),
            ("in place", _write_in_place, _read_in_place),
        ):
            torn = _kill_writers(Path(folder, name), kills, write, read)
            print(f"{name:9} {torn} torn or wrong of {kills} reads")


if __name__ == "__main__":
    main()
