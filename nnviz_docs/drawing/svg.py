"""The ``svg`` element of a drawing, on a page or as a file of its own.

Colours and fonts come from classes and the stylesheet; a stand-alone file carries the part that it needs.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from nnviz_docs.drawing.image import Image
from nnviz_docs.drawing.sizes import HEADING_HEIGHT, MARGIN, TEXT_SIZE
from nnviz_docs.drawing.text import text_element

FONTS = 'Helvetica, Arial, "Liberation Sans", Arimo, "nnviz narrow", sans-serif'
_PAGE_PART = "/* On a page */"
_END = "</svg>"


def stylesheet() -> str:
    """Return the stylesheet for pages with figures."""
    return Path(__file__).with_name("nnviz.css").read_text(encoding="utf-8")


def render_svg(  # noqa: PLR0913 (a drawing, and what a page decides)
    image: Image,
    *,
    id_prefix: str,
    standalone: bool,
    alt: str,
    width: str = "",
    height: str = "",
) -> str:
    """Return the drawing as an ``svg`` element, or as a file of its own when ``standalone``.

    ``id_prefix`` begins each id, and so must differ between the figures of a page. ``alt`` describes the
    figure in a sentence. ``width`` and ``height`` are CSS lengths in place of the natural ones.
    """
    root = _root(image, width, height)
    root.set("aria-labelledby", f"{id_prefix}-title {id_prefix}-desc")
    text_element(root, "title", f"Graph of {image.title}").set("id", f"{id_prefix}-title")
    text_element(root, "desc", alt).set("id", f"{id_prefix}-desc")
    if standalone:
        SubElement(root, "style").text = stylesheet().partition(_PAGE_PART)[0]
    return tostring(root, encoding="unicode").removesuffix(_END) + image.inside + _END


def _root(image: Image, width: str, height: str) -> Element:
    """Return the empty ``svg``; its corner is up and left of the layout's, to make room for the heading."""
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": f"nnviz-svg{' nnviz-tall' * bool(height)}",
        "role": "img",
        "viewBox": f"{-MARGIN} {-MARGIN - HEADING_HEIGHT} {image.width} {image.height}",
        "font-family": FONTS,
        "font-size": str(TEXT_SIZE),
    }
    if width or height:
        attributes.update((name, size) for name, size in (("width", width), ("height", height)) if size)
    else:
        attributes.update(width=str(image.width), height=str(image.height))
    return Element("svg", attributes)
