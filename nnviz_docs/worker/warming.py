"""What torch does only at its first calls, done once in the process that the jobs fork from.

torch fills tables as they are first needed (of the functions that can be overridden, of the kernels for each
kind of tensor), and imports its compiler to be told to compile nothing. By each job anew, the tables took a
third of the time of a usual model, and the import more than a second where no library had done it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import torch
from torch import nn

from nnviz_docs.graph.model import Mechanism
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.request import Arguments, ModelPath
from nnviz_docs.worker.building import Builder
from nnviz_docs.worker.running import trace_run
from nnviz_docs.worker.unseen import RecordingError

_WITHOUT_GPUS = {"CUDA_VISIBLE_DEVICES": "", "PYTORCH_NVML_BASED_CUDA_CHECK": "1"}


class _Usual(nn.Module):
    """Calls what most models call."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2))
        self.norm = nn.LayerNorm(4)
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True)
        self.head = nn.Sequential(nn.Dropout(), nn.Linear(4, 4), nn.GELU())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norm(self.features(x).flatten(2).transpose(1, 2))
        attended, _ = self.attention(x, x, x)
        x = torch.cat([x + attended, x * torch.sigmoid(x)], dim=1)
        return self.head(x.permute(0, 2, 1).reshape(x.shape).mean(1)).softmax(-1)


def warm_up() -> None:
    """Trace a small model in the ways that compute nothing, and so start no threads that a fork loses."""
    path = ModelPath(kind="qualified", place=__name__, attributes=(_Usual.__name__,))
    builder = Builder(_Usual, path, Arguments())
    for mechanism in (Mechanism.META, Mechanism.FAKE):
        with (
            contextlib.suppress(Exception, RecordingError),
            _no_look_for_gpus(),
        ):  # a job that needs it says what is wrong
            trace_run(builder, parse_inputs("image8"), mechanism)


@contextlib.contextmanager
def _no_look_for_gpus() -> Iterator[None]:
    """Let torch think that there are no GPUs, without asking their driver, which forks could not use then."""
    before = {name: os.environ.get(name) for name in _WITHOUT_GPUS}
    os.environ.update(_WITHOUT_GPUS)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
