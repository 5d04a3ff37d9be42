"""NNViz and torchview on torchvision's models, for ``zoo.py`` (graphs) and ``figures.py`` (SVG).

Each model has a process of its own, forked from one that has imported torch and the tool, with all cores. To
draw, both tools need Graphviz's program ``dot``.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
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


def draw_with_nnviz(model: torch.nn.Module, inputs: Any) -> str:
    """Return the SVG that NNViz's command makes by default: two levels deep."""
    from nnviz.drawing import GraphvizDrawer
    from nnviz.inspection.torchfx import TorchFxInspector

    named = inputs if isinstance(inputs, dict) else {"x": inputs}
    graph = TorchFxInspector().inspect(model, inputs=named)
    graph.collapse_by_depth(2)
    with tempfile.TemporaryDirectory() as folder:
        GraphvizDrawer(Path(folder, "figure.svg")).draw(graph)
        return Path(folder, "figure.svg").read_text()


def draw_with_torchview(model: torch.nn.Module, inputs: Any) -> str:
    """Return the SVG that torchview makes by default: three levels deep."""
    from torchview import draw_graph

    data = inputs if isinstance(inputs, (dict, torch.Tensor)) else [inputs]
    try:
        drawn = draw_graph(model, input_data=data, device="meta")
    except RuntimeError:
        drawn = draw_graph(model, input_data=data, device="cpu")
    return drawn.visual_graph.pipe(format="svg").decode()


DRAWERS: Mapping[str, Callable[[torch.nn.Module, Any], str]] = {
    "nnviz": draw_with_nnviz,
    "torchview": draw_with_torchview,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """What a tool drew: bytes of SVG, width and height in pixels; why not, if it drew nothing."""

    name: str
    size: int
    width: int
    height: int
    problem: str


def trace_with(tool: str, inputs: Mapping[str, str], timeout: float) -> Iterator[Outcome]:
    """Trace the models named in ``inputs``, which says what each gets, and yield what became of each.

    A model that takes longer than ``timeout`` seconds is given up.
    """
    __import__(tool)
    for name, text in inputs.items():
        start = time.monotonic()
        found, problem, cpu = _forked(TOOLS[tool], name, text, timeout)
        edges, with_data = found or (0, 0)
        yield Outcome(
            name=name,
            edges=edges,
            edges_with_data=with_data,
            seconds=time.monotonic() - start,
            cpu=cpu,
            problem=problem,
        )


def draw_with(tool: str, inputs: Mapping[str, str], timeout: float) -> Iterator[Picture]:
    """Draw the models named in ``inputs`` as the tool does by default, and yield what became of each."""
    __import__(tool)
    for name, text in inputs.items():
        svg, problem, _ = _forked(DRAWERS[tool], name, text, timeout)
        points = re.findall(r'<svg[^>]*? (?:width|height)="([\d.]+)pt"[^>]*? height="([\d.]+)pt"', svg or "")
        width, height = (round(float(size) * 4 / 3) for size in (points[0] if points else (0, 0)))
        yield Picture(name=name, size=len((svg or "").encode()), width=width, height=height, problem=problem)


def _forked(
    use: Callable[[torch.nn.Module, Any], Any], name: str, text: str, timeout: float
) -> tuple[Any, str, float]:
    """Return what a tool makes of a model in a forked process, why nothing, and the processor's seconds."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        _answer(use, name, text, writer)
    os.close(writer)
    timer = threading.Timer(timeout, os.killpg, (pid, 9))  # with the program that draws
    timer.start()
    with os.fdopen(reader) as answer:
        content = answer.read()
    timer.cancel()
    _, _, usage = os.wait4(pid, 0)
    found, problem = json.loads(content) if content else (None, "died, or took too long")
    return found, problem, usage.ru_utime + usage.ru_stime


def _answer(use: Callable[[torch.nn.Module, Any], Any], name: str, text: str, writer: int) -> None:
    """Use the tool in the forked process, write the answer, and end it."""
    warnings.simplefilter("ignore")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        with torch.no_grad():
            answer = (use(_built(name), _made(text)), "")
    except BaseException as error:
        answer = (None, f"{type(error).__name__}: {' '.join(str(error).split())}"[:120])
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
