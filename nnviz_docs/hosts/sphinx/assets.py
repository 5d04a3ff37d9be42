"""The stylesheet, which Sphinx copies to the site's static files."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.config import Config

from nnviz_docs.figure import STYLESHEET


def add_stylesheet(app: Sphinx, config: Config) -> None:
    """Add the stylesheet to each page (``config-inited``)."""
    config.html_static_path.append(str(STYLESHEET))
    app.add_css_file(STYLESHEET.name)
