"""The drawings of graphs: made once, and kept with their layouts.

A layout is kept under all that it was made from, so it serves whichever version of this package, and a site
can commit it. The rest of a drawing is kept under the trace that it shows, the options, and the very code
that made it: it spares a warm build the graph, and is worth nothing to another version.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import fields
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnviz_docs.drawing.drawing import Drawing
from nnviz_docs.drawing.image import is_harmless
from nnviz_docs.drawing.records import record_from_json, record_to_json
from nnviz_docs.errors import NnvizError, Problem, ProblemKind
from nnviz_docs.request.request import FigureOptions
from nnviz_docs.request.settings import Settings
from nnviz_docs.request.style import FONT
from nnviz_docs.tracing.cache import Trace
from nnviz_docs.tracing.store import Store

if TYPE_CHECKING:
    from nnviz_docs.drawing.engine import LayoutEngine
    from nnviz_docs.drawing.layout import Layout
    from nnviz_docs.drawing.scene import Scene

_ONLY_PLACED = {"alt", "align", "caption", "classes", "height", "name", "width"}
"""Options that say where a drawing goes, not what it shows."""
_SHAPING = tuple(field.name for field in fields(FigureOptions) if field.name not in _ONLY_PLACED)
_KEY_LENGTH = 64
_HEXADECIMAL = frozenset("0123456789abcdef")
_SHAPED_BY = ("drawings.py", "drawing/*.py", "graph/*.py", "request/*.py")


class Drawings:
    """Makes and keeps the drawings of a site.

    What went wrong with the cache itself is in ``cache_problem``; drawing goes on without it.

    Args:
        settings: The site's settings.
        folder: The cache's folder.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.cache_problem: Problem | None = None
        self._dot = settings.dot
        self._is_frozen = settings.mode == "frozen"
        self._fitted = FONT in dict(settings.style)
        self._layouts = Store(folder / "layouts")
        self._drawings = Store(folder / "drawings", committed=False)
        self._engine: LayoutEngine | None = None

    def find(self, digest: str, options: FigureOptions) -> tuple[Drawing, ...] | None:
        """Return the drawings that were made of the trace with this digest, the first one shown first."""
        entry = self._drawings.read(self._key(digest, options))
        try:
            drawings = tuple(map(_drawing_from_json, entry.body())) if entry else ()
            layouts = map(str, entry.head["layouts"]) if entry else ()
            return drawings if drawings and all(map(self._is_laid_out, layouts)) else None
        except (ValueError, TypeError, LookupError):
            return None

    def make(self, trace: Trace, options: FigureOptions) -> tuple[tuple[Drawing, ...], tuple[Problem, ...]]:
        """Return the drawings of a trace, the first one shown first, and what went wrong.

        Raises:
            NnvizError: an option names a part that the model does not have.
        """
        from nnviz_docs.drawing.making import make_drawings  # noqa: PLC0415 (a warm build makes none)

        problems: list[Problem] = []
        layouts: list[str] = []
        lay_out = partial(self._layout_or_problem, problems, layouts)
        drawings = make_drawings(trace.graph, options, lay_out, fitted=self._fitted)
        if trace.digest and not problems and not self._is_frozen:
            head = {"layouts": sorted(set(layouts))}
            body = [record_to_json(drawing) for drawing in drawings]
            self._write(self._drawings, self._key(trace.digest, options), head, body)
        # A try at a narrower figure may fail; in a frozen cache that means that something is missing.
        if all(drawing.image for drawing in drawings) and not self._is_frozen:
            return drawings, ()
        return drawings, tuple(dict.fromkeys(problems))

    def close(self) -> None:
        """End the layout process; a drawing that is asked for later starts another."""
        if self._engine is not None:
            self._engine.close()

    def _key(self, digest: str, options: FigureOptions) -> str:
        shown = [f"{name}={getattr(options, name)!r}" for name in _SHAPING]
        parts = (_own_digest(), digest, f"fitted={self._fitted}", *shown)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _write(self, store: Store, key: str, head: Any, body: Any) -> None:
        try:
            store.write(key, head, body)
        except NnvizError as error:
            self.cache_problem = error.problem

    def _is_laid_out(self, layout_key: str) -> bool:
        """Tell whether there is a layout, and mark it as used: where drawings are not kept, it is needed."""
        return _is_key(layout_key) and self._layouts.read(layout_key) is not None

    def _layout_or_problem(self, problems: list[Problem], keys: list[str], scene: Scene) -> Layout | None:
        from nnviz_docs.drawing.lay_out import layout_key  # noqa: PLC0415 (as above)

        key = layout_key(scene)
        keys.append(key)
        try:
            return self._stored_layout(key, scene) or self._new_layout(key, scene)
        except NnvizError as error:
            problems.append(error.problem)
            return None

    def _stored_layout(self, key: str, scene: Scene) -> Layout | None:
        from nnviz_docs.drawing.layout import layout_fits, layout_from_json  # noqa: PLC0415 (as above)

        entry = self._layouts.read(key)
        with suppress(ValueError):
            layout = layout_from_json(entry.body()) if entry else None
            return layout if layout and layout_fits(layout, scene) else None
        return None

    def _new_layout(self, key: str, scene: Scene) -> Layout:
        from nnviz_docs.drawing.engine import find_engine  # noqa: PLC0415 (as above)
        from nnviz_docs.drawing.lay_out import lay_out  # noqa: PLC0415
        from nnviz_docs.drawing.layout import layout_to_json  # noqa: PLC0415

        if self._is_frozen:
            raise NnvizError(
                ProblemKind.MISSING,
                "The cache has no layout of this figure.",
                hint="Run nnviz-docs refresh, and commit the cache.",
            )
        self._engine = self._engine or find_engine(self._dot)
        layout = lay_out(scene, self._engine)
        self._write(self._layouts, key, None, layout_to_json(layout))
        return layout


def _is_key(text: str) -> bool:
    """Tell whether a text may name an entry, and so be part of a path."""
    return len(text) == _KEY_LENGTH and set(text) <= _HEXADECIMAL


def _drawing_from_json(document: Any) -> Drawing:
    """Return a drawing that was kept; raise `ValueError` if it is not whole, or more than a drawing."""
    drawing = record_from_json(Drawing, document)
    if drawing.image is None or not is_harmless(drawing.image.inside):
        raise ValueError("not a drawing of ours")
    return drawing


@cache
def _own_digest() -> str:
    """Return a hash of the code that shapes drawings, so that none outlives a change of it."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _SHAPED_BY for path in package.glob(pattern)):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
