"""Runs each job in a new process, where forking one that has imported torch is not safe (macOS, Windows)."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from nnviz_docs.worker.job import Job

_speaking = threading.Lock()


def serve(workers: int) -> None:
    """Serve jobs from standard input, ``workers`` at a time, until it ends."""
    with ThreadPoolExecutor(max(1, workers)) as pool:
        for line in sys.stdin:
            pool.submit(_run, Job(**json.loads(line)))


def _run(job: Job) -> None:
    command = [sys.executable, "-P", "-m", "nnviz_docs.worker", "--job", json.dumps(asdict(job))]
    timed_out, status = False, None
    with Path(job.log).open("ab") as log:
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=job.timeout, check=False
            )
            status = done.returncode
        except subprocess.TimeoutExpired:
            timed_out = True
    with _speaking:
        sys.stdout.write(json.dumps({"job": job.job, "status": status, "timed_out": timed_out}) + "\n")
        sys.stdout.flush()
