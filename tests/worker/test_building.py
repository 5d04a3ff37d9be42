"""Models are built without downloads, and real ones only where there is memory for them."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

import urllib.request
from dataclasses import replace

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.graph.codec import graph_from_json, graph_to_json
from nnviz_docs.graph.model import Mechanism
from nnviz_docs.request.arguments import parse_arguments
from nnviz_docs.worker import memory
from nnviz_docs.worker.failures import NetworkRefusedError
from nnviz_docs.worker.strategies import trace
from tests.worker.tracing import named, request_for, trace_model


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch):
    def refuse(url: str):
        raise NetworkRefusedError(url)

    monkeypatch.setattr(urllib.request, "urlopen", refuse)


def test_a_default_that_downloads_is_withheld_and_that_is_noted(no_network):
    graph = trace_model("pretrained", "tensor2x4").graph
    assert graph.mechanism is Mechanism.META
    (note,) = graph.notes
    assert "weights=None, weights_backbone=None, pretrained_head=False" in note
    assert graph_from_json(graph_to_json(graph)) == graph


@pytest.mark.parametrize("arguments", ["weights='mine'", "4, 'mine'"])
def test_weights_that_the_page_asks_for_are_refused(no_network, arguments: str):
    request = replace(request_for("pretrained", "tensor2x4"), arguments=parse_arguments(arguments))
    with pytest.raises(NnvizError, match=r"weights\.example/mine") as caught:
        trace(request)
    assert caught.value.problem.kind is ProblemKind.NETWORK


def test_what_fits_no_machine_is_not_run_for_real_and_the_reason_is_told():
    traced = trace_model("enormous", "tensor2x4")
    assert traced.graph.mechanism is Mechanism.SYMBOLIC
    (problem,) = traced.problems
    assert problem.kind is ProblemKind.MEMORY
    assert "A real run needs 16384.0 GiB" in problem.message
    assert "Without memory it did not run" in problem.message
    assert [attempt.mechanism for attempt in traced.graph.attempts][-1] is Mechanism.REAL


def test_what_fits_is_run_for_real():
    assert memory.free_memory() > 2**20
    assert trace_model("data_dependent", "tensor2x4").graph.mechanism is Mechanism.REAL


def test_constants_of_a_wrapped_forward_stay_where_they_are_used():
    graph = trace_model("decorated_forward", "tensor2x4").graph
    assert graph.mechanism is Mechanism.META
    scope = next(scope for scope in graph.scopes if scope.id == named(graph, "scale.factor").scope)
    assert scope.name == "scale"
