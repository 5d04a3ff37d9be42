"""The stylesheets and the script, which stand among the site's static files."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from nnviz_docs.errors import NnvizError
from nnviz_docs.figure import SCRIPT, STYLESHEET, style_css
from nnviz_docs.hosts.sphinx.build import read_settings

_STYLE = "nnviz-style.css"


def add_static_files(_app: Sphinx, config: Config) -> None:
    """Have Sphinx copy the stylesheet and the script (``config-inited``)."""
    config.html_static_path += [str(STYLESHEET), str(SCRIPT)]


def link_static_files(app: Sphinx) -> None:
    """Link them on each page, and write the stylesheet of the site's own style (``builder-inited``)."""
    if app.builder.format != "html":
        return
    settings = read_settings(app.config)
    try:
        style = style_css(settings)
    except NnvizError as error:
        raise ConfigError(str(error)) from error
    app.add_css_file(STYLESHEET.name)
    if style:
        static = app.outdir / "_static"
        static.mkdir(parents=True, exist_ok=True)
        (static / _STYLE).write_text(style, encoding="utf-8")
        app.add_css_file(_STYLE)
    if settings.interactive:
        app.add_js_file(SCRIPT.name, loading_method="defer")
