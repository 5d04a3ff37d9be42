"""The extension: reads the fences of each page, and unless a site's plugin does so, makes their figures."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor

from nnviz_docs.errors import NnvizError
from nnviz_docs.figure import Figures
from nnviz_docs.hosts.markdown.collection import Collection
from nnviz_docs.hosts.markdown.source import Source, source_of
from nnviz_docs.hosts.markdown.superfences import Fences
from nnviz_docs.request.settings import settings_from

_FIRST = 1000
_LAST = -1000
_one_page_at_a_time = threading.Lock()
"""Some tools render pages in threads; two of them must not trace the same model, nor start torch twice."""


class NnvizExtension(Extension):
    """Draws models in Python-Markdown: ``Markdown(extensions=[NnvizExtension(depth=3)])``.

    Args:
        collection: Where a site's plugin gathers the fences of all pages, to fill them in itself.
            Without one each page gets its figures when it has been converted.
        root: The project's folder, that relative paths start from; by default the one that the tool knows,
            else the current one.
        paths: Folders to import models from.
        strict: Raise an `NnvizError` for a page with a problem, in tools whose own strict mode does not
            count warnings.
        settings: The site's settings, by name.

    Raises:
        NnvizError: a setting is wrong.
    """

    def __init__(
        self,
        *,
        collection: Collection | None = None,
        root: str = "",
        paths: Sequence[str] = (".",),
        strict: bool = False,
        **settings: object,
    ) -> None:
        super().__init__()
        self.collection = collection
        self.strict = strict
        self._root = root
        self._paths = tuple(paths)
        self._settings = settings_from(settings)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Register with a converter."""
        conversion = _Conversion(md, self)
        md.preprocessors.register(_Start(conversion), "nnviz_start", _FIRST)
        if self.collection is None:
            md.postprocessors.register(_End(conversion), "nnviz_end", _LAST)

    def new_collection(self, source: Source) -> Collection:
        """Return where a single page's fences are gathered; its models' files are looked at afresh."""
        root = Path(self._root or source.root).resolve()
        paths = tuple(str((root / path).resolve()) for path in self._paths)
        # The strict modes of MkDocs and ProperDocs count what is logged below this name.
        logger = logging.getLogger("mkdocs.plugins.nnviz" if "mkdocs" in sys.modules else "nnviz_docs")
        return Collection(self._settings, Figures(self._settings, root, paths), logger)


class _Conversion:
    """What one converter has at hand; converters may be nested, so the extension itself keeps no state."""

    def __init__(self, md: Markdown, extension: NnvizExtension) -> None:
        self.md = md
        self._extension = extension
        self._source = Source()
        self._collection: Collection | None = None
        self._fences = Fences(md, self._place)

    def start(self, lines: Sequence[str]) -> None:
        self._fences.start()
        self._source = source_of(self.md, lines)
        self._collection = self._extension.collection or self._extension.new_collection(self._source)

    def end(self, html: str) -> str:
        """Return the page with its figures, all of which are made together."""
        collection = self._collection
        if collection is None:
            return html
        collection.note_shown(html)
        with _one_page_at_a_time:
            for _ in collection.trace(collection.missing()):
                pass
        problems = collection.report()
        filled = collection.fill(html)
        collection.close()
        if problems and self._extension.strict:
            raise NnvizError(problems[0].kind, str(problems[0]))
        return filled

    def _place(self, body: str, header: Mapping[str, str]) -> str:
        assert self._collection is not None  # noqa: S101 (a page has started)
        return self._collection.add(body, header, self._source)


class _Start(Preprocessor):
    def __init__(self, conversion: _Conversion) -> None:
        super().__init__(conversion.md)
        self._conversion = conversion

    def run(self, lines: list[str]) -> list[str]:
        self._conversion.start(lines)
        return lines


class _End(Postprocessor):
    def __init__(self, conversion: _Conversion) -> None:
        super().__init__(conversion.md)
        self._conversion = conversion

    def run(self, text: str) -> str:
        return self._conversion.end(text)
