"""What the page is told, and which graph it gets, when a model can't be traced as asked."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.graph.model import Mechanism
from nnviz_docs.request.arguments import parse_arguments
from nnviz_docs.request.request import ModelPath, TraceMode, TraceRequest
from nnviz_docs.worker.failures import to_problem
from nnviz_docs.worker.strategies import trace
from tests.worker.tracing import named, request_for, trace_model


def test_a_failed_run_leaves_the_symbolic_graph_and_one_problem():
    traced = trace_model("shared_parameter", "tensor1x6")
    assert traced.graph.mechanism is Mechanism.SYMBOLIC
    (problem,) = traced.problems
    assert problem.kind is ProblemKind.FORWARD
    assert [attempt.mechanism for attempt in traced.graph.attempts] == [
        Mechanism.META,
        Mechanism.FAKE,
        Mechanism.REAL,
    ]


def test_a_run_that_breaks_off_leaves_its_part_with_the_failing_call_marked():
    traced = trace_model("raises_in_forward", "tensor1x4")
    graph = traced.graph
    assert not graph.complete
    assert graph.failed_at == named(graph, "second").id
    assert graph.mechanism is Mechanism.REAL
    (problem,) = traced.problems
    assert problem.where.startswith("tests/models/raises_in_forward.py:")


def test_a_raise_in_the_models_own_code_is_marked_where_it_was():
    traced = trace_model("raises_always", "tensor1x4")
    assert named(traced.graph, "raise ValueError").id == traced.graph.failed_at
    assert "no such luck" in traced.problems[0].message


def test_without_an_input_what_symbolic_tracing_cannot_follow_is_the_module_tree():
    traced = trace_model("control_flow")
    assert traced.graph.mechanism is Mechanism.MODULES
    assert traced.problems[0].kind is ProblemKind.TRACE
    assert "option input" in traced.problems[0].hint
    assert trace_model("control_flow", "tensor1x4").graph.mechanism in {Mechanism.FAKE, Mechanism.REAL}


def test_an_input_that_does_not_fit_is_reported_with_the_signature():
    traced = trace_model("empty_containers:Inner", "image:image8;mask:image8")
    assert traced.problems[0].kind is ProblemKind.INPUT
    assert "The input (image, mask) does not fit forward(x, extra)" in traced.problems[0].message
    assert traced.graph.mechanism is Mechanism.SYMBOLIC
    with pytest.raises(NnvizError, match="does not fit forward"):
        trace_model("shared_module", "x:image8;mask:image8", TraceMode.DATA)


@pytest.mark.parametrize(
    ("model", "kind", "message"),
    [
        ("no_such_file", ProblemKind.IMPORT, "no_such_file"),
        ("dict_output:Missing", ProblemKind.IMPORT, "has no 'Missing'"),
        ("syntax_error", ProblemKind.IMPORT, "SyntaxError"),
        ("raises_in_init", ProblemKind.CONSTRUCT, "not today"),
        ("not_a_model:Plain", ProblemKind.MODEL, "class Plain"),
        ("not_a_model:imported", ProblemKind.MODEL, "is a function of posix"),
        ("not_a_model:gives_text", ProblemKind.MODEL, "returned a str"),
    ],
)
def test_there_is_no_graph_without_a_model(model: str, kind: ProblemKind, message: str):
    with pytest.raises(NnvizError, match=message) as caught:
        trace_model(model, "tensor1x4")
    assert caught.value.problem.kind is kind


def test_the_line_of_a_syntax_error_is_told():
    with pytest.raises(NnvizError) as caught:
        trace_model("syntax_error")
    assert caught.value.problem.where == "tests/models/syntax_error.py:3"


def test_a_misspelt_name_gets_a_suggestion():
    with pytest.raises(NnvizError) as caught:
        trace_model("dict_output:Modle")
    assert "Did you mean Model?" in caught.value.problem.hint


def test_a_path_may_not_leave_its_package():
    path = ModelPath(kind="qualified", place="tests.models.dict_output", attributes=("nn", "Linear"))
    with pytest.raises(NnvizError, match="leaves the package 'tests'"):
        trace(TraceRequest(model=path))


def test_constructor_arguments_that_do_not_fit_are_reported_with_the_signature():
    request = TraceRequest(
        model=ModelPath(kind="torchvision", place="", attributes=("resnet18",)),
        arguments=parse_arguments("no_such=1"),
    )
    with pytest.raises(NnvizError) as caught:
        trace(request)
    assert caught.value.problem.kind is ProblemKind.CONSTRUCT
    assert "no_such" in caught.value.problem.message


def test_a_ready_model_is_traced_and_not_changed():
    from tests.models import not_a_model

    graph = trace(request_for("not_a_model:ready", "tensor2x4")).graph
    assert [node.type_name for node in graph.nodes] == ["Input", "Linear", "ReLU", "Output"]
    assert not_a_model.ready[0].weight.device.type == "cpu"
    assert not_a_model.ready.training


def test_arguments_call_classes_and_nothing_else():
    path = ModelPath(kind="qualified", place="tests.models.shared_module", attributes=("Model",))
    for text in ("tests.models.not_a_model.gives_text()", "tests.models.not_a_model.imported('true')"):
        with pytest.raises(NnvizError, match="no class"):
            trace(TraceRequest(model=path, arguments=parse_arguments(f"config={text}")))


@pytest.mark.parametrize("model", ["odd_list", "odd_list:Careful"])
def test_a_failure_of_the_recorder_inside_a_torch_call_is_not_told_as_the_models(model):
    traced = trace_model(model, "tensor2x4")
    (problem,) = traced.problems
    assert problem.kind is ProblemKind.TRACE
    assert problem.message.startswith("Recording the run failed")
    assert "not to be looked at" in problem.message


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("nowhere.at.all", "Install nowhere in"),
        ("/srv/secret/plugins/foo", ""),
        ("a\x1b[31mb", ""),
        (".foo", ""),
    ],
)
def test_only_the_name_of_a_module_is_advised_to_be_installed(name: str, hint: str):
    error = to_problem(
        ModuleNotFoundError("no such thing", name=name), ProblemKind.IMPORT, "Importing failed"
    )
    assert error.problem.hint.startswith(hint)
    assert bool(error.problem.hint) == bool(hint)


def test_a_constructors_signature_tells_no_secrets():
    path = ModelPath(kind="qualified", place="tests.models.signatures", attributes=("SecretlyBuilt",))
    with pytest.raises(NnvizError) as caught:
        trace(TraceRequest(model=path))
    assert caught.value.problem.hint.endswith("it takes (width, token=…, act=…, bias=True).")
