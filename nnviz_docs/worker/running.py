"""Data tracing: the model is run once under the recorder, on one of three kinds of tensors.

meta: shapes only, no memory and no arithmetic. fake: as meta, but tensors that the model makes from
constants keep their values. real: an ordinary run on the CPU, for shapes that depend on the data.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from nnviz_docs.errors import NnvizError
from nnviz_docs.graph.model import Graph, Mechanism
from nnviz_docs.request.request import Inputs
from nnviz_docs.worker.binding import bind
from nnviz_docs.worker.building import Builder
from nnviz_docs.worker.eagerness import followed_eagerly
from nnviz_docs.worker.memory import bytes_of, check_memory, keep_freed_memory
from nnviz_docs.worker.naming import class_names
from nnviz_docs.worker.nodes import unique_parameters
from nnviz_docs.worker.recorder import Recorder
from nnviz_docs.worker.without_values import WithoutValues

SEED = 0


class BrokenRunError(Exception):
    """``forward`` raised ``error``; ``graph`` is what was recorded until then, the failing node marked."""

    def __init__(self, error: Exception, graph: Graph) -> None:
        super().__init__("the run broke off")
        self.error = error
        self.graph = graph


def trace_run(builder: Builder, inputs: Inputs, mechanism: Mechanism) -> Graph:
    """Build the model, run it once, and return what was recorded.

    Raises:
        NnvizError: the model can't be built, or the inputs don't fit.
        BrokenRunError: ``forward`` raised.
        RecordingError: recording failed.
    """
    _seed()
    with torch.no_grad(), followed_eagerly(), _SURROUNDINGS[mechanism](builder) as model:
        model.eval()
        bound = bind(inputs, model)
        recorder = Recorder(model)
        error: Exception | None = None
        try:
            with recorder:
                recorder.add_inputs(bound.by_name())
                recorder.add_output(model(*bound.args, **bound.kwargs))
        except Exception as caught:
            error = caught
        model_name, _ = class_names(model)
        graph = recorder.draft.finish(
            model=model_name, mechanism=mechanism, parameters=unique_parameters(model)
        )
    if error is not None:
        raise BrokenRunError(error, graph) from error
    return graph


def build_on_meta(builder: Builder) -> torch.nn.Module:
    """Build a model without memory; one whose constructor reads values is built empty and moved.

    There are no values to initialise: torch would only check shapes, at a third of the time of building.
    """
    try:
        with torch.device("meta"):
            model = builder.without_init()
    except NnvizError:
        model = builder.without_init()
    builder.needed = bytes_of(model)
    return model.to("meta")


@contextlib.contextmanager
def _on_meta(builder: Builder) -> Iterator[torch.nn.Module]:
    model = build_on_meta(builder)
    with torch.device("meta"), WithoutValues():
        yield model


def _build_on_fake(builder: Builder, mode: FakeTensorMode) -> torch.nn.Module:
    """Build a model out of fake tensors; one whose constructor reads values is built empty and turned."""
    with contextlib.suppress(NnvizError), mode:
        return builder.without_init()
    model = builder.without_init()
    for module in model.modules():
        for table in (module._parameters, module._buffers):
            for name, tensor in list(table.items()):
                table[name] = None if tensor is None else mode.from_tensor(tensor)
    return model


@contextlib.contextmanager
def _on_fake(builder: Builder) -> Iterator[torch.nn.Module]:
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    model = _build_on_fake(builder, mode)
    with mode, WithoutValues():
        yield model


@contextlib.contextmanager
def _on_cpu(builder: Builder) -> Iterator[torch.nn.Module]:
    if not builder.needed:
        build_on_meta(builder)
    check_memory(builder.needed)
    keep_freed_memory()
    _seed()
    yield builder()


_SURROUNDINGS: Mapping[Mechanism, Callable[[Builder], AbstractContextManager[torch.nn.Module]]] = {
    Mechanism.META: _on_meta,
    Mechanism.FAKE: _on_fake,
    Mechanism.REAL: _on_cpu,
}


def _seed() -> None:
    random.seed(SEED)
    torch.manual_seed(SEED)
    with contextlib.suppress(ImportError):
        import numpy as np

        np.random.seed(SEED)  # noqa: NPY002 (models draw from the global generator)
