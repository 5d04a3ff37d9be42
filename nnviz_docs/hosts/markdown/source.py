"""Which page is rendered, and on which of its lines a fence stands; Python-Markdown knows neither."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from markdown import Markdown

_FENCE_START = re.compile(r"(?P<indent>[> \t]*)(?:`{3,}|~{3,})[ \t]*(?:nnviz|\{[ \t]*\.?nnviz)\b")


@dataclass(slots=True)
class Source:
    """A page's path within the site, empty when unknown; its lines; and how many fences it had so far.

    ``root`` is the project's folder.
    """

    path: str = ""
    lines: list[str] = field(default_factory=list)
    root: str = "."
    fences: int = 0
    _read: int = 0

    def line_of(self, body: str) -> int | None:
        """Return the number of the line on which the next fence with this body starts, None if unknown.

        It is unknown when the fence does not stand in the page itself but in a text that it includes.
        """
        wanted = [line.strip() for line in body.splitlines()]
        for number in range(self._read, len(self.lines)):
            match = _FENCE_START.match(self.lines[number])
            if match and self._body(number + 1, len(wanted)) == wanted:
                self._read = number + 1
                return number + 1
        return None

    def _body(self, start: int, length: int) -> list[str]:
        return [line.lstrip("> \t").rstrip() for line in self.lines[start : start + length]]


def source_of(md: Markdown, lines: Iterable[str]) -> Source:
    """Return the page that is converted: as MkDocs or Zensical left it with the converter, else its text.

    The text lacks the front matter, so lines are counted in the file wherever there is one.
    """
    if "relpath" in md.treeprocessors:  # MkDocs and ProperDocs
        file = getattr(md.treeprocessors["relpath"], "file", None)
        path, text = getattr(file, "src_uri", ""), getattr(file, "content_string", "")
        return Source(path, text.splitlines() or list(lines))
    if "rendering_context" in md.preprocessors:  # Zensical
        context = md.preprocessors["rendering_context"]
        path = getattr(getattr(context, "page", None), "path", "")
        config = getattr(context, "config", {})
        root = config.get("root_dir", ".")
        file = Path(root, config.get("docs_dir", "docs"), path)
        return Source(path, _read_lines(file) or list(lines), root)
    return Source("", list(lines))


def _read_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []
