"""The scene as DOT text that holds numbers and ids only, so that nothing from a model reaches Graphviz.

Boxes have fixed sizes; labels and frame titles are empty HTML-like tables of fixed size, whose places come
back with the positions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nnviz_docs.drawing.scene import Scene
from nnviz_docs.drawing.sizes import FRAME_TITLE_HEIGHT, KEY_GAP

_HEAD = (
    "digraph{graph[ranksep=0.18,labeljust=l,margin=0,pad=0]"
    'node[shape=box,fixedsize=true,label=""]edge[arrowsize=0.7,weight=200]'
)
"""A weight above the 128 with which Graphviz draws a frame together lets arrows in frames run straight."""
_GAPS = {False: 0.25, True: 0.12}
"""Inches between what is side by side, in a narrow scene or not."""
_FRAME_MARGIN = 12


@dataclass(frozen=True, slots=True)
class Settings:
    """How hard Graphviz tries, as attributes of the graph."""

    graph: str = ""


CAREFUL = Settings()
# A limit of 0.1 is faster still, and makes Graphviz 12 write where it must not.
FAST = Settings("nslimit=0.5,nslimit1=0.5,mclimit=0.1")
PLAIN = Settings("nslimit=0.5,nslimit1=0.5,mclimit=0.1,splines=polyline")
"""What is left when the others take too long: as fast as it gets, with corners for curves."""
MOST_CAREFUL_ARROWS = 500
"""Beyond so many arrows the careful settings can take minutes."""


def settings_for(scene: Scene) -> Settings:
    """Return the settings that lay out most scenes of this size in seconds."""
    routed = sum(not arrow.aside for arrow in scene.arrows)
    return CAREFUL if routed <= MOST_CAREFUL_ARROWS else FAST


def dot_text(scene: Scene, settings: Settings) -> str:
    """Return the DOT text of a scene: boxes ``n0``, ``n1``, …, frames ``cluster0``, …, arrows by ``id``."""
    return "\n".join(_lines(scene, settings))


def _lines(scene: Scene, settings: Settings) -> Iterator[str]:
    yield _HEAD
    yield f"rankdir={scene.direction};nodesep={_GAPS[scene.narrow]}"
    if settings.graph:
        yield f"graph[{settings.graph}]"
    yield from _frames(scene)
    for index, box in enumerate(scene.boxes):
        yield f"n{index}[width={box.width / 72:.4f},height={box.height / 72:.4f}]"
    for index, arrow in enumerate(scene.arrows):
        if arrow.aside:
            continue
        label = arrow.label
        table = f",label={_table(label.width, label.height)}" if label else ""
        yield f'n{arrow.source}->n{arrow.target}[id="{index}"{table}]'
    yield "}"


def _frames(scene: Scene) -> Iterator[str]:
    """Yield the frames, nested; their boxes are named in them in the order of the scene."""
    content: dict[int | None, list[str]] = {}
    for index, box in enumerate(scene.boxes):
        content.setdefault(box.frame, []).append(f"n{index}")
    for index, frame in reversed(tuple(enumerate(scene.frames))):
        title = _table(frame.name_width + KEY_GAP + frame.kind_width, FRAME_TITLE_HEIGHT)
        inner = ";".join(content.get(index, ()))
        text = f"subgraph cluster{index}{{graph[margin={_FRAME_MARGIN},label={title}]{inner}}}"
        content.setdefault(frame.parent, []).insert(0, text)
    yield from content.get(None, ())


def _table(width: int, height: int) -> str:
    size = f'fixedsize="true" width="{width}" height="{height}"'
    bare = 'border="0" cellborder="0" cellspacing="0" cellpadding="0"'
    return f"<<table {bare} {size}><tr><td></td></tr></table>>"
