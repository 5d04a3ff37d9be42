"""What a figure has around it on a Markdown page: its caption, and the id that links lead to."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from nnviz_docs.request.request import FigureOptions

_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")
_LAST = -100


def figure_place(mark: Element, options: FigureOptions) -> str:
    """Return the element that marks a figure's place with what the figure has around it.

    Material's search leaves the drawing out, whose texts are names of boxes; a caption is found.
    """
    place = Element("figure" if options.caption else "div")
    if options.caption:
        place.set("class", "nnviz-figure")
    if options.name:
        place.set("id", _id(options.name))
    drawing = SubElement(place, "div", {"data-search-exclude": ""})
    drawing.append(mark)
    if not options.caption:
        return tostring(place if options.name else drawing, encoding="unicode", method="html")
    markdown = Markdown()
    markdown.treeprocessors.register(_Captioned(place), "nnviz_caption", _LAST)
    return markdown.convert(options.caption)


class _Captioned(Treeprocessor):
    """Puts what Markdown makes of a text into the caption of a figure, before it is written."""

    def __init__(self, figure: Element) -> None:
        super().__init__()
        self._figure = figure

    def run(self, root: Element) -> Element:
        """Return a tree with the figure alone."""
        caption = SubElement(self._figure, "figcaption")
        caption.extend(root)
        whole = Element(root.tag)
        whole.append(self._figure)
        return whole


def _id(name: str) -> str:
    """Return an id for a name, as docutils makes it: ``Fig. 1`` is ``fig-1``."""
    return _NOT_IN_IDS.sub("-", name.lower()).strip("-")
