"""Traces every model of torchvision in one worker, and reports how, how fast and in how much memory.

Run from the repository's root::

    python benchmarks/zoo.py [--workers 2] [--models 'resnet*'] [--json FILE]
    python benchmarks/zoo.py --compare nnviz --compare torchview    # with those installed

No weights are downloaded: the worker has no network. The comparison traces the same models with the same
inputs, one after the other in a process of their own each, without drawing.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from torchvision import models

from nnviz_docs.graph.codec import graph_from_json
from nnviz_docs.graph.model import Graph
from nnviz_docs.request.canonical import canonical
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.request import ModelPath, TraceRequest

_ROOT = Path(__file__).parents[1]
_IMAGE = "image224"
_INPUTS = {
    "detection": "[rand(3, 224, 224)]",
    "segmentation": _IMAGE,
    "video": "tensor1x3x16x112x112",
    "optical_flow": "image1:tensor1x3x128x128;image2:tensor1x3x128x128",
}
"""Input by the package of ``torchvision.models`` that a model is in."""
_SIZED = {"inception_v3": "image299", "quantized_inception_v3": "image299"}
_CLIPS = {"mvit": "tensor1x3x16x224x224", "swin3d": "tensor1x3x16x112x112", "s3d": "tensor1x3x16x224x224"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What became of one model; ``peak`` is the resident size of its process in bytes."""

    name: str
    mechanism: str
    complete: bool
    edges: int
    edges_with_data: int
    seconds: float
    cpu: float
    peak: int
    problem: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the graph is complete and has a shape on every edge."""
        return self.complete and self.edges > 0 and self.edges == self.edges_with_data


def input_of(name: str) -> str:
    """Return the input that a torchvision model is traced with, as a page would write it."""
    family = next((clip for start, clip in _CLIPS.items() if name.startswith(start)), None)
    package = models.get_model_builder(name).__module__.split(".")[2]
    return _SIZED.get(name) or family or _INPUTS.get(package, _IMAGE)


def trace_zoo(names: list[str], workers: int, timeout: float) -> Iterator[Result]:
    """Trace the models in one worker process, and yield each result as it comes."""
    with tempfile.TemporaryDirectory(prefix="nnviz-zoo-") as folder:
        jobs = "".join(json.dumps(_job(i, name, folder, timeout)) + "\n" for i, name in enumerate(names))
        command = [sys.executable, "-m", "nnviz_docs.worker", "--workers", str(workers)]
        environment = os.environ | {"PYTHONPATH": str(_ROOT)}
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        ) as worker:
            assert worker.stdin is not None
            assert worker.stdout is not None
            worker.stdin.write(jobs)
            worker.stdin.flush()
            for _ in names:
                event = json.loads(worker.stdout.readline())
                yield _result(names[event["job"]], event, Path(folder))
            worker.stdin.close()


def _job(number: int, name: str, folder: str, timeout: float) -> dict[str, Any]:
    request = TraceRequest(
        model=ModelPath(kind="torchvision", place="", attributes=(name,)), inputs=parse_inputs(input_of(name))
    )
    return {
        "job": number,
        "request": canonical(request),
        "root": folder,
        "paths": [],
        "reply": f"{folder}/{number}.json",
        "log": f"{folder}/{number}.log",
        "timeout": timeout,
        "memory_limit": 0,
    }


def _result(name: str, event: dict[str, Any], folder: Path) -> Result:
    try:
        reply = json.loads((folder / f"{event['job']}.json").read_bytes())
    except OSError:
        reply = {"error": {"message": f"no reply: {event}"}}
    graph = graph_from_json(reply["graph"]) if "graph" in reply else None
    problems = reply.get("problems") or [reply["error"]] if graph is None or reply["problems"] else []
    return Result(
        name=name,
        mechanism=graph.mechanism.value if graph else "none",
        complete=graph.complete if graph else False,
        edges=len(graph.edges) if graph else 0,
        edges_with_data=_edges_with_data(graph) if graph else 0,
        seconds=event["seconds"],
        cpu=event["cpu"],
        peak=event["peak"],
        problem=" ".join(problem["message"] for problem in problems),
    )


def _edges_with_data(graph: Graph) -> int:
    return sum(edge.data is not None for edge in graph.edges)


class MemoryWatch:
    """Highest memory that the children of this process took at any time, shared pages counted once."""

    def __init__(self) -> None:
        self.peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Start to watch."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop to watch."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.25):
            self.peak = max(self.peak, sum(_proportional_size(pid) for pid in _descendants(os.getpid())))


def _descendants(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _descendants(child)


def _proportional_size(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


# Other tools: each model in a process of its own, started from one that has imported the tool.


def trace_with_nnviz(name: str) -> tuple[int, int]:
    """Trace with NNViz; return its edges, and those of them that carry a shape."""
    from nnviz.inspection.fx import TorchFxInspector

    graph = TorchFxInspector().inspect(_built(name), inputs=_positional_or_named(name))
    edges = list(graph.edges)
    return len(edges), sum(graph.nodes[edge[0]]["model"].tensor_shape is not None for edge in edges)


def trace_with_torchview(name: str) -> tuple[int, int]:
    """Trace with torchview, on meta as is its advice; return its edges, all of which carry shapes."""
    from torchview import draw_graph

    value = _positional_or_named(name)
    drawn = draw_graph(_built(name), input_data=value, device="meta", depth=20)
    return len(drawn.edge_list), len(drawn.edge_list)


TOOLS: dict[str, Callable[[str], tuple[int, int]]] = {
    "nnviz": trace_with_nnviz,
    "torchview": trace_with_torchview,
}


def _built(name: str) -> Any:
    arguments = {"weights": None}
    if models.get_model_builder(name).__module__.split(".")[2] in {"detection", "segmentation"}:
        arguments["weights_backbone"] = None
    return models.get_model(name, **arguments).eval()


def _positional_or_named(name: str) -> Any:
    from nnviz_docs.worker.making import make

    inputs = parse_inputs(input_of(name))
    if inputs.named:
        return {key: make(value) for key, value in inputs.named}
    assert inputs.unnamed is not None
    return make(inputs.unnamed[0])


def compare(tool: str, names: list[str], timeout: float) -> Iterator[Result]:
    """Trace the models with another tool, one forked process each."""
    import torch

    torch.set_num_threads(max(1, os.cpu_count() or 1))
    for name in names:
        yield _forked(tool, name, timeout)


def _forked(tool: str, name: str, timeout: float) -> Result:
    reader, writer = os.pipe()
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        _answer(tool, name, writer)
    os.close(writer)
    timer = threading.Timer(timeout, os.kill, (pid, 9))
    timer.start()
    with os.fdopen(reader) as answer:
        text = answer.read()
    timer.cancel()
    _, _, usage = os.wait4(pid, 0)
    edges, with_data, problem = json.loads(text) if text else (0, 0, "died, or took too long")
    return Result(
        name=name,
        mechanism=tool if not problem else "none",
        complete=not problem,
        edges=edges,
        edges_with_data=with_data,
        seconds=time.monotonic() - start,
        cpu=usage.ru_utime + usage.ru_stime,
        peak=usage.ru_maxrss * 1024,
        problem=problem,
    )


def _answer(tool: str, name: str, writer: int) -> None:
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        answer = (*TOOLS[tool](name), "")
    except BaseException as error:
        answer = (0, 0, f"{type(error).__name__}: {error}"[:200])
    with os.fdopen(writer, "w") as stream:
        json.dump(answer, stream)
    os._exit(0)


# Report


def report(title: str, results: list[Result], seconds: float, *, verbose: bool) -> None:
    """Print what became of the models: the totals, the slowest, and those that are not whole."""
    print(f"\n{title}: {len(results)} models in {seconds:.1f} s")
    print("  mechanisms:", dict(Counter(result.mechanism for result in results).most_common()))
    print("  complete, data on every edge:", sum(result.is_whole for result in results))
    print(f"  processor time of all models: {sum(result.cpu for result in results):.1f} s")
    print(f"  largest process: {max(result.peak for result in results) / 2**20:.0f} MiB")
    by_time = sorted(results, key=lambda result: -result.cpu)
    for result in by_time if verbose else by_time[:12]:
        print(
            f"    {result.name:40} {result.mechanism:9} {result.seconds:6.2f} s ({result.cpu:5.2f} s)"
            f" {result.edges:6} edges {result.peak / 2**20:6.0f} MiB"
        )
    for result in results:
        if not result.is_whole or result.problem:
            lacking = result.edges - result.edges_with_data
            print(f"  ! {result.name}: {result.mechanism}, {lacking} edges without data. {result.problem}")


def main() -> None:
    """Run the benchmark as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", default="*", help="pattern of the models' names")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--timeout", type=float, default=120.0)
    parser.add_argument("--compare", action="append", default=[], choices=list(TOOLS))
    parser.add_argument("--json", type=Path, help="file for all results")
    parser.add_argument("--verbose", action="store_true", help="print every model")
    options = parser.parse_args()
    names = fnmatch.filter(models.list_models(), options.models)
    everything = {}
    start = time.monotonic()
    with MemoryWatch() as memory:
        results = list(trace_zoo(names, options.workers, options.timeout))
    report("nnviz-docs", results, time.monotonic() - start, verbose=options.verbose)
    print(f"  peak memory of all processes: {memory.peak / 2**20:.0f} MiB")
    everything["nnviz-docs"] = results
    for tool in options.compare:
        start = time.monotonic()
        everything[tool] = list(compare(tool, names, options.timeout))
        report(tool, everything[tool], time.monotonic() - start, verbose=options.verbose)
    if options.json:
        document = {tool: [asdict(result) for result in results] for tool, results in everything.items()}
        options.json.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
