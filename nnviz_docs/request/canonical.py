"""The JSON form of a trace request: what travels to the worker, and what the cache's key is made of.

Equal requests give equal text and different ones different text: ``True``, ``1`` and ``1.0`` stay apart, as
do lists and tuples. Scalars are JSON's own, but for the floats that JSON lacks; all else is an object with
one tag.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Literal, cast, get_args

from nnviz_docs.request.request import Arguments, Inputs, ModelPath, TraceMode, TraceRequest
from nnviz_docs.request.values import (
    DType,
    Items,
    ObjectCall,
    Pairs,
    Reference,
    TensorCall,
    Value,
)

Json = Any
ModelKind = Literal["dotted", "qualified", "file", "torchvision"]
_MAX_DEPTH = 100


def canonical(request: TraceRequest) -> dict[str, Json]:
    """Return the request as plain JSON data."""
    return {
        "model": {
            "kind": request.model.kind,
            "place": request.model.place,
            "attributes": list(request.model.attributes),
        },
        "arguments": {
            "positional": _list_to_json(request.arguments.positional),
            "named": _named_to_json(request.arguments.named),
        },
        "inputs": None if request.inputs is None else _inputs_to_json(request.inputs),
        "mode": request.mode.value,
    }


def canonical_text(request: TraceRequest) -> str:
    """Return the request as JSON text, always the same for the same request."""
    return json.dumps(canonical(request), sort_keys=True, separators=(",", ":"), allow_nan=False)


def request_from_json(document: Json) -> TraceRequest:
    """Return the request that `canonical` wrote.

    Raises:
        ValueError: the document is not a trace request.
    """
    try:
        model, arguments, inputs = document["model"], document["arguments"], document["inputs"]
        return TraceRequest(
            model=ModelPath(
                kind=_model_kind(model["kind"]),
                place=_text(model["place"]),
                attributes=tuple(_text(name) for name in model["attributes"]),
            ),
            arguments=Arguments(
                positional=_list_from_json(arguments["positional"]),
                named=_named_from_json(arguments["named"]),
            ),
            inputs=None if inputs is None else _inputs_from_json(inputs),
            mode=TraceMode(document["mode"]),
        )
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        msg = f"not a trace request: {error!r}"
        raise ValueError(msg) from error


def value_to_json(value: Value) -> Json:
    """Return a value as plain JSON data."""
    match value:
        case float() if not math.isfinite(value):
            return {"float": repr(value)}
        case None | bool() | int() | float() | str():
            return value
        case Items(type_, items):
            return {type_: _list_to_json(items)}
        case Pairs(items):
            return {"dict": [[value_to_json(key), value_to_json(item)] for key, item in items]}
        case DType(name):
            return {"dtype": name}
        case TensorCall(factory, arguments):
            return {"tensor": [factory, _named_to_json(arguments)]}
        case Reference(path):
            return {"reference": path}
        case ObjectCall(path, positional, keywords):
            return {"call": [path, _list_to_json(positional), _named_to_json(keywords)]}


def value_from_json(document: Json, depth: int = 0) -> Value:
    """Return the value that `value_to_json` wrote; raises `ValueError` or a lookup error otherwise."""
    if depth > _MAX_DEPTH:
        msg = "the value is too deep"
        raise ValueError(msg)
    if document is None or isinstance(document, (bool, int, float, str)):
        return document
    ((tag, content),) = document.items()
    inner = depth + 1
    match tag:
        case "float":
            return float(_text(content))
        case "list" | "tuple":
            return Items(tag, _list_from_json(content, inner))
        case "dict":
            return Pairs(tuple((value_from_json(k, inner), value_from_json(v, inner)) for k, v in content))
        case "dtype":
            return DType(_text(content))
        case "tensor":
            factory, arguments = content
            return TensorCall(_text(factory), _named_from_json(arguments, inner))
        case "reference":
            return Reference(_text(content))
        case "call":
            path, positional, keywords = content
            return ObjectCall(
                _text(path), _list_from_json(positional, inner), _named_from_json(keywords, inner)
            )
        case _:
            msg = f"no such kind of value: {tag!r}"
            raise ValueError(msg)


def _inputs_to_json(inputs: Inputs) -> Json:
    return {
        "unnamed": None if inputs.unnamed is None else _list_to_json(inputs.unnamed),
        "named": _named_to_json(inputs.named),
        "code": inputs.code,
    }


def _inputs_from_json(document: Mapping[str, Json]) -> Inputs:
    unnamed, code = document["unnamed"], document["code"]
    if unnamed is not None:
        (only,) = unnamed
    return Inputs(
        unnamed=None if unnamed is None else (value_from_json(only),),
        named=_named_from_json(document["named"]),
        code=None if code is None else _text(code),
    )


def _model_kind(value: Json) -> ModelKind:
    if value not in get_args(ModelKind):
        msg = f"no such kind of model path: {value!r}"
        raise ValueError(msg)
    return cast(ModelKind, value)


def _list_to_json(values: tuple[Value, ...]) -> Json:
    return [value_to_json(value) for value in values]


def _list_from_json(document: Json, depth: int = 0) -> tuple[Value, ...]:
    return tuple(value_from_json(item, depth) for item in document)


def _named_to_json(values: tuple[tuple[str, Value], ...]) -> Json:
    return [[name, value_to_json(value)] for name, value in values]


def _named_from_json(document: Json, depth: int = 0) -> tuple[tuple[str, Value], ...]:
    return tuple((_text(name), value_from_json(item, depth)) for name, item in document)


def _text(value: Json) -> str:
    if not isinstance(value, str):
        msg = f"not a text: {value!r}"
        raise TypeError(msg)
    return value
