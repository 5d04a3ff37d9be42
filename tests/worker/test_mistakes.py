"""What a newcomer gets wrong, and what the message says: the cause, its place, and what to do about it."""

from __future__ import annotations

import pytest

pytest.importorskip("torchvision")

import sys

from nnviz_docs.errors import NnvizError, Problem, ProblemKind
from nnviz_docs.request.arguments import parse_arguments
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.model_path import parse_model_path
from nnviz_docs.request.request import Arguments, TraceRequest
from nnviz_docs.worker.strategies import trace

PACKAGE = "tests.models.mistakes"
CLASSES = f"{PACKAGE}.classes"
FILE = "tests/models/mistakes/classes.py"


@pytest.fixture(autouse=True)
def own_import_path(monkeypatch: pytest.MonkeyPatch):
    """Take the folders of models that are given as files off the path again."""
    monkeypatch.setattr(sys, "path", [*sys.path])


def problem(model: str, arguments: str = "", inputs: str = "tensor1x4") -> Problem:
    """Return what is said of a request; the models of the table are meant to fail."""
    request = TraceRequest(
        model=parse_model_path(model),
        arguments=parse_arguments(arguments) if arguments else Arguments(),
        inputs=parse_inputs(inputs),
    )
    try:
        (found,) = trace(request).problems
    except NnvizError as error:
        return error.problem
    return found


@pytest.mark.parametrize(
    ("model", "kind", "message", "hint"),
    [
        ("no_such.M", ProblemKind.IMPORT, "No module named 'no_such'", "Install the package"),
        ("torchvison.models.vgg11", ProblemKind.IMPORT, "'torchvison'", "Did you mean torchvision?"),
        ("tests.model.M", ProblemKind.IMPORT, "'tests' has no 'model'", "Did you mean models?"),
        (f"{PACKAGE}.clases.M", ProblemKind.IMPORT, "has no 'clases'", "Did you mean classes?"),
        (f"{CLASSES}.Lineer", ProblemKind.IMPORT, "has no 'Lineer'", "Did you mean Linear?"),
        (CLASSES, ProblemKind.MODEL, "is a Python module, not a model", f"{CLASSES}.Model"),
        (f"{CLASSES}:nn", ProblemKind.MODEL, "leaves the package 'tests'", "torch.nn"),
        ("resnet81", ProblemKind.IMPORT, "torchvision has no model 'resnet81'", "Did you mean resnet18"),
        ("UNet", ProblemKind.IMPORT, "torchvision has no model 'UNet'", "package.module.UNet"),
        (f"{PACKAGE}.needs.M", ProblemKind.IMPORT, "ModuleNotFoundError", "Install no_such_package"),
        (f"{PACKAGE}.misspells.M", ProblemKind.IMPORT, "no_such_module", "Check the spelling"),
        (f"{PACKAGE}.circle.Model", ProblemKind.IMPORT, "partially initialized", "import each other"),
        (
            "tests/models/mistakes/relative.py:OnCuda",
            ProblemKind.IMPORT,
            "relative import",
            "as package.module",
        ),
        ("tests/models/no_such_file.py:M", ProblemKind.IMPORT, "no file", "relative to the docs' folder"),
        (f"{CLASSES}.Configuration", ProblemKind.MODEL, "is the class Configuration", "module class"),
    ],
)
def test_a_model_that_is_not_found(model: str, kind: ProblemKind, message: str, hint: str):
    found = problem(model)
    assert found.kind is kind
    assert message in found.message
    assert hint in found.hint


@pytest.mark.parametrize(
    ("model", "arguments", "message", "hint", "where"),
    [
        ("Linear", "", "missing a required argument: 'width'", "it takes (width, classes=2)", ""),
        (
            "Linear",
            "widht=4",
            "no parameter 'widht' (did you mean 'width'?)",
            "it takes (width, classes=2)",
            "",
        ),
        ("Linear", "1, 2, 3", "too many positional arguments", "it takes (width, classes=2)", ""),
        ("Configured", "{'width': 4}", "'dict' object has no attribute 'width'", "option args", FILE),
        (
            "Configured",
            f"{CLASSES}.Configuration(wdth=4)",
            "unexpected keyword argument 'wdth'",
            "option args",
            "",
        ),
        ("Abstract", "", "abstract class Abstract", "Name a subclass", ""),
        ("WithoutSuper", "", "before Module.__init__() call", "", FILE),
        ("NeedsFile", "", "weights.pt", "from __file__", FILE),
        ("NeedsPackage", "", "No module named 'no_such_package'", "Install no_such_package", FILE),
    ],
)
def test_a_model_that_cannot_be_built(model: str, arguments: str, message: str, hint: str, where: str):
    found = problem(f"{CLASSES}.{model}", arguments)
    assert found.kind is ProblemKind.CONSTRUCT
    assert message in found.message
    assert hint in found.hint
    assert found.where.startswith(where)
    assert bool(found.where) == bool(where)


@pytest.mark.parametrize(
    ("model", "inputs", "message", "hint"),
    [
        ("Convolution", "tensor1x4x8x8", "expected input[1, 4, 8, 8] to have 3 channels", "option input"),
        ("Convolution", "image8:int64", "Input type (long int)", "tensor1x16:int64"),
        ("Embedding", "tensor1x4", "scalar types: Long, Int", "tensor1x16:int64"),
        ("Convolution", "(1, 3, 8, 8)", "got (tuple, Parameter", "There is no tensor"),
        ("OnCuda", "tensor1x4", "", "without a GPU"),
    ],
)
def test_a_model_that_does_not_run(model: str, inputs: str, message: str, hint: str):
    found = problem(f"{CLASSES}.{model}", inputs=inputs)
    assert found.kind is ProblemKind.FORWARD
    assert message in found.message
    assert hint in found.hint
    assert found.where.startswith(FILE)


def test_a_model_without_forward_is_told_so():
    found = problem(f"{CLASSES}.WithoutForward")
    assert 'missing the required "forward"' in found.message
    assert found.hint.startswith("Define forward")


def test_a_model_without_a_mistake_has_no_problem():
    with pytest.raises(ValueError, match="not enough values"):
        problem(f"{CLASSES}.Linear", "4")
