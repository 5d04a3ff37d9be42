"""The Python-Markdown host: the fence ``nnviz`` in any tool that renders with Python-Markdown.

`NnvizExtension` is all that MkDocs' plugin, Zensical or a script needs to know.
"""

from __future__ import annotations

from nnviz_docs.hosts.markdown.collection import Collection
from nnviz_docs.hosts.markdown.extension import NnvizExtension

__all__ = ["Collection", "NnvizExtension"]
