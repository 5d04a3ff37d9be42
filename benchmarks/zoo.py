"""Builds a site with every model of torchvision: how each was traced, how fast, in how much memory.

Run from the repository's root::

    python benchmarks/zoo.py [--models 'resnet*'] [--workers 2] [--json FILE] [--verbose]
    python benchmarks/zoo.py --only-trace                           # the worker alone, no pages
    python benchmarks/zoo.py --compare nnviz --compare torchview    # with those installed, in the same run

The build is cold: Sphinx in this process, a page for each model, an empty cache. No weights are downloaded:
the worker has no network.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from other_tools import TOOLS, Outcome, trace_with
from sphinx.cmd.build import build_main
from torchvision import models

from nnviz_docs.errors import NnvizError
from nnviz_docs.figure import Figures
from nnviz_docs.request.options import parse_request
from nnviz_docs.request.request import TraceRequest
from nnviz_docs.request.settings import Settings
from nnviz_docs.tracing import client
from nnviz_docs.tracing.client import Answer, WorkerClient

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


class _Watched(WorkerClient):
    """The worker's client, which keeps what the worker tells of each job."""

    numbers: ClassVar[dict[int, TraceRequest]] = {}
    events: ClassVar[dict[TraceRequest, dict[str, Any]]] = {}
    last: ClassVar[float] = 0.0

    def _send(self, request: TraceRequest) -> int:
        number = super()._send(request)
        self.numbers[number] = request
        return number

    def _answer(self, number: int, event: dict[str, Any]) -> Answer:
        self.events[self.numbers[number]] = event
        type(self).last = time.monotonic()
        return super()._answer(number, event)


def build_site(names: list[str], settings: Settings, folder: Path) -> None:
    """Build a new site with a page for each model."""
    configuration = ["extensions = ['nnviz_docs']", "html_theme = 'basic'"]
    configuration += [f"nnviz_timeout = {settings.timeout}", f"nnviz_workers = {settings.workers}"]
    (folder / "conf.py").write_text("\n".join(configuration) + "\n")
    (folder / "index.rst").write_text("Zoo\n===\n\n.. toctree::\n\n   " + "\n   ".join(names) + "\n")
    for name in names:
        directive = f".. nnviz:: {name}\n   :input: {input_of(name)}\n"
        (folder / f"{name}.rst").write_text(f"{name}\n{'=' * len(name)}\n\n{directive}")
    build_main(["-q", "-b", "html", str(folder), str(folder / "_build")])


def trace_all(requests: Iterable[TraceRequest], settings: Settings, folder: Path) -> None:
    """Trace the models as the build does, and make no pages."""
    for _ in Figures(settings, folder).prepare(requests):
        pass


def request_of(name: str, settings: Settings) -> TraceRequest:
    """Return what the page of a torchvision model asks for."""
    return parse_request(name, {"input": input_of(name)}, settings).trace


def results_of(requests: Mapping[str, TraceRequest], settings: Settings, folder: Path) -> Iterator[Result]:
    """Yield what the cache of the folder holds of each model, with what the worker told of its job."""
    figures = Figures(settings, folder)
    for name, request in requests.items():
        event = _Watched.events.get(request, {})
        try:
            trace = figures.trace(request)
        except NnvizError as error:
            graph, problem = None, str(error)
        else:
            graph, problem = trace.graph, " ".join(problem.message for problem in trace.problems)
        yield Result(
            name=name,
            mechanism=graph.mechanism.value if graph else "none",
            complete=graph.complete if graph else False,
            edges=len(graph.edges) if graph else 0,
            edges_with_data=sum(edge.data is not None for edge in graph.edges) if graph else 0,
            seconds=event.get("seconds", 0.0),
            cpu=event.get("cpu", 0.0),
            peak=event.get("peak", 0),
            problem=problem,
        )


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
        while not self._ended.wait(0.5):
            self.peak = max(self.peak, sum(_proportional_size(pid) for pid in _descendants(os.getpid())))


def _descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            yield child
            yield from _descendants(child)


