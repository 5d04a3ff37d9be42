"""The scene: what the view shows, in words and measured, before it has places.

All sizes are whole pixels. A scene says how large each thing is and what is written in it; the layout
only says where it goes. `nnviz_docs.drawing.composing` makes scenes; this module knows nothing of graphs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Category(StrEnum):
    """A kind of box; its value ends the class in the SVG (``nnviz-convolution``)."""

    INPUT = "input"
    OUTPUT = "output"
    CONVOLUTION = "convolution"
    NORMALISATION = "normalisation"
    ACTIVATION = "activation"
    POOLING = "pooling"
    LINEAR = "linear"
    ATTENTION = "attention"
    EMBEDDING = "embedding"
    RECURRENT = "recurrent"
    DROPOUT = "dropout"
    CONTAINER = "container"
    MODULE = "module"
    FUNCTION = "function"
    CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a key (empty for a value on its own) and a value (empty for a key with rows below it)."""

    level: int
    key: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """The data on an arrow: rows of a key and a value, the values ``key_width`` to the right.

    ``head`` is a line above the rows: the dtype, where all rows have the same and there is little room.
    """

    rows: tuple[Row, ...]
    key_width: int
    width: int
    height: int
    head: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneBox:
    """A box: a title and lines below it. ``tip`` is the whole text, shown on hovering."""

    id: str
    category: Category
    title: str
    lines: tuple[str, ...]
    tip: str
    width: int
    height: int
    frame: int | None
    failed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneFrame:
    """A frame around boxes, ``level`` frames deep, titled with a ``name`` and what kind of scope it is."""

    id: str
    name: str
    kind: str
    tip: str
    name_width: int
    kind_width: int
    parent: int | None
    level: int
    failed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneArrow:
    """An arrow between two boxes, by their positions in the scene.

    ``value`` is the same number for arrows that carry the same values. The first of these has the label; if
    they are many, the others are ``repeated``. ``aside`` when there are so many of these that they have no
    say in where things go, and lead around in arcs.
    """

    source: int
    target: int
    label: Label | None
    value: int = 0
    repeated: bool = False
    aside: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A figure in words and sizes, all by position: frames before the frames in them.

    A ``narrow`` one is drawn as close together as can be read.
    """

    title: str
    subtitle: str
    boxes: tuple[SceneBox, ...]
    frames: tuple[SceneFrame, ...]
    arrows: tuple[SceneArrow, ...]
    direction: Literal["TB", "LR"] = "TB"
    narrow: bool = False
