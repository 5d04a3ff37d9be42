"""One worker for many tests: importing torch takes seconds, a job a fraction of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nnviz_docs.tracing import client as client_module
from nnviz_docs.tracing.client import WorkerClient, WorkerOptions


@contextmanager
def one_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerClient]:
    """Let all tracers share a worker that has imported torch, instead of starting one each."""
    options = WorkerOptions(python="", root=Path(), paths=(), timeout=60, memory_limit=0, workers=1)
    with WorkerClient(options) as client:

        @contextmanager
        def shared(options: WorkerOptions) -> Iterator[WorkerClient]:
            client._options = options
            yield client

        monkeypatch.setattr(client_module, "WorkerClient", shared)
        yield client
