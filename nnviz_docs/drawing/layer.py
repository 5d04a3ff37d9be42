"""One layer of a model as a graph of its own, with the data that it really gets inside the whole model."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.graph.data import Data, KeyPath, leaves
from nnviz_docs.graph.model import Edge, Graph, Node, NodeKind, Scope, ScopeKind


def cut_layer(graph: Graph, path: str) -> Graph:
    """Return the graph of the first call of a module or function of this path: what enters it are the inputs.

    Raises:
        NnvizError: nothing of this path was called.
    """
    root, nodes, scopes = _part(graph, path)
    held = {node.id for node in nodes}
    entering = _distinct(edge for edge in graph.edges if edge.source not in held and edge.target in held)
    leaving = _distinct(edge for edge in graph.edges if edge.source in held and edge.target not in held)
    inputs = tuple(_inputs(root, entering))
    output = _end(root, "output", NodeKind.OUTPUT, root.output)
    given = {(e.source, e.source_path): node.id for e, node in zip(entering, inputs, strict=True)}
    return replace(
        graph,
        model=root.type_name,
        nodes=(*inputs, *nodes, output),
        edges=(*_edges(graph, held, given), *_results(leaving, output)),
        scopes=(root, *scopes),
        parameters=root.parameters,
        complete=graph.complete or graph.failed_at not in held,
        failed_at=graph.failed_at if graph.failed_at in held else None,
    )


def _part(graph: Graph, path: str) -> tuple[Scope, list[Node], list[Scope]]:
    """Return the part of this path as a root without a parent, and the nodes and scopes in it."""
    for scope in graph.scopes:
        if scope.name == path and scope.parent is not None:
            inside = _inside(graph, scope)
            nodes = [node for node in graph.nodes if node.scope in inside]
            scopes = [inner for inner in graph.scopes if inner.id in inside and inner.id != scope.id]
            return replace(scope, parent=None), nodes, scopes
    for node in graph.nodes:
        if node.name == path and node.kind is NodeKind.MODULE:
            root = Scope(
                id=f"{node.id}:layer",
                kind=ScopeKind.MODULE,
                name=node.name,
                type_name=node.type_name,
                source=node.source,
                parameters=node.parameters,
                flops=node.flops,
                memory=node.memory,
                output=node.output,
            )
            return root, [replace(node, scope=root.id)], []
    names = {scope.name for scope in graph.scopes} | {node.name for node in graph.nodes}
    close = get_close_matches(path, names, n=1)
    hint = f"Did you mean {close[0]}?" if close else "Write a path such as layer1.0."
    raise NnvizError(ProblemKind.OPTION, f"layer: the model calls nothing named {path!r:.80}.", hint=hint)


def _inside(graph: Graph, outer: Scope) -> set[str]:
    """Return the ids of a scope and all scopes in it; a scope comes after the one around it."""
    inside = {outer.id}
    for scope in graph.scopes:
        if scope.parent in inside:
            inside.add(scope.id)
    return inside


def _distinct(edges: Iterable[Edge]) -> list[Edge]:
    """Return the edges without those that carry a value a second time."""
    return list({(edge.source, edge.source_path): edge for edge in reversed(list(edges))}.values())[::-1]


def _inputs(root: Scope, entering: Collection[Edge]) -> Iterator[Node]:
    """Yield an input for each value that enters, named after the argument that has its shape."""
    for number, edge in enumerate(entering, start=1):
        place = _place(edge.data, root.inputs)
        name = ".".join(place) or ("input" if len(entering) == 1 else f"input {number}")
        node = _end(root, name, NodeKind.INPUT, edge.data)
        yield replace(node, id=f"{node.id}{number}")


def _results(leaving: Iterable[Edge], output: Node) -> Iterator[Edge]:
    for edge in leaving:
        yield replace(edge, target=output.id, target_path=_place(edge.data, output.output))


def _end(root: Scope, name: str, kind: NodeKind, data: Data | None) -> Node:
    type_name = kind.value.capitalize()
    return Node(id=f"{root.id}:{kind}", kind=kind, name=name, type_name=type_name, scope=root.id, output=data)


def _edges(graph: Graph, held: Collection[str], given: dict[tuple[str, KeyPath], str]) -> Iterator[Edge]:
    for edge in graph.edges:
        if edge.target not in held:
            continue
        if edge.source in held:
            yield edge
        else:
            yield replace(edge, source=given[edge.source, edge.source_path], source_path=())


def _place(data: Data | None, whole: Data | None) -> KeyPath:
    """Return where data sits in a whole in which it is the only one of its shape, else nothing."""
    paths = [path for path, leaf in leaves(whole) if leaf == data] if whole is not None else []
    return paths[0] if len(paths) == 1 else ()
