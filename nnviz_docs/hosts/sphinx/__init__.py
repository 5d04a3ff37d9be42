"""The Sphinx host: the directive ``.. nnviz::``, the site's settings, and the figures in each builder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from nnviz_docs import __version__
from nnviz_docs.hosts.sphinx.assets import add_static_files, link_static_files
from nnviz_docs.hosts.sphinx.build import (
    find_outdated,
    forget_document,
    make_figures,
    merge_requests,
    note_documents,
    prepare_figures,
)
from nnviz_docs.hosts.sphinx.directive import NnvizDirective
from nnviz_docs.hosts.sphinx.nodes import nnviz_error, nnviz_figure
from nnviz_docs.hosts.sphinx.writers import TextVersion, depart_node, visit_error_html, visit_figure_html
from nnviz_docs.request.settings import declared_settings

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["setup"]

READ_SETTINGS = {"budget", "depth", "models", "python_inputs"}
"""Settings that alter what the directive reads; the others alter only what is made of it."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    for setting in declared_settings():
        rebuild: Literal["env", "html"] = "env" if setting.name in READ_SETTINGS else "html"
        # Without a default Sphinx leaves conversion and check to us, whose messages say what is taken.
        app.add_config_value(f"nnviz_{setting.name}", None, rebuild)
    app.add_directive("nnviz", NnvizDirective)
    app.add_node(nnviz_figure, html=(visit_figure_html, depart_node))
    app.add_node(nnviz_error, html=(visit_error_html, depart_node))
    app.add_post_transform(TextVersion)
    app.connect("config-inited", add_static_files)
    app.connect("builder-inited", make_figures)
    app.connect("builder-inited", link_static_files)
    app.connect("env-get-outdated", find_outdated)
    app.connect("env-before-read-docs", note_documents)
    app.connect("env-purge-doc", forget_document)
    app.connect("env-merge-info", merge_requests)
    app.connect("env-updated", prepare_figures)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
