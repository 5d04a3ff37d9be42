"""The MkDocs host, for ProperDocs too: ``plugins: [search, nnviz]`` is all that a site writes.

A thin layer on the Python-Markdown extension: the site's settings, the stylesheet, one tracing of all pages'
models before the first page is written, and watched model files in ``mkdocs serve``.
"""

from __future__ import annotations

from nnviz_docs.hosts.mkdocs.plugin import NnvizPlugin

__all__ = ["NnvizPlugin"]
