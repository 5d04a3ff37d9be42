"""Which way of tracing is tried when: the order, and what the page is told when the first choice fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from nnviz_docs.errors import NnvizError, Problem, ProblemKind
from nnviz_docs.graph.model import Attempt, Graph, Mechanism
from nnviz_docs.request.request import Inputs, TraceMode, TraceRequest
from nnviz_docs.request.values import holds_tensor
from nnviz_docs.worker.building import Builder
from nnviz_docs.worker.failures import one_line, to_problem
from nnviz_docs.worker.loading import load
from nnviz_docs.worker.modules import trace_modules
from nnviz_docs.worker.running import BrokenRunError, build_on_meta, trace_run
from nnviz_docs.worker.symbolic import trace_symbolic
from nnviz_docs.worker.unseen import RecordingError
from nnviz_docs.worker.values import needs_values

_CHECK_INPUT = "Check the option input: its shapes and dtypes (as in tensor1x16:int64) are what forward gets."
_NO_TENSOR = "There is no tensor in the option input: write one as tensor1x4, or as rand(1, 4)."

RUNS = (Mechanism.META, Mechanism.FAKE, Mechanism.REAL)
"""The ways to run a model, in the order in which they are tried."""

_STRUCTURE: tuple[tuple[Mechanism, Callable[[Builder], Graph]], ...] = (
    (Mechanism.SYMBOLIC, lambda builder: trace_symbolic(lambda: build_on_meta(builder).eval())),
    (Mechanism.MODULES, lambda builder: trace_modules(build_on_meta(builder))),
)


@dataclass(frozen=True, slots=True)
class Traced:
    """The best graph that there is, and the problems on the way that the reader must know of."""

    graph: Graph
    problems: tuple[Problem, ...] = ()


def trace(request: TraceRequest) -> Traced:
    """Trace a model as the request says.

    With an input: by running it; when every way of that fails, symbolically, and the failure is reported.
    Without one: symbolically; when that fails, the graph is the module tree, and the failure is reported.

    Raises:
        NnvizError: there is no model, or (mode ``data``) no graph at all.
    """
    builder = load(request.model, request.arguments)
    traced = _trace_best(builder, request)
    return replace(traced, graph=replace(traced.graph, notes=builder.notes))


def _trace_best(builder: Builder, request: TraceRequest) -> Traced:
    if request.inputs is None or request.mode is TraceMode.SYMBOLIC:
        return _trace_structure(builder, ())
    try:
        return Traced(_trace_runs(builder, request.inputs))
    except _FailedRunsError as failure:
        if request.mode is TraceMode.DATA:
            return _partial(failure)
        return _after_failed_runs(builder, failure)


class _FailedRunsError(Exception):
    """No way of running the model gave a whole graph."""

    def __init__(self, error: NnvizError, attempts: tuple[Attempt, ...], partial: Graph | None) -> None:
        super().__init__(str(error))
        self.error = error
        self.attempts = attempts
        self.partial = partial


def _trace_runs(builder: Builder, inputs: Inputs) -> Graph:
    attempts: tuple[Attempt, ...] = ()
    failure: NnvizError | None = None
    partial: Graph | None = None
    only_real = False
    for mechanism in RUNS:
        if only_real and mechanism is not Mechanism.REAL:
            continue
        try:
            return replace(trace_run(builder, inputs, mechanism), attempts=attempts)
        except BrokenRunError as broken:
            failure, partial = _forward_failed(broken.error, inputs), broken.graph
            reason = one_line(broken.error)
            only_real = needs_values(broken.error, broken.graph)
        except NnvizError as error:
            if error.problem.kind is ProblemKind.INPUT:
                raise _FailedRunsError(error, attempts, None) from error
            failure, reason = _with_cause(error, attempts), error.problem.message
        except (Exception, RecordingError) as error:
            failure = to_problem(error, ProblemKind.TRACE, "Recording the run failed")
            reason = one_line(error)
        attempts = (*attempts, Attempt(mechanism=mechanism, reason=reason))
    assert failure is not None  # noqa: S101 (each way left one)
    if failure.problem.kind in {ProblemKind.CONSTRUCT, ProblemKind.MODEL}:
        raise failure
    raise _FailedRunsError(failure, attempts, partial)


def _with_cause(error: NnvizError, attempts: tuple[Attempt, ...]) -> NnvizError:
    """Say, when a real run can't be dared, why the run without memory did not do."""
    problem = error.problem
    if problem.kind is not ProblemKind.MEMORY or not attempts:
        return error
    message = f"{problem.message} Without memory it did not run: {attempts[0].reason}"
    return NnvizError(problem.kind, message, hint=problem.hint, where=problem.where, detail=problem.detail)


def _forward_failed(error: Exception, inputs: Inputs) -> NnvizError:
    values = (*(inputs.unnamed or ()), *(value for _, value in inputs.named))
    is_without_tensors = inputs.code is None and not any(map(holds_tensor, values))
    hint = _NO_TENSOR if is_without_tensors else _CHECK_INPUT
    return to_problem(error, ProblemKind.FORWARD, "forward raised", hint)


def _after_failed_runs(builder: Builder, failure: _FailedRunsError) -> Traced:
    traced = _trace_structure(builder, failure.attempts)
    if traced.graph.mechanism is Mechanism.MODULES and failure.partial is not None:
        return _partial(failure)
    return Traced(traced.graph, (failure.error.problem,))


def _partial(failure: _FailedRunsError) -> Traced:
    if failure.partial is None:
        raise failure.error
    return Traced(replace(failure.partial, attempts=failure.attempts[:-1]), (failure.error.problem,))


def _trace_structure(builder: Builder, attempts: tuple[Attempt, ...]) -> Traced:
    problems: tuple[Problem, ...] = ()
    for mechanism, trace_with in _STRUCTURE:
        try:
            return Traced(replace(trace_with(builder), attempts=attempts), problems)
        except NnvizError:
            raise
        except Exception as error:
            attempts = (*attempts, Attempt(mechanism=mechanism, reason=one_line(error)))
            hint = "Give an input with the option input: the model is then run, not guessed."
            failed = to_problem(error, ProblemKind.TRACE, "Symbolic tracing failed", hint)
            problems = (*problems, failed.problem)
    raise NnvizError(ProblemKind.TRACE, problems[-1].message, hint=problems[-1].hint)
