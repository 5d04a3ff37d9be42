"""A graph while it is being recorded, and the step that makes it final.

Drafts are known by identity, so that a node can be merged into another one after its edges were drawn
(what ran inside ``nn.MultiheadAttention`` becomes the one box). Ids are given at the end, in call order.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nnviz_docs.graph.data import Data, KeyPath
from nnviz_docs.graph.model import Attempt, Edge, Graph, Mechanism, Node, NodeKind, Scope, ScopeKind, total

_CALLS = frozenset({NodeKind.MODULE, NodeKind.FUNCTION})


@dataclass(eq=False, kw_only=True, slots=True)
class ScopeDraft:
    """A scope that may still be emptied or turned into a node."""

    kind: ScopeKind
    name: str
    type_name: str
    parent: ScopeDraft | None
    full_name: str = ""
    source: str = ""
    parameters: int = 0
    flops: int | None = None
    memory: int | None = None
    inputs: Data | None = None
    output: Data | None = None
    call: int = 0


@dataclass(eq=False, kw_only=True, slots=True)
class NodeDraft:
    """A node whose edges may still be redirected to ``merged_into``."""

    kind: NodeKind
    name: str
    type_name: str
    scope: ScopeDraft
    full_name: str = ""
    source: str = ""
    summary: str = ""
    parameters: int = 0
    flops: int | None = None
    memory: int | None = None
    output: Data | None = None
    call: int = 0
    merged_into: NodeDraft | None = None


@dataclass(eq=False, kw_only=True, slots=True)
class EdgeDraft:
    """An edge between drafts."""

    source: NodeDraft
    target: NodeDraft
    data: Data | None = None
    source_path: KeyPath = ()
    target_path: KeyPath = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A point in the recording, to which a leaf's inside can be taken back."""

    nodes: int
    edges: int
    scopes: int


