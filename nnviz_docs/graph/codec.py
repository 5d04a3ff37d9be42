"""The JSON form of a graph, as the worker sends it, the cache keeps it and ``nnviz-docs trace`` writes it.

Fields at their defaults are left out, which keeps committed caches small. Reading is strict: whatever is
not a graph of this schema raises `ValueError`, so that a damaged cache entry is a miss and nothing worse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from nnviz_docs.graph.data import Data, Mapping, Opaque, Record, Scalar, Sequence, Tensor
from nnviz_docs.graph.model import (
    Attempt,
    Edge,
    Graph,
    Mechanism,
    Node,
    NodeKind,
    Scope,
    ScopeKind,
)
from nnviz_docs.graph.schema import SCHEMA

Json = Any
Item = TypeVar("Item", Node, Edge, Scope, Attempt)
_MAX_DEPTH = 100


def graph_to_json(graph: Graph) -> dict[str, Json]:
    """Return the graph as plain JSON data; ``schema`` comes first, ``nodes``, ``edges``, ``scopes`` last."""
    return {
        "schema": SCHEMA,
        "model": graph.model,
        "mechanism": graph.mechanism.value,
        "complete": graph.complete,
        "failed_at": graph.failed_at,
        "parameters": graph.parameters,
        "attempts": [_to_json(attempt) for attempt in graph.attempts],
        "notes": list(graph.notes),
        "nodes": [_to_json(node) for node in graph.nodes],
        "edges": [_to_json(edge) for edge in graph.edges],
        "scopes": [_to_json(scope) for scope in graph.scopes],
    }


def graph_from_json(document: Json) -> Graph:
    """Return the graph that `graph_to_json` wrote.

    Raises:
        ValueError: the document is not a graph of this schema.
    """
    try:
        if document["schema"] != SCHEMA:
            msg = f"schema {document['schema']!r} is not {SCHEMA}"
            raise ValueError(msg)
        graph = Graph(
            model=_text(document["model"]),
            mechanism=Mechanism(document["mechanism"]),
            complete=bool(document["complete"]),
            failed_at=_optional_text(document["failed_at"]),
            parameters=int(document["parameters"]),
            attempts=tuple(_from_json(Attempt, item) for item in document["attempts"]),
            notes=tuple(_text(note) for note in document["notes"]),
            nodes=tuple(_from_json(Node, item) for item in document["nodes"]),
            edges=tuple(_from_json(Edge, item) for item in document["edges"]),
            scopes=tuple(_from_json(Scope, item) for item in document["scopes"]),
        )
    except (TypeError, KeyError, AttributeError, IndexError) as error:
        msg = f"not a graph: {error!r}"
        raise ValueError(msg) from error
    _check_references(graph)
    return graph


def data_to_json(data: Data) -> Json:
    """Return nested data as plain JSON data, tagged by ``kind``."""
    match data:
        case Tensor(shape, dtype, device):
            document: dict[str, Json] = {"kind": "tensor", "shape": list(shape), "dtype": dtype}
            return document | ({"device": device} if device else {})
        case Scalar(type_, value):
            return {"kind": "scalar", "type": type_, "value": value}
        case Opaque(type_):
            return {"kind": "opaque", "type": type_}
        case Sequence(type_, items, names):
            document = {"kind": "sequence", "type": type_, "items": [data_to_json(item) for item in items]}
            return document | ({"fields": list(names)} if names else {})
        case Mapping(type_, pairs):
            return {"kind": "mapping", "type": type_, "items": [[k, data_to_json(v)] for k, v in pairs]}
        case Record(type_, pairs):
            return {"kind": "record", "type": type_, "items": [[k, data_to_json(v)] for k, v in pairs]}


def data_from_json(document: Json, depth: int = 0) -> Data:
    """Return the nested data that `data_to_json` wrote; raises `ValueError` or a lookup error otherwise."""
    if depth > _MAX_DEPTH:
        msg = "nested data is too deep"
        raise ValueError(msg)
    match document["kind"]:
        case "tensor":
            shape = tuple(map(int, document["shape"]))
            return Tensor(shape, _text(document["dtype"]), _text(document.get("device", "")))
        case "scalar":
            return Scalar(_text(document["type"]), _text(document["value"]))
        case "opaque":
            return Opaque(_text(document["type"]))
        case "sequence":
            items = tuple(data_from_json(item, depth + 1) for item in document["items"])
            return Sequence(_text(document["type"]), items, _path(document.get("fields", [])))
        case "mapping" | "record" as kind:
            pairs = tuple((_text(key), data_from_json(item, depth + 1)) for key, item in document["items"])
            return (Mapping if kind == "mapping" else Record)(_text(document["type"]), pairs)
        case kind:
            msg = f"no such kind of data: {kind!r}"
            raise ValueError(msg)


def _text(value: Json) -> str:
    if not isinstance(value, str):
        msg = f"not a text: {value!r}"
        raise TypeError(msg)
    return value


def _optional_text(value: Json) -> str | None:
    return None if value is None else _text(value)


def _path(value: Json) -> tuple[str, ...]:
    return tuple(map(_text, value))


_READERS: dict[str, Callable[[Json], Any]] = {
    "str": _text,
    "str | None": _optional_text,
    "int": int,
    "int | None": int,
    "KeyPath": _path,
    "Data | None": data_from_json,
    "NodeKind": NodeKind,
    "ScopeKind": ScopeKind,
    "Mechanism": Mechanism,
}


_ITEMS = (Node, Edge, Scope, Attempt)
_FIELDS = {cls: tuple((field.name, _READERS[str(field.type)]) for field in fields(cls)) for cls in _ITEMS}
_WRITTEN = {
    cls: tuple((field.name, field.default, field.type == "Data | None") for field in fields(cls))
    for cls in _ITEMS
}
"""Name and default of each field (``MISSING``, which nothing equals, for none), and if it is nested data."""


def _to_json(item: Node | Edge | Scope | Attempt) -> dict[str, Json]:
    document = {}
    for name, default, is_data in _WRITTEN[type(item)]:
        value = getattr(item, name)
        if value != default:
            document[name] = data_to_json(value) if is_data else value
    return document


def _from_json(cls: type[Item], document: Json) -> Item:
    return cls(**{name: read(document[name]) for name, read in _FIELDS[cls] if name in document})


def _check_references(graph: Graph) -> None:
    nodes, scopes = {node.id for node in graph.nodes}, {scope.id for scope in graph.scopes}
    known = (
        all(node.scope in scopes for node in graph.nodes)
        and all(scope.parent is None or scope.parent in scopes for scope in graph.scopes)
        and all(edge.source in nodes and edge.target in nodes for edge in graph.edges)
        and (graph.failed_at is None or graph.failed_at in nodes)
    )
    if not known:
        msg = "not a graph: an edge, node or scope refers to something that is not there"
        raise ValueError(msg)
