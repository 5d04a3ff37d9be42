"""What a figure has around it on a Markdown page: its caption, and the id that links lead to."""

from __future__ import annotations

import re

from markdown import Markdown

from nnviz_docs.request.request import FigureOptions

_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")


def with_caption(place: str, options: FigureOptions) -> str:
    """Return the element that holds a figure's place with what the figure has around it.

    Material's search leaves the drawing out, whose texts are names of boxes; a caption is found.
    """
    drawing = f"<div data-search-exclude>{place}</div>"
    name = f' id="{_id(options.name)}"' if options.name else ""
    if options.caption:
        caption = Markdown().convert(options.caption)
        return f'<figure class="nnviz-figure"{name}>{drawing}<figcaption>{caption}</figcaption></figure>'
    return f"<div{name}>{drawing}</div>" if name else drawing


def _id(name: str) -> str:
    """Return an id for a name, as docutils makes it: ``Fig. 1`` is ``fig-1``."""
    return _NOT_IN_IDS.sub("-", name.lower()).strip("-")
