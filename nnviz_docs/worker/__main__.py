"""The worker process and its protocol.

The parent starts ``python -m nnviz_docs.worker`` and writes one job per line, as JSON, to its standard
input::

    {"job": 1, "request": {...}, "root": "/docs", "paths": ["/docs/src"], "reply": "/tmp/x/1.json",
     "log": "/tmp/x/1.log", "timeout": 60.0, "memory_limit": 0}

``request`` is the canonical JSON of a `TraceRequest`; ``root`` is the folder to run in, ``paths`` is put
before ``sys.path``; ``timeout`` is in seconds, ``memory_limit`` in bytes (0: none). As many jobs run at a
time as ``--workers`` says. When a job's process has ended, and nothing that it started is left, the worker
writes one line to what was its standard output (models write to the log instead)::

    {"job": 1, "status": 0, "timed_out": false, "seconds": 0.41, "cpu": 0.38, "peak": 503316480}

``status`` is the exit status, negative for a signal's number; ``seconds`` is how long the job took,
``cpu`` how long it computed, and ``peak`` the largest resident size of its process in bytes; the three are
left out where jobs are no forks. The answer itself is in the file ``reply``,
which is there only when it is whole::

    {"graph": {...}, "problems": [...], "files": [["unet.py", "<sha256>"]],
     "modules": [["unet", "unet.py"], ["numpy", ""]], "distributions": [["torch", "2.9"]]}
    {"error": {"kind": "import", "message": "...", "hint": "...", "where": "unet.py:3", "detail": "..."},
     "files": [...], "modules": [...], "distributions": [...]}

``files`` are the project's files that were read (an empty hash: looked for in vain), ``modules`` the names
that were imported with the project's file that each led to (empty: none, ``?``: not a single file),
``distributions`` the installed ones that the model's code came from.

A job that ended without a reply has failed, whatever its status. End of input ends the worker: running
jobs are killed. torch is imported once; each job is a fork of the process that has it, so that models are
isolated from each other. Where fork is not safe each job is a new process (``--job``), which imports torch
itself.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

from nnviz_docs.worker.job import Job, run_job


def main() -> None:
    """Serve jobs until the input ends, or run the one that is given."""
    parser = argparse.ArgumentParser(prog="python -m nnviz_docs.worker")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--portable", action="store_true", default=sys.platform != "linux")
    parser.add_argument("--job")
    options = parser.parse_args()
    if options.job:
        run_job(Job(**json.loads(options.job)))
        os._exit(0)  # what the model left to be done at exit is not waited for
    elif options.portable:
        from nnviz_docs.worker.portable import serve

        serve(options.workers)
    else:
        from nnviz_docs.worker.supervisor import Supervisor

        Supervisor(options.workers).serve()


if __name__ == "__main__":
    main()
