"""Nested data as rows: one per value, keys indented by nesting. Labels and tables are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nnviz_docs.drawing.parts import Part
from nnviz_docs.drawing.scene import Row
from nnviz_docs.drawing.text import clean
from nnviz_docs.drawing.wording import data_text, leaf_text
from nnviz_docs.graph.data import Data, KeyPath, children, type_of_leaf


def data_rows(values: Iterable[tuple[KeyPath, Data]]) -> tuple[Row, ...]:
    """Return the rows of values that sit at these places of one nested whole.

    >>> data_rows([(("f", "p2"), Tensor((1, 8), "float32")), (("f", "p3"), Tensor((1, 4), "float32"))])
    (Row(0, "f", ""), Row(1, "p2", "float32 [1, 8]"), Row(1, "p3", "float32 [1, 4]"))
    """
    rows: list[Row] = []
    before: KeyPath = ()
    for place, data in values:
        for path, text in _flat(data, place):
            known = _common(path[:-1], before)
            rows += [Row(level, clean(path[level]), "") for level in range(known, len(path) - 1)]
            rows.append(Row(max(len(path) - 1, 0), clean(path[-1]) if path else "", text))
            before = path[:-1]
    return tuple(rows)


def part_rows(parts: Iterable[Part]) -> tuple[Row, ...]:
    """Return the rows of what an arrow carries, as far as it is known."""
    return data_rows((part.path, part.data) for part in parts if part.data is not None)


def _flat(data: Data, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(data, type_of_leaf):
        yield path, leaf_text(data)
        return
    items = children(data)
    if not items:
        yield path, data_text(data)
    for key, item in items:
        yield from _flat(item, (*path, key))


def _common(path: KeyPath, other: KeyPath) -> int:
    pairs = zip(path, other, strict=False)
    return next((count for count, (a, b) in enumerate(pairs) if a != b), min(len(path), len(other)))
