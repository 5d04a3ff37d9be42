"""The doctree nodes: requests and problems, small and picklable; the graphs stay in the cache."""

from __future__ import annotations

from docutils import nodes


class nnviz_figure(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes like their tags)
    """A figure to be drawn: ``request`` is its `FigureRequest`, ``prefix`` begins the ids inside it."""


class nnviz_error(nodes.General, nodes.Element):  # noqa: N801
    """An error box in the place of a figure: ``problem`` is its `Problem`."""
