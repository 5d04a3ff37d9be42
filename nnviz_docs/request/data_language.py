"""The safe subset of Python: text that is data, read without running any of it.

Literals, lists, tuples, dicts, integer arithmetic, dtypes and calls of the tensor factories; for constructor
arguments also objects named or made by their dotted path. Nothing is evaluated and nothing is looked up in
torch: each node of the syntax tree either has a case here or is refused with its column.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Mapping
from difflib import get_close_matches

from nnviz_docs.errors import NnvizError
from nnviz_docs.request.arithmetic import OPERATORS, calculate
from nnviz_docs.request.dtypes import DTYPES, dtype_hint, dtype_name
from nnviz_docs.request.expressions import Expression, parse_expression
from nnviz_docs.request.factories import FACTORIES, bind, usage
from nnviz_docs.request.limits import INTEGER_BOUND, Budget
from nnviz_docs.request.located import Source, shown
from nnviz_docs.request.names import MAX_PATH, refuse_path
from nnviz_docs.request.values import DType, Items, ObjectCall, Pairs, Reference, Value

_DATA = "Write data: numbers, strings, lists, dicts, and tensors such as rand(1, 3)."
_PYTHON = "Other Python needs nnviz_python_inputs in the site's configuration."
_OBJECTS = "Write data, or an object by its full path, package.module.Name."
_NO_METHODS = "Only the tensor functions can be called, not methods; for a dtype write rand(1, 3, dtype=…)."


def read_value(source: Source, start: int, end: int, budget: Budget) -> Value:
    """Return the value between two offsets of a source that was scanned; objects are refused.

    Raises:
        NnvizError: the text is not in the data language, or asks for too much.
    """
    expression = parse_expression(source, start, end)
    return DataReader(expression, budget, objects=False).value(expression.body)


class DataReader:
    """Reads the nodes of one expression as values; ``objects`` allows references and calls of classes."""

    def __init__(self, expression: Expression, budget: Budget, *, objects: bool) -> None:
        self._expression = expression
        self._budget = budget
        self._objects = objects
        self._hint = _OBJECTS if objects else f"{_DATA} {_PYTHON}"

    def error(self, node: ast.AST, message: str, *, hint: str = "") -> NnvizError:
        """Return the error for a fault at ``node``."""
        return self._expression.source.error(self._expression.offset(node), message, hint=hint)

    def value(self, node: ast.expr, depth: int = 1) -> Value:
        """Return the value that ``node`` writes, ``depth`` levels deep in the text."""
        self._budget.spend_node(self._expression.source, self._expression.offset(node), depth)
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.List(elts):
                return Items("list", tuple(self.value(item, depth + 1) for item in elts))
            case ast.Tuple(elts):
                return Items("tuple", tuple(self.value(item, depth + 1) for item in elts))
            case ast.Dict():
                return self._pairs(node, depth)
            case ast.UnaryOp():
                return self._signed(node, depth)
            case ast.BinOp():
                return self._calculated(node, depth)
            case ast.Name() | ast.Attribute():
                return self._named(node)
            case ast.Call():
                return self._called(node, depth)
            case _:
                raise self.error(node, f"{_describe(node)} is not data", hint=self._hint)

    def call_arguments(self, node: ast.Call, depth: int) -> tuple[tuple[Value, ...], dict[str, Value]]:
        """Return the positional and the named arguments of a call."""
        positional = tuple(self.value(item, depth + 1) for item in node.args)
        named: dict[str, Value] = {}
        for item in node.keywords:
            if item.arg is None:
                raise self.error(item, "** is not data", hint="Write the arguments out.")
            if item.arg in named:
                raise self.error(item, f"{shown(item.arg)} is given twice", hint="Give it once.")
            if item.arg.startswith("__"):
                raise self.error(item, f"{shown(item.arg)} is not an argument's name")
            named[item.arg] = self.value(item.value, depth + 1)
        return positional, named

    def _constant(self, node: ast.Constant) -> Value:
        value = node.value
        if isinstance(value, int):
            return self._bounded(node, value)
        if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
            raise self.error(node, "half of a surrogate pair is not text", hint="Write the character itself.")
        if value is None or isinstance(value, (float, str)):
            return value
        raise self.error(node, f"{_describe(node)} is not data that a figure can use", hint=self._hint)

    def _bounded(self, node: ast.AST, value: int) -> int:
        if abs(value) >= INTEGER_BOUND:
            raise self.error(node, "an integer of more than 64 bits", hint="torch has none of that size.")
        return value

    def _pairs(self, node: ast.Dict, depth: int) -> Pairs:
        pairs: list[tuple[Value, Value]] = []
        seen: set[Hashable] = set()
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            if key_node is None:
                raise self.error(value_node, "** is not data", hint="Write the pairs out.")
            key = self.value(key_node, depth + 1)
            hashed = self._hashed(key_node, key)
            if hashed in seen:
                raise self.error(key_node, "this key is there twice", hint="Give each key once.")
            seen.add(hashed)
            pairs.append((key, self.value(value_node, depth + 1)))
        return Pairs(tuple(pairs))

    def _hashed(self, node: ast.expr, key: Value) -> Hashable:
        """Return what Python would compare the key by, so that 1, 1.0 and True are one key as in Python."""
        match key:
            case Items("tuple", items):
                return tuple(self._hashed(node, item) for item in items)
            case None | bool() | int() | float() | str() | DType():
                return key
            case _:
                hint = "Keys are strings, numbers, dtypes or tuples of them."
                raise self.error(node, "this cannot be a key", hint=hint)

    def _signed(self, node: ast.UnaryOp, depth: int) -> Value:
        operand = self.value(node.operand, depth + 1)
        if type(operand) not in (int, float) or not isinstance(node.op, (ast.UAdd, ast.USub)):
            raise self.error(node, "only a number can have a sign")
        return -operand if isinstance(node.op, ast.USub) else operand  # type: ignore[operator]

    def _calculated(self, node: ast.BinOp, depth: int) -> int:
        left, right = self.value(node.left, depth + 1), self.value(node.right, depth + 1)
        if type(left) is not int or type(right) is not int:
            raise self.error(node, "only integers can be calculated with", hint="Write the result.")
        if type(node.op) not in OPERATORS:
            hint = "Integers can be combined with + - * // % and **."
            raise self.error(node, "this operator is not allowed", hint=hint)
        try:
            return self._bounded(node, calculate(type(node.op), left, right))
        except ValueError as error:
            raise self.error(node, str(error)) from None

    def _named(self, node: ast.expr) -> Value:
        path = self._path(node)
        if name := dtype_name(path):
            return DType(name)
        if self._objects and "." in path:
            return Reference(self._checked_path(node, path))
        raise self._unknown(node, path)

    def _called(self, node: ast.Call, depth: int) -> Value:
        path = self._path(node.func)
        name = path.removeprefix("torch.")
        if name in FACTORIES:
            return self._tensor(node, name, depth)
        if not self._objects or "." not in path:
            raise self._unknown(node.func, path)
        self._checked_path(node.func, path)
        positional, named = self.call_arguments(node, depth)
        return ObjectCall(path, positional, tuple(named.items()))

    def _tensor(self, node: ast.Call, name: str, depth: int) -> Value:
        positional, named = self.call_arguments(node, depth)
        try:
            bound = bind(name, positional, named)
        except ValueError as error:
            raise self.error(node, str(error), hint=f"Write {usage(name)}.") from None
        offset = self._expression.offset(node)
        self._budget.spend_tensor(self._expression.source, offset, bound.shape, bound.item_bytes)
        return bound.call

    def _path(self, node: ast.expr) -> str:
        """Return the dotted name that ``node`` writes."""
        parts: list[str] = []
        base = node
        while isinstance(base, ast.Attribute):
            parts.append(base.attr)
            base = base.value
        if not isinstance(base, ast.Name):
            raise self.error(node, f"{_describe(base)} has no methods or attributes here", hint=_NO_METHODS)
        return ".".join([base.id, *reversed(parts)])

    def _checked_path(self, node: ast.expr, path: str) -> str:
        if len(path) > MAX_PATH:
            raise self.error(node, f"a name of more than {MAX_PATH} characters")
        if refusal := refuse_path(path.split(".")):
            raise self.error(node, refusal.message, hint=refusal.hint)
        return path

    def _unknown(self, node: ast.expr, path: str) -> NnvizError:
        name = path.removeprefix("torch.")
        if name in ("int", "float"):
            return self.error(node, f"{shown(path)} is ambiguous as a dtype", hint=dtype_hint(name))
        close = get_close_matches(name, [*FACTORIES, *DTYPES], n=1)
        hint = f"Did you mean {close[0]}?" if close else self._hint
        return self.error(node, f"{shown(path)} is not known here", hint=hint)


_DESCRIPTIONS: Mapping[type[ast.AST], str] = {
    ast.Call: "the result of a call",
    ast.Compare: "a comparison",
    ast.Constant: "a literal of this type",
    ast.NamedExpr: "an assignment",
    ast.Set: "a set",
    ast.Starred: "a starred value",
    ast.Subscript: "a subscript",
}


def _describe(node: ast.AST) -> str:
    return _DESCRIPTIONS.get(type(node), "this expression")
