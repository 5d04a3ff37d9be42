"""A finished drawing: all that a page needs of a figure."""

from __future__ import annotations

from dataclasses import dataclass

from nnviz_docs.drawing.image import Image


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row; ``level`` is how far the table's nested column is indented in it."""

    level: int
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table; ``nested`` is the column that shows nesting by indentation."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    nested: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """A graph as it is drawn at one depth, with what there is to say about it and its tables.

    ``image`` is None when no layout is to be had; the tables then have all arrows. ``description`` is the
    whole in a sentence.
    """

    depth: int | None
    image: Image | None
    description: str
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
