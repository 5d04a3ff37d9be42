"""Other tools' tracing of torchvision's models, for ``zoo.py`` to compare with: NNViz and torchview.

Each model is traced in a process of its own, forked from one that has imported torch and the tool, with all
cores. Nothing is drawn.
"""

from __future__ import annotations

import json
import os
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torchvision import models

from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.worker.making import make


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of a model: edges, and those of them whose data is known; why not, if there are none."""

    name: str
    edges: int
    edges_with_data: int
    seconds: float
    cpu: float
    problem: str

    @property
    def is_whole(self) -> bool:
        """Whether there is a graph with data on every edge."""
        return 0 < self.edges == self.edges_with_data


def trace_with_nnviz(model: torch.nn.Module, inputs: Any) -> tuple[int, int]:
    """Trace with NNViz as its command does: inputs by name, ``x`` for one that has none."""
    from nnviz.inspection.torchfx import TorchFxInspector

    graph = TorchFxInspector().inspect(model, inputs=inputs if isinstance(inputs, dict) else {"x": inputs})
    edges = list(graph.edges)
    return len(edges), sum(graph.get_spec(*edge) is not None for edge in edges)


def trace_with_torchview(model: torch.nn.Module, inputs: Any) -> tuple[int, int]:
    """Trace with torchview at full depth, on meta as it advises, else on the CPU; its edges carry shapes."""
    from torchview import draw_graph

    data = inputs if isinstance(inputs, (dict, torch.Tensor)) else [inputs]
    try:
        drawn = draw_graph(model, input_data=data, device="meta", depth=100, expand_nested=True)
    except RuntimeError:
        drawn = draw_graph(model, input_data=data, device="cpu", depth=100, expand_nested=True)
    return len(drawn.edge_list), len(drawn.edge_list)


TOOLS: Mapping[str, Callable[[torch.nn.Module, Any], tuple[int, int]]] = {
    "nnviz": trace_with_nnviz,
    "torchview": trace_with_torchview,
}


def trace_with(tool: str, inputs: Mapping[str, str], timeout: float) -> Iterator[Outcome]:
    """Trace the models named in ``inputs``, which says what each gets, and yield what became of each.

    A model that takes longer than ``timeout`` seconds is given up.
    """
    __import__(tool)
    for name, text in inputs.items():
        reader, writer = os.pipe()
        start = time.monotonic()
        pid = os.fork()
        if pid == 0:
            _answer(tool, name, text, writer)
        os.close(writer)
        timer = threading.Timer(timeout, os.kill, (pid, 9))
        timer.start()
        with os.fdopen(reader) as answer:
            content = answer.read()
        timer.cancel()
        _, _, usage = os.wait4(pid, 0)
        edges, with_data, problem = json.loads(content) if content else (0, 0, "died, or took too long")
        yield Outcome(
            name=name,
            edges=edges,
            edges_with_data=with_data,
            seconds=time.monotonic() - start,
            cpu=usage.ru_utime + usage.ru_stime,
            problem=problem,
        )


def _answer(tool: str, name: str, text: str, writer: int) -> None:
    """Trace in the forked process, write the answer, and end it."""
    warnings.simplefilter("ignore")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        with torch.no_grad():
            answer = (*TOOLS[tool](_built(name), _made(text)), "")
    except BaseException as error:
        answer = (0, 0, f"{type(error).__name__}: {' '.join(str(error).split())}"[:120])
    with os.fdopen(writer, "w") as stream:
        json.dump(answer, stream)
    os._exit(0)


def _built(name: str) -> torch.nn.Module:
    backbone = "weights_backbone" in models.get_model_builder(name).__annotations__
    return models.get_model(name, weights=None, **({"weights_backbone": None} if backbone else {})).eval()


def _made(text: str) -> Any:
    inputs = parse_inputs(text)
    if inputs.unnamed:
        return make(inputs.unnamed[0])
    return {key: make(value) for key, value in inputs.named}
