"""What the builders make of the nodes: inline SVG in HTML, a text version everywhere else."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from nnviz_docs.errors import NnvizError, Problem
from nnviz_docs.figure import figure_html, problem_html
from nnviz_docs.hosts.sphinx.build import figures_of
from nnviz_docs.hosts.sphinx.nodes import nnviz_error, nnviz_figure


def visit_figure_html(translator: HTML5Translator, node: nnviz_figure) -> None:
    """Write a figure, with the id that references lead to."""
    translator.body.extend(f'<span id="{translator.attval(name)}"></span>' for name in node["ids"])
    try:
        figure = figures_of(translator.builder.env).figure(node["request"])
        translator.body.append(figure_html(figure, id_prefix=node["prefix"]))
    except NnvizError as error:
        translator.body.append(problem_html(error.problem))
    raise nodes.SkipNode


def visit_error_html(translator: HTML5Translator, node: nnviz_error) -> None:
    """Write the box of a request that is wrong."""
    translator.body.append(problem_html(node["problem"]))
    raise nodes.SkipNode


def depart_node(_translator: Any, _node: nodes.Element) -> None:
    """Do nothing: visiting has written all."""


class TextVersion(SphinxPostTransform):
    """Puts plain docutils nodes in the place of ours for builders that write no HTML."""

    default_priority = 400

    def run(self, **_kwargs: Any) -> None:
        """Replace the figures and boxes of a page."""
        if self.app.builder.format == "html":
            return
        for figure in list(self.document.findall(nnviz_figure)):
            figure.replace_self(self._figure(figure))
        for error in list(self.document.findall(nnviz_error)):
            error.replace_self(_box(error["problem"]))

    def _figure(self, node: nnviz_figure) -> list[nodes.Node]:
        request = node["request"]
        figures = figures_of(self.env)
        try:
            text, problems = figures.text(request), figures.figure(request).problems
        except NnvizError as error:
            return [_box(error.problem)]
        outline = nodes.literal_block(text, text, ids=node["ids"], names=node["names"], language="none")
        alt = [nodes.paragraph("", request.options.alt)] if request.options.alt else []
        return [*map(_box, problems), *alt, outline]


def _box(problem: Problem) -> nodes.Node:
    return nodes.warning("", nodes.paragraph("", f"{problem.title}: {problem}"))