@dataclass(kw_only=True, slots=True)
class GraphDraft:
    """All drafts of one recording, in call order."""

    nodes: list[NodeDraft] = field(default_factory=list)
    edges: list[EdgeDraft] = field(default_factory=list)
    scopes: list[ScopeDraft] = field(default_factory=list)
    failed_at: NodeDraft | None = None

    def mark(self) -> Mark:
        """Return the point that the recording has reached."""
        return Mark(len(self.nodes), len(self.edges), len(self.scopes))

    def merge_since(self, mark: Mark, node: NodeDraft) -> None:
        """Make all that was recorded since ``mark`` part of ``node``, which is not yet recorded."""
        for inner in self.nodes[mark.nodes :]:
            inner.merged_into = node
        del self.nodes[mark.nodes :]
        del self.edges[mark.edges :]
        del self.scopes[mark.scopes :]

    def drop(self, node: NodeDraft) -> None:
        """Take a node back, with its edges."""
        self.nodes = [other for other in self.nodes if other is not node]
        self.edges = [edge for edge in self.edges if edge.target is not node]

    def finish(
        self,
        *,
        model: str,
        mechanism: Mechanism,
        parameters: int,
        attempts: tuple[Attempt, ...] = (),
    ) -> Graph:
        """Return the final graph: without idle function scopes and isolated constants, ids given."""
        self._resolve_edges()
        self._drop_isolated_constants()
        self._drop_idle_function_scopes()
        if mechanism.runs:
            self._add_up_costs()
        node_ids = {draft: f"n{index}" for index, draft in enumerate(self.nodes)}
        scope_ids = {draft: f"s{index}" for index, draft in enumerate(self.scopes)}
        return Graph(
            model=model,
            mechanism=mechanism,
            parameters=parameters,
            attempts=attempts,
            complete=self.failed_at is None,
            failed_at=node_ids[self.failed_at] if self.failed_at else None,
            nodes=tuple(_node(draft, node_ids, scope_ids) for draft in self.nodes),
            edges=tuple(_edge(draft, node_ids) for draft in self.edges),
            scopes=tuple(_scope(draft, scope_ids) for draft in self.scopes),
        )

    def _resolve_edges(self) -> None:
        for edge in self.edges:
            edge.source, edge.target = _final(edge.source), _final(edge.target)
        kept = set(self.nodes)
        self.edges = [
            e for e in self.edges if e.source is not e.target and e.source in kept and e.target in kept
        ]

    def _drop_isolated_constants(self) -> None:
        used = {edge.source for edge in self.edges}
        self.nodes = [n for n in self.nodes if n.kind is not NodeKind.CONSTANT or n in used]

    def _drop_idle_function_scopes(self) -> None:
        """Take away function scopes that group nothing: a single call, or all that their parent holds.

        ``_forward_impl()`` around everything that ``forward`` does is the usual case.
        """
        contents = self._contents()
        for scope in reversed(self.scopes):
            if scope.kind is not ScopeKind.FUNCTION or scope.parent is None:
                continue
            inside, around = contents[scope], contents[scope.parent]
            if len(inside) > 1 and len(around) > 1:
                continue
            for part in inside:
                _move(part, scope.parent)
            contents[scope.parent] = [part for part in around if part is not scope] + inside
            contents[scope] = []
        self.scopes = [s for s in self.scopes if s.parent is None or contents[s]]
        kept = set(self.scopes)
        for node in self.nodes:  # constants stand where they are used, and keep no scope open
            while node.scope not in kept and node.scope.parent is not None:
                node.scope = node.scope.parent

    def _add_up_costs(self) -> None:
        """Give each scope the costs of the calls in it; whatever is no call costs nothing."""
        for scope in self.scopes:
            scope.flops = scope.memory = 0
        for node in self.nodes:
            if node.kind not in _CALLS:
                node.flops = node.memory = 0
            around: ScopeDraft | None = node.scope
            while around is not None:
                around.flops = total((around.flops, node.flops))
                around.memory = total((around.memory, node.memory))
                around = around.parent

    def _contents(self) -> dict[ScopeDraft, list[NodeDraft | ScopeDraft]]:
        contents: dict[ScopeDraft, list[NodeDraft | ScopeDraft]] = {scope: [] for scope in self.scopes}
        for scope in self.scopes:
            if scope.parent is not None:
                contents[scope.parent].append(scope)
        for node in self.nodes:
            if node.kind in _CALLS:
                contents[node.scope].append(node)
        return contents


def _move(part: NodeDraft | ScopeDraft, to: ScopeDraft) -> None:
    if isinstance(part, NodeDraft):
        part.scope = to
    else:
        part.parent = to


def _final(node: NodeDraft) -> NodeDraft:
    while node.merged_into is not None:
        node = node.merged_into
    return node


def _node(draft: NodeDraft, ids: dict[NodeDraft, str], scope_ids: dict[ScopeDraft, str]) -> Node:
    return Node(
        id=ids[draft],
        kind=draft.kind,
        name=draft.name,
        type_name=draft.type_name,
        scope=scope_ids[draft.scope],
        full_name=draft.full_name,
        source=draft.source,
        summary=draft.summary,
        parameters=draft.parameters,
        flops=draft.flops,
        memory=draft.memory,
        output=draft.output,
        call=draft.call,
    )


def _edge(draft: EdgeDraft, ids: dict[NodeDraft, str]) -> Edge:
    return Edge(
        source=ids[draft.source],
        target=ids[draft.target],
        data=draft.data,
        source_path=draft.source_path,
        target_path=draft.target_path,
    )


def _scope(draft: ScopeDraft, ids: dict[ScopeDraft, str]) -> Scope:
    return Scope(
        id=ids[draft],
        kind=draft.kind,
        name=draft.name,
        type_name=draft.type_name,
        parent=ids[draft.parent] if draft.parent else None,
        full_name=draft.full_name,
        source=draft.source,
        parameters=draft.parameters,
        flops=draft.flops,
        memory=draft.memory,
        inputs=draft.inputs,
        output=draft.output,
        call=draft.call,
    )
