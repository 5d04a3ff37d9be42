"""A traced model as a value: what was called, where, and what flowed between the calls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from nnviz_docs.graph.data import Data, KeyPath


class Mechanism(StrEnum):
    """How a graph was made; the first three ran ``forward`` and know what flows."""

    META = "meta"
    FAKE = "fake"
    REAL = "real"
    SYMBOLIC = "symbolic"
    MODULES = "modules"

    @property
    def runs(self) -> bool:
        """Whether ``forward`` was run."""
        return self not in {Mechanism.SYMBOLIC, Mechanism.MODULES}


class NodeKind(StrEnum):
    """What a node stands for."""

    INPUT = "input"
    OUTPUT = "output"
    MODULE = "module"
    FUNCTION = "function"
    CONSTANT = "constant"


class ScopeKind(StrEnum):
    """What a scope stands for: one call of a module, or of a Python function that the model's code calls."""

    MODULE = "module"
    FUNCTION = "function"


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """One call (of a leaf module or a torch function), or an input, output or constant.

    ``name`` is the qualified module path (``layer1.0.conv1``), the parameter's name for an input, the
    function's name for a function. ``summary`` is the constructor's summary of a module (``extra_repr``)
    or the constant arguments of a function. ``parameters`` counts elements, each shared parameter once
    within the node. ``output`` is what the call returned, where the mechanism knows it. ``call`` numbers
    the calls of the same module from 0.

    ``source`` is file and line of a module's class (``torch/nn/modules/conv.py:378``). ``flops`` counts the
    floating point operations of the call by PyTorch's formulas, two for a multiplication with its addition;
    ``memory`` is the bytes of the tensors that it returned and that did not exist before. Both are None where
    they are unknown, and 0 for what is no call.
    """

    id: str
    kind: NodeKind
    name: str
    type_name: str
    scope: str
    full_name: str = ""
    source: str = ""
    summary: str = ""
    parameters: int = 0
    flops: int | None = None
    memory: int | None = None
    output: Data | None = None
    call: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """One call of a module with children, or of a function: the frame around the nodes called in it.

    The model itself is the scope without a parent. ``name`` is the module's path, or the function's name
    with ``()``; ``parameters`` counts unique elements below it; ``inputs`` and ``output`` are the nested
    data of this very call. ``source`` is file and line of the module's class or of the function; ``flops``
    and ``memory`` are those of the nodes in it together, None where one is unknown.
    """

    id: str
    kind: ScopeKind
    name: str
    type_name: str
    parent: str | None = None
    full_name: str = ""
    source: str = ""
    parameters: int = 0
    flops: int | None = None
    memory: int | None = None
    inputs: Data | None = None
    output: Data | None = None
    call: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """Data that flows from one node's output to one place in another node's arguments.

    ``source_path`` is where the data sits in the producer's output, ``target_path`` where it sits in the
    consumer's arguments (for the output node: in the model's result). ``data`` is unknown (None) in
    symbolic graphs.
    """

    source: str
    target: str
    data: Data | None = None
    source_path: KeyPath = ()
    target_path: KeyPath = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """A way of tracing that was tried before and why it did not do."""

    mechanism: Mechanism
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Graph:
    """A model's graph. Nodes and scopes are in the order of the calls.

    ``model`` is the class's name. ``complete`` is false when the run broke off; ``failed_at`` is then the
    id of the node that failed. ``parameters`` counts the elements of all unique parameters. ``notes`` are
    sentences that a reader of the figure may want to know, such as that no weights were downloaded.
    """

    model: str
    mechanism: Mechanism
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    scopes: tuple[Scope, ...]
    parameters: int = 0
    complete: bool = True
    failed_at: str | None = None
    attempts: tuple[Attempt, ...] = ()
    notes: tuple[str, ...] = ()


def total(costs: Iterable[int | None]) -> int | None:
    """Return the sum of costs, unknown (None) as soon as one of them is."""
    result = 0
    for cost in costs:
        if cost is None:
            return None
        result += cost
    return result
