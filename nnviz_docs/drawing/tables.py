"""Tables beside a figure as values, for HTML, for docutils and for plain text alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from nnviz_docs.drawing.captions import fold_mark
from nnviz_docs.drawing.columns import box_class, fold_place
from nnviz_docs.drawing.drawing import Table, TableRow
from nnviz_docs.drawing.outline import outline
from nnviz_docs.drawing.rows import data_rows, part_rows
from nnviz_docs.drawing.scene import Row
from nnviz_docs.drawing.text import clean
from nnviz_docs.drawing.tree import Content
from nnviz_docs.drawing.view import Box, Frame, View
from nnviz_docs.drawing.wording import amount_text, data_text
from nnviz_docs.graph.data import Data, children
from nnviz_docs.graph.model import Node, NodeKind

TableChoice = Literal["none", "io", "edges", "layers", "auto"]


def build_tables(view: View, choice: TableChoice) -> tuple[Table, ...]:
    """Return the tables of a figure: what goes in and out (``io``), every arrow (``edges``) or every layer.

    ``auto`` is ``io`` when an input or output is nested, or there is more than one of either.
    """
    match choice:
        case "io":
            return _io_tables(view)
        case "auto":
            return _io_tables(view) if _is_worth_a_table(view) else ()
        case "edges":
            return (_edge_table(view),)
        case "layers":
            return (_layer_table(view),)
        case "none":
            return ()


def _nodes(view: View, kind: NodeKind) -> list[Node]:
    return [node for node in view.graph.nodes if node.kind is kind]


def _is_worth_a_table(view: View) -> bool:
    nodes = (_nodes(view, NodeKind.INPUT), _nodes(view, NodeKind.OUTPUT))
    return any(len(some) > 1 or any(_is_nested(node.output) for node in some) for some in nodes)


def _is_nested(data: Data | None) -> bool:
    return data is not None and bool(children(data))


def _io_tables(view: View) -> tuple[Table, ...]:
    captions = (("Inputs", NodeKind.INPUT), ("Outputs", NodeKind.OUTPUT))
    tables = ((caption, _nodes(view, kind)) for caption, kind in captions)
    return tuple(_io_table(caption, nodes) for caption, nodes in tables if nodes)


def _io_table(caption: str, nodes: Iterable[Node]) -> Table:
    rows: list[TableRow] = []
    for node in nodes:
        held = node.output
        rows.append(TableRow(0, (clean(node.name), "" if held is None else data_text(held))))
        if held is not None and children(held):
            rows += [TableRow(row.level + 1, (row.key, row.value)) for row in data_rows([((), held)])]
    return Table(caption=caption, header=("Name", "Data"), rows=tuple(rows))


def _edge_table(view: View) -> Table:
    names = {box.id: box_name(box) for box in view.boxes}
    rows: list[TableRow] = []
    for arrow in view.arrows:
        ends = names[arrow.source], names[arrow.target]
        data = part_rows(arrow.parts) or (Row(0, "", ""),)
        rows.append(TableRow(data[0].level, (*ends, row_text(data[0]))))
        rows += [TableRow(row.level, ("", "", row_text(row))) for row in data[1:]]
    return Table(caption="Data flow", header=("From", "To", "Data"), rows=tuple(rows), nested=2)


def _layer_table(view: View) -> Table:
    """Return the layers that a figure shows, and the whole model as the last row.

    Without FLOPs where the model was not run, and so none are known.
    """
    runs = view.graph.mechanism.runs
    columns = None if runs else 3
    rows = []
    for level, item in outline(view):
        content = item.scope if isinstance(item, Frame) else item.content
        weight = item.fold or content
        data = "" if content.output is None else data_text(content.output)
        count = f"{weight.parameters:,}" if weight.parameters else ""
        flops = "" if _is_end(content) else _amount(weight.flops)
        rows.append(TableRow(level, (_layer_name(item, content), data, count, flops)[:columns]))
    root = next(scope for scope in view.graph.scopes if scope.parent is None)
    rows.append(TableRow(0, ("Total", "", f"{view.graph.parameters:,}", _amount(root.flops))[:columns]))
    header = ("Layer", "Output", "Parameters", "FLOPs")[:columns]
    return Table(caption="Layers", header=header, rows=tuple(rows))


def _amount(flops: int | None) -> str:
    return "unknown" if flops is None else amount_text(flops)


def _is_end(content: Content) -> bool:
    return isinstance(content, Node) and content.kind in {NodeKind.INPUT, NodeKind.OUTPUT}


def _layer_name(item: Box | Frame, content: Content) -> str:
    """Return path and class of a layer: ``layer1.0 – 2: BasicBlock ×3``."""
    mark = f" {fold_mark(item.fold)}" if item.fold else ""
    place = (fold_place(item.fold) if item.fold else "") or clean(content.name)
    kind = box_class(content)
    return (place if place in (kind, f"{kind}()") or not kind else f"{place}: {kind}") + mark


def row_text(row: Row) -> str:
    """Return a row on one line: ``key: value``, or the one that there is."""
    return f"{row.key}: {row.value}" if row.key and row.value else row.key or row.value


def box_name(box: Box) -> str:
    """Return what a box is called in a table: its path, or its type where it has none."""
    content = box.content
    mark = f" {fold_mark(box.fold)}" if box.fold else ""
    if isinstance(content, Node) and content.kind is NodeKind.FUNCTION:
        return clean(content.type_name) + mark
    place = fold_place(box.fold) if box.fold else ""
    return (place or clean(content.name or content.type_name or "model")) + mark
