"""The labels of arrows: rows of a key and a value, measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import ceil

from nnviz_docs.drawing.captions import WIDEST_LINE
from nnviz_docs.drawing.parts import Part
from nnviz_docs.drawing.rows import part_rows
from nnviz_docs.drawing.scene import Label, Row
from nnviz_docs.drawing.sizes import INDENT, KEY_GAP, LABEL_PADDING, ROW_HEIGHT, TEXT_SIZE
from nnviz_docs.drawing.text import shorten, text_width

WIDEST_KEY = 120
MOST_ROWS = 8


def label_of(parts: Iterable[Part], *, narrow: bool = False) -> Label | None:
    """Return the label for what an arrow carries, None for unknown data; a ``narrow`` one has a ``head``."""
    rows = tuple(_merged(part_rows(parts)))
    if not rows:
        return None
    head, rows = _with_head(rows) if narrow else ("", rows)
    head = shorten(head, WIDEST_LINE, TEXT_SIZE)
    if len(rows) > MOST_ROWS + 1:
        rows = (*rows[:MOST_ROWS], Row(0, f"+ {len(rows) - MOST_ROWS} more", ""))
    rows = tuple(map(_fitted, rows))
    keys = [_key_width(row) for row in rows if row.value and row.key]
    key_width = ceil(max(keys, default=0))
    widths = [key_width + text_width(row.value, TEXT_SIZE) if row.value else _key_width(row) for row in rows]
    return Label(
        rows=rows,
        key_width=key_width,
        width=ceil(max(*widths, text_width(head, TEXT_SIZE))) + 2 * LABEL_PADDING[0],
        height=ROW_HEIGHT * (len(rows) + bool(head)) + 2 * LABEL_PADDING[1],
        head=head,
    )


def _merged(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows, with equal ones in a row as one: ``float32 [9, 4] ×5``."""
    for row, equal in groupby(rows):
        count = len(list(equal))
        yield row if count == 1 else Row(row.level, row.key, f"{row.value} ×{count}")


def _with_head(rows: Sequence[Row]) -> tuple[str, tuple[Row, ...]]:
    """Return the dtype that all tensors share and the rows without it; no dtype when they differ."""
    heads = {row.value.partition(" [")[0] for row in rows if row.value}
    head = heads.pop()
    if heads or not all(" [" in row.value for row in rows if row.value):
        return "", tuple(rows)
    return head, tuple(Row(row.level, row.key, row.value.removeprefix(head).strip()) for row in rows)


def _key_width(row: Row) -> float:
    return INDENT * row.level + text_width(row.key, TEXT_SIZE, bold=True) + KEY_GAP


def _fitted(row: Row) -> Row:
    key = shorten(row.key, WIDEST_KEY, TEXT_SIZE, bold=True)
    return Row(row.level, key, shorten(row.value, WIDEST_LINE, TEXT_SIZE))
