"""A figure's place on a page: the wrapper, notes, tables, and the box that says what went wrong.

Elements are built as a tree and written by the standard library, so that all text is escaped in one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from nnviz_docs.drawing.tables import Table, TableRow
from nnviz_docs.drawing.text import harmless
from nnviz_docs.errors import Problem

WIDEST_SCALED = 2000
"""Pixels; a wider figure scrolls, since scaled to a column it could not be read."""
_DEEPEST_INDENT = 6


def render_html(
    svg: str,
    *,
    width: float,
    notes: Iterable[str] = (),
    tables: Iterable[Table] = (),
    classes: Iterable[str] = (),
) -> str:
    """Return a figure as a ``div`` for a page, with what there is to say about it and its tables.

    ``svg`` comes from `render_svg` (or is empty, for tables alone), and ``width`` from its layout.
    Among the ``classes``, ``nnviz-left`` and ``nnviz-right`` align it.
    """
    wide = width > WIDEST_SCALED
    names = ["nnviz", *(["nnviz-wide"] if wide else []), *classes]
    wrapper = Element("div", {"class": harmless(" ".join(names))})
    if wide:
        wrapper.set("tabindex", "0")
    for note in notes:
        _text(_child(wrapper, "div", "nnviz-note"), "p", note)
    for table in tables:
        _add_table(wrapper, table)
    opening, end, rest = _written(wrapper).partition(">")  # in attributes ">" is escaped
    return opening + end + svg + rest


def render_error(problem: Problem) -> str:
    """Return the box that stands in a figure's place: what went wrong, where, and what to do about it."""
    wrapper = Element("div", {"class": "nnviz nnviz-error", "role": "note"})
    _text(wrapper, "p", problem.title).set("class", "nnviz-error-title")
    message = _text(wrapper, "p", problem.message)
    if problem.where:
        message.text = f"{message.text} "
        _text(message, "code", problem.where)
    if problem.hint:
        _text(wrapper, "p", problem.hint)
    return _written(wrapper)


def render_table(table: Table) -> str:
    """Return one table as HTML."""
    wrapper = Element("div")
    _add_table(wrapper, table)
    return _written(wrapper[0])


def _add_table(parent: Element, table: Table) -> None:
    element = _child(parent, "table", "nnviz-table")
    _text(element, "caption", table.caption)
    head = SubElement(SubElement(element, "thead"), "tr")
    for title in table.header:
        _text(head, "th", title).set("scope", "col")
    body = SubElement(element, "tbody")
    for row in table.rows:
        _add_row(SubElement(body, "tr"), row, table.nested)


def _add_row(parent: Element, row: TableRow, nested: int) -> None:
    for column, text in enumerate(row.cells):
        cell = _text(parent, "td" if column else "th", text)
        if column == 0:
            cell.set("scope", "row")
        if column == nested and row.level:
            cell.set("class", f"nnviz-indent-{min(row.level, _DEEPEST_INDENT)}")


def _child(parent: Element, tag: str, name: str) -> Element:
    return SubElement(parent, tag, {"class": name})


def _text(parent: Element, tag: str, text: str) -> Element:
    element = SubElement(parent, tag)
    element.text = harmless(text)
    return element


def _written(element: Element) -> str:
    return tostring(element, encoding="unicode", method="html")
