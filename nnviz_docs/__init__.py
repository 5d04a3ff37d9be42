"""Draws the real graphs of PyTorch models in documentation pages.

Importing the package costs nothing: neither Sphinx nor torch is imported before a host asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from nnviz_docs.hosts.markdown import NnvizExtension

__version__ = "0.1.0"


def setup(app: Sphinx) -> dict[str, Any]:
    """Make ``extensions = ["nnviz_docs"]`` work in a Sphinx ``conf.py``."""
    from nnviz_docs.hosts.sphinx import setup as setup_sphinx  # noqa: PLC0415 (Sphinx is not always there)

    return setup_sphinx(app)


def makeExtension(**settings: Any) -> NnvizExtension:  # noqa: N802 (Python-Markdown's name)
    """Make ``extensions=["nnviz_docs"]`` work in Python-Markdown."""
    from nnviz_docs.hosts.markdown import NnvizExtension  # noqa: PLC0415 (Markdown is not always there)

    return NnvizExtension(**settings)
