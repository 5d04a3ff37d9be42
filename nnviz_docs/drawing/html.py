"""A figure's place on a page: the wrapper, notes, tables, and the box that says what went wrong.

Elements are built as a tree and written by the standard library, so that all text is escaped in one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Comment, Element, SubElement, tostring

from nnviz_docs.drawing.drawing import Table, TableRow
from nnviz_docs.drawing.text import harmless, text_element
from nnviz_docs.errors import Problem

WIDEST_SCALED = 2000
"""Pixels; a wider figure scrolls, since scaled to a column it could not be read."""
LONGEST_ON_A_PAGE = 1600
"""Pixels; a longer figure is printed over several pages, since on one it could not be read."""
_DEEPEST_INDENT = 6
_MARK = re.compile(r"<!--(\d+)-->")
"""The place of a drawing that is written already; no text of a figure can look so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """One of a figure's drawings, with what there is to say about it and its tables.

    ``svg`` comes from `render_svg` (or is empty, for tables alone), ``width`` and ``height`` from its image.
    ``title`` tells it from the figure's others.
    """

    svg: str
    width: float
    height: float = 0
    title: str = ""
    notes: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


def render_html(
    pictures: Sequence[Picture], *, shown: int = 0, id_prefix: str = "", classes: Iterable[str] = ()
) -> str:
    """Return a figure as a ``div`` for a page.

    Of several pictures the one in place ``shown`` is seen at first; the others are closed ``details``, of
    which a browser has one open at a time. What all of them have in their tables stands once, below them.
    Among the ``classes``, ``nnviz-left`` and ``nnviz-right`` align it.
    """
    wrapper = Element("div", {"class": harmless(" ".join(["nnviz", *classes]))})
    shared = [table for table in pictures[0].tables if all(table in other.tables for other in pictures)]
    for number, picture in enumerate(pictures):
        place = wrapper
        if len(pictures) > 1:
            place = _details(wrapper, picture.title, name=f"{id_prefix}-depth", is_open=number == shown)
        _add_picture(place, picture, number)
        for table in picture.tables:
            if table not in shared:
                _add_table(place, table)
    for table in shared:
        _add_table(wrapper, table)
    return _MARK.sub(lambda match: pictures[int(match[1])].svg, _written(wrapper))


def _details(parent: Element, title: str, *, name: str, is_open: bool) -> Element:
    details = SubElement(parent, "details", {"class": "nnviz-depth", "name": name})
    if is_open:
        details.set("open", "open")
    text_element(details, "summary", title)
    return details


def _add_picture(parent: Element, picture: Picture, number: int) -> None:
    """Add the drawing's place, marked with its number, and the notes."""
    if picture.svg:
        is_wide, is_long = picture.width > WIDEST_SCALED, picture.height > LONGEST_ON_A_PAGE
        stage = _child(parent, "div", "nnviz-stage" + " nnviz-wide" * is_wide + " nnviz-long" * is_long)
        if is_wide:
            stage.set("tabindex", "0")
        stage.append(Comment(str(number)))
    for note in picture.notes:
        text_element(_child(parent, "div", "nnviz-note"), "p", note)


def render_error(problem: Problem) -> str:
    """Return the box that stands in a figure's place: what went wrong, where, and what to do about it."""
    wrapper = Element("div", {"class": "nnviz nnviz-error", "role": "note"})
    text_element(wrapper, "p", problem.title).set("class", "nnviz-error-title")
    message = text_element(wrapper, "p", problem.message)
    if problem.where:
        message.text = f"{message.text} "
        text_element(message, "code", problem.where)
    if problem.hint:
        text_element(wrapper, "p", problem.hint)
    return _written(wrapper)


def render_table(table: Table) -> str:
    """Return one table as HTML."""
    wrapper = Element("div")
    _add_table(wrapper, table)
    return _written(wrapper[0])


def _add_table(parent: Element, table: Table) -> None:
    element = _child(parent, "table", "nnviz-table")
    text_element(element, "caption", table.caption)
    head = SubElement(SubElement(element, "thead"), "tr")
    for title in table.header:
        text_element(head, "th", title).set("scope", "col")
    body = SubElement(element, "tbody")
    for row in table.rows:
        _add_row(SubElement(body, "tr"), row, table.nested)


def _add_row(parent: Element, row: TableRow, nested: int) -> None:
    for column, text in enumerate(row.cells):
        cell = text_element(parent, "td" if column else "th", text)
        if column == 0:
            cell.set("scope", "row")
        if column == nested and row.level:
            cell.set("class", f"nnviz-indent-{min(row.level, _DEEPEST_INDENT)}")


def _child(parent: Element, tag: str, name: str) -> Element:
    return SubElement(parent, tag, {"class": name})


def _written(element: Element) -> str:
    return tostring(element, encoding="unicode", method="html")
