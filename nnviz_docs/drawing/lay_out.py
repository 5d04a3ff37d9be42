"""From a scene to its layout, through Graphviz."""

from __future__ import annotations

import hashlib

from nnviz_docs.drawing.dot import PLAIN, dot_text, settings_for
from nnviz_docs.drawing.engine import LayoutEngine
from nnviz_docs.drawing.layout import LAYOUT_SCHEMA, Layout
from nnviz_docs.drawing.positions import read_positions
from nnviz_docs.drawing.scene import Scene
from nnviz_docs.errors import NnvizError, ProblemKind

SECONDS = 30.0
FIRST_SHARE = 0.1
"""Share of the time for the first try: what has no layout in seconds rarely has one in minutes."""


def layout_key(scene: Scene) -> str:
    """Return the name under which the layout of a scene can be kept: a hash of all that it depends on."""
    titles = [(frame.name_width, frame.kind_width) for frame in scene.frames]
    aside = [(arrow.source, arrow.target) for arrow in scene.arrows if arrow.aside]
    text = f"{LAYOUT_SCHEMA}\n{dot_text(scene, settings_for(scene))}\n{titles}\n{aside}"
    return hashlib.sha256(text.encode()).hexdigest()


def lay_out(scene: Scene, engine: LayoutEngine, *, seconds: float = SECONDS) -> Layout:
    """Return the layout of a scene; what takes long is tried again with the fastest settings.

    Raises:
        NnvizError: Of kind ``layout``: no engine, a crash, no layout in time, or an incomplete one.
    """
    for settings, share in ((settings_for(scene), FIRST_SHARE), (PLAIN, 1 - FIRST_SHARE)):
        try:
            reply = engine.positions(dot_text(scene, settings), seconds * share)
        except TimeoutError:
            continue
        return _read(scene, reply)
    raise NnvizError(
        ProblemKind.LAYOUT,
        f"Graphviz found no layout of {len(scene.boxes)} boxes within {seconds:g} seconds.",
        hint="Show less of the model, with a smaller depth.",
    )


def _read(scene: Scene, reply: bytes) -> Layout:
    try:
        return read_positions(scene, reply)
    except ValueError as error:
        raise NnvizError(
            ProblemKind.LAYOUT,
            "Graphviz returned an incomplete layout.",
            hint="Try another version of Graphviz, or show less of the model.",
            detail=str(error),
        ) from error