def _proportional_size(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def report(results: list[Result], *, verbose: bool) -> None:
    """Print what became of the models: the totals, the slowest, and those that are not whole."""
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


def measure(
    title: str,
    requests: Mapping[str, TraceRequest],
    settings: Settings,
    make: Callable[[Path], None],
    *,
    verbose: bool,
) -> list[Result]:
    """Let ``make`` trace the requests into the cache of a new folder, and report what became of them."""
    client.WorkerClient = _Watched  # the tracer imports it when it is needed
    with tempfile.TemporaryDirectory(prefix="nnviz-zoo-") as name:
        folder = Path(name)
        start, computed = time.monotonic(), time.process_time()
        with MemoryWatch() as memory:
            make(folder)
        seconds, own = time.monotonic() - start, time.process_time() - computed
        traced = _Watched.last - start
        results = list(results_of(requests, settings, folder))
    print(f"{title}: {len(requests)} models in {seconds:.1f} s, traced after {traced:.1f} s")
    report(results, verbose=verbose)
    print(f"  processor time of this process: {own:.1f} s")
    print(f"  peak memory of all its children: {memory.peak / 2**20:.0f} MiB")
    return results


def compare(tool: str, names: list[str], timeout: float) -> list[Outcome]:
    """Trace the models with another tool; print each as it is done, then what became of them all."""
    outcomes, start = [], time.monotonic()
    print(f"\n{tool}:")
    for o in trace_with(tool, {name: input_of(name) for name in names}, timeout):
        outcomes.append(o)
        lacking = o.edges - o.edges_with_data
        print(f"    {o.name:40} {o.seconds:6.2f} s ({o.cpu:5.2f} s) {o.edges:6} edges", end="", flush=True)
        print("" if o.is_whole else f", {lacking} of them without data. {o.problem}", flush=True)
    seconds = time.monotonic() - start
    traced, whole = sum(o.edges > 0 for o in outcomes), sum(o.is_whole for o in outcomes)
    cpu = sum(o.cpu for o in outcomes)
    print(f"  {len(outcomes)} models in {seconds:.1f} s, {cpu:.1f} s of processor time")
    print(f"  traced: {traced}, with data on every edge: {whole}")
    return outcomes


def compare_times(
    tool: str, outcomes: list[Outcome], requests: Mapping[str, TraceRequest], settings: Settings
) -> None:
    """Trace the models that another tool could trace once more, and print both times and their ratio.

    The other tool's processes have torch from the start; what our worker takes until its first answer, most
    of it to import torch, is told beside.
    """
    both = [outcome for outcome in outcomes if outcome.edges]
    theirs = sum(outcome.seconds for outcome in both)
    with tempfile.TemporaryDirectory(prefix="nnviz-zoo-") as folder:
        start = time.monotonic()
        done = Figures(settings, Path(folder)).prepare([requests[outcome.name] for outcome in both])
        times = [time.monotonic() - start for _ in done]
        first, ours = times[0], times[-1]
    print(f"  the {len(both)} models that {tool} traced: {theirs:.1f} s, nnviz-docs {ours:.1f} s", end="")
    print(
        f" ({first:.1f} s until the first): {theirs / ours:.1f} times, {theirs / (ours - first):.1f} without"
    )


def main() -> None:
    """Run the benchmark as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", default="*", help="pattern of the models' names")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--timeout", type=float, default=120.0)
    parser.add_argument("--only-trace", action="store_true", help="make no pages")
    parser.add_argument("--compare", action="append", default=[], choices=list(TOOLS))
    parser.add_argument("--json", type=Path, help="file for all results")
    parser.add_argument("--verbose", action="store_true", help="print every model")
    options = parser.parse_args()
    names = fnmatch.filter(models.list_models(), options.models)
    settings = Settings(timeout=options.timeout, workers=options.workers)
    requests = {name: request_of(name, settings) for name in names}

    def make(folder: Path) -> None:
        if options.only_trace:
            trace_all(requests.values(), settings, folder)
        else:
            build_site(names, settings, folder)

    results = measure("torchvision", requests, settings, make, verbose=options.verbose)
    everything: dict[str, list[Result] | list[Outcome]] = {"nnviz-docs": results}
    for tool in options.compare:
        outcomes = everything[tool] = compare(tool, names, options.timeout)
        compare_times(tool, outcomes, requests, settings)
    if options.json:
        document = {tool: [asdict(result) for result in results] for tool, results in everything.items()}
        options.json.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
