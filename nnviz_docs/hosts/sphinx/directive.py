"""The directive ``.. nnviz:: MODEL``: checks what the page says, and leaves a request in the doctree."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.hosts.sphinx.build import note_request, settings_of, warn
from nnviz_docs.hosts.sphinx.nodes import nnviz_error, nnviz_figure
from nnviz_docs.request.fence import parse_fence, parse_header
from nnviz_docs.request.options import OPTIONS, parse_request
from nnviz_docs.request.request import FigureRequest


class _AnyOption(dict[str, Callable[[str], Any]]):
    """Lets unknown options through to our own message; docutils' would leave the page without a box."""

    def __missing__(self, _name: str) -> Callable[[str], Any]:
        return directives.unchanged


class NnvizDirective(SphinxDirective):
    """Puts the figure of a model on a page."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = _AnyOption({option.name: directives.unchanged for option in OPTIONS})

    def run(self) -> list[nodes.Node]:
        """Return the figure's node, or the box with what is wrong with the request."""
        try:
            return [self._figure(self._request())]
        except NnvizError as error:
            warn(error.problem, self.get_location())
            self.env.note_reread()
            return [nnviz_error("", problem=error.problem)]

    def _request(self) -> FigureRequest:
        if self.content:
            model, options = self._fence()
        elif self.arguments:
            model, options = " ".join(self.arguments[0].split()), self.options
        else:
            hint = "Write it behind the directive's name: .. nnviz:: package.module.Name"
            raise NnvizError(ProblemKind.MODEL, "The directive names no model.", hint=hint)
        return parse_request(model, options, settings_of(self.env))

    def _fence(self) -> tuple[str, dict[str, str]]:
        """Return what a plain Markdown fence says, which MyST hands over as a directive with content."""
        header = " ".join(self.arguments)
        if header and "=" not in header:
            raise NnvizError(
                ProblemKind.OPTION,
                "The directive has no content, only a model and options.",
                hint="Put the options right below the directive's line, without a blank line between.",
            )
        return parse_fence("\n".join(self.content), {**self.options, **parse_header(header)})

    def _figure(self, request: FigureRequest) -> nodes.Element:
        options = request.options
        node = nnviz_figure("", request=request, prefix=self._id_prefix())
        self.set_source_info(node)
        note_request(self.env, request, self.get_location())
        if not options.caption:
            self.add_name(node)
            return node
        figure = nodes.figure("", node, classes=["nnviz-figure"])
        if options.align:
            figure["align"] = options.align
        text, messages = self.parse_inline(options.caption, lineno=self.lineno)
        caption = nodes.caption(options.caption, "", *text)
        caption.extend(messages)
        self.set_source_info(caption)
        figure += caption
        self.set_source_info(figure)
        self.add_name(figure)
        return figure

    def _id_prefix(self) -> str:
        """Return a prefix for ids that no other figure has, on this page or on one that includes it."""
        page = hashlib.sha256(self.env.docname.encode()).hexdigest()[:6]
        return f"nnviz-{page}-{self.env.new_serialno('nnviz')}"
