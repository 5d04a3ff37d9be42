"""A figure as plain text, for builders without pictures: an indented outline, then the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nnviz_docs.drawing.captions import FAILED, fold_mark
from nnviz_docs.drawing.columns import fold_place
from nnviz_docs.drawing.describe import describe
from nnviz_docs.drawing.drawing import Table, TableRow
from nnviz_docs.drawing.outline import outline
from nnviz_docs.drawing.text import clean
from nnviz_docs.drawing.view import Box, Frame, View
from nnviz_docs.drawing.wording import data_text, plural
from nnviz_docs.graph.model import Node, NodeKind, Scope

_INDENT = "  "
_GAP = "   "


def render_text(view: View, *, tables: Iterable[Table] = (), notes: Iterable[str] = ()) -> str:
    """Return the outline of a figure, what there is to say about it, and its tables."""
    outline = "\n".join([describe(view.graph), *_outline(view)])
    parts = [outline, *map(clean, notes), *map(render_table, tables)]
    return "\n\n".join(parts) + "\n"


def _outline(view: View) -> Iterator[str]:
    """Yield a line for each frame and box in the order of the calls, indented by nesting."""
    for level, item in outline(view):
        content = item.scope if isinstance(item, Frame) else item.content
        yield _INDENT * (level + 1) + _words(content, item)


def _words(content: Node | Scope, drawn: Box | Frame) -> str:
    """Return one line: ``conv1: Conv2d, 9,408 parameters -> float32 [1, 64, 112, 112]``."""
    name, kind, parameters = clean(content.name), _kind(content), content.parameters
    if drawn.fold:
        name, parameters = fold_place(drawn.fold) or name, drawn.fold.parameters
    parts = [
        f"{name}: {kind}" if kind and name and name != kind else name or kind,
        fold_mark(drawn.fold) if drawn.fold else "",
        plural(parameters, "parameter") if parameters else "",
        FAILED if drawn.failed else "",
    ]
    flow = "" if content.output is None else f" -> {data_text(content.output)}"
    return ", ".join(filter(None, parts)) + flow


def _kind(content: Node | Scope) -> str:
    if isinstance(content, Node) and content.kind in (NodeKind.INPUT, NodeKind.OUTPUT):
        return content.kind.value
    return clean(content.type_name)


def render_table(table: Table) -> str:
    """Return a table in columns of equal width under its caption."""
    head = TableRow(0, table.header)
    lines = [_cells(row, table.nested) for row in (head, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join([table.caption, *(_line(cells, widths) for cells in lines)])


def _cells(row: TableRow, nested: int) -> list[str]:
    return [_INDENT * row.level * (column == nested) + cell for column, cell in enumerate(row.cells)]


def _line(cells: list[str], widths: list[int]) -> str:
    return _GAP.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
