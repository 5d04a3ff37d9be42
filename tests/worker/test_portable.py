"""The worker of platforms without a safe fork speaks the same protocol."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnviz_docs.request.canonical import canonical
from tests.worker.tracing import request_for

pytestmark = pytest.mark.torch
ROOT = Path(__file__).parents[2]


def test_each_job_gets_its_reply_and_a_hanging_one_is_stopped(tmp_path: Path):
    jobs = [
        {
            "job": number,
            "request": canonical(request_for(model, "tensor2x4")),
            "root": str(ROOT),
            "paths": [str(ROOT)],
            "reply": str(tmp_path / f"{number}.json"),
            "log": str(tmp_path / f"{number}.log"),
            "timeout": 60 if model == "noisy" else 10,
            "memory_limit": 0,
        }
        for number, model in enumerate(["noisy", "sleeps"])
    ]
    done = subprocess.run(
        [sys.executable, "-m", "nnviz_docs.worker", "--portable", "--workers", "2"],
        input="".join(json.dumps(job) + "\n" for job in jobs),
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
    )
    events = sorted((json.loads(line) for line in done.stdout.splitlines()), key=lambda event: event["job"])
    assert events[0] == {"job": 0, "status": 0, "timed_out": False}
    assert events[1]["timed_out"]
    assert json.loads((tmp_path / "0.json").read_text())["graph"]["complete"]
    assert not (tmp_path / "1.json").exists()
