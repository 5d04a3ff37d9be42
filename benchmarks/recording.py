"""Measures what the facts of a call (FLOPs, memory, source) add to the processor time of recording a run.

Run from the repository's root::

    python benchmarks/recording.py [--repeats 15] [MODEL ...]

Each model is recorded with the facts and without them, in turns, on one thread; models are built beforehand.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from unittest import mock

import torch
from torchvision import models
from zoo import input_of

from nnviz_docs.graph.model import Graph, Mechanism
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.worker import nodes, places, recorder
from nnviz_docs.worker.flops import FlopCounter
from nnviz_docs.worker.making import make

MODELS = ("resnet50", "vit_b_16", "swin_t", "densenet121", "fasterrcnn_mobilenet_v3_large_320_fpn")


def record(model: torch.nn.Module, args: Sequence[Any], device: str) -> tuple[Graph, float]:
    """Record one run; return the graph, and the seconds of processor time."""
    places.class_place.cache_clear()
    gc.collect()
    start = time.process_time()
    with torch.no_grad(), torch.device(device), recorder.Recorder(model) as recording:
        recording.add_inputs({str(index): arg for index, arg in enumerate(args)})
        recording.add_output(model(*args))
    graph = recording.draft.finish(model="", mechanism=Mechanism.META, parameters=0)
    return graph, time.process_time() - start


def record_plainly(model: torch.nn.Module, args: Sequence[Any], device: str) -> tuple[Graph, float]:
    """Record one run without the facts."""
    with (
        mock.patch.object(FlopCounter, "call", _call),
        mock.patch.object(recorder, "bytes_made", _nothing),
        mock.patch.object(nodes, "class_place", _nowhere),
    ):
        return record(model, args, device)


def _call(_: object, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    return function(*args, **kwargs)


def _nothing(*_: object) -> int:
    return 0


def _nowhere(_: type) -> str:
    return ""


def measure(name: str, repeats: int) -> None:
    """Record a model with and without the facts, and print both times and their ratio."""
    is_detector = models.get_model_builder(name).__module__.split(".")[2] == "detection"
    device = "cpu" if is_detector else "meta"
    backbone = {"weights_backbone": None} if is_detector else {}
    with torch.device(device):
        model = models.get_model(name, weights=None, **backbone).eval()
        value = parse_inputs(input_of(name)).unnamed
        assert value is not None
        args = [make(value[0])]
    plain, full = [], []
    for _ in range(repeats):
        plain.append(record_plainly(model, args, device)[1])
        graph, seconds = record(model, args, device)
        full.append(seconds)
    ratio = statistics.median(b / a for a, b in zip(plain, full, strict=True))
    times = f"{min(plain):.4f} s, {min(full):.4f} s with facts (×{min(full) / min(plain):.3f})"
    print(f"{name:40} {times}, median of pairs ×{ratio:.3f}; {graph.scopes[0].flops:,} FLOPs", flush=True)


def main() -> None:
    """Run the benchmark as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    torch.set_num_threads(1)
    gc.disable()
    for name in options.models:
        measure(name, options.repeats)


if __name__ == "__main__":
    main()
