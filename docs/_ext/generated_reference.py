"""The parts of the reference that are made from the declarations in the code, so that they cannot drift."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout, suppress
from functools import partial
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from nnviz_docs.drawing.restyling import style_properties
from nnviz_docs.drawing.scene import Category
from nnviz_docs.hosts.command_line import main
from nnviz_docs.request.dtypes import DTYPES
from nnviz_docs.request.factories import FACTORIES, usage
from nnviz_docs.request.inputs import FORMS
from nnviz_docs.request.options import OPTIONS
from nnviz_docs.request.settings import declared_settings


def _options() -> Iterator[str]:
    for option in OPTIONS:
        values = f" One of {_codes(option.choices)}." if option.choices else ""
        yield f".. rst:directive:option:: {option.name}: {option.metavar.lower()}"
        yield ""
        yield f"   {option.help}{values}"
        yield ""
        yield f"   Default: {option.default}."
        yield ""


def _settings() -> Iterator[str]:
    for setting in declared_settings():
        yield f".. confval:: nnviz_{setting.name}"
        yield f"   :default: ``{setting.default!r}``"
        yield ""
        yield f"   {setting.help}"
        yield ""


def _forms() -> Iterator[str]:
    for form in FORMS:
        yield f"``{form.syntax}``"
        yield f"   {form.help}"


def _factories() -> Iterator[str]:
    for name in FACTORIES:
        yield f"- ``{usage(name).replace(' or ', '`` or ``')}``"


def _dtypes() -> Iterator[str]:
    yield f"The dtypes are {_codes(DTYPES)}."


def _properties() -> Iterator[str]:
    yield ".. list-table::"
    yield "   :header-rows: 1"
    yield ""
    yield "   * - Name"
    yield "     - Default"
    for name, value in style_properties().items():
        yield f"   * - ``{name}``"
        yield f"     - ``{value}``"


def _categories() -> Iterator[str]:
    yield f"The categories are {_codes(Category)}."


def _command(name: str) -> Iterator[str]:
    help_text = io.StringIO()
    with redirect_stdout(help_text), suppress(SystemExit):
        main([name, "--help"])
    yield ".. code-block:: text"
    yield ""
    yield from (f"   {line}" for line in help_text.getvalue().splitlines())


def _codes(names: Any) -> str:
    return ", ".join(f"``{name}``" for name in names)


COMMANDS = ("draw", "trace", "check", "refresh", "cache", "stylesheet", "script")
TEXTS: Mapping[str, Callable[[], Iterator[str]]] = {
    "options": _options,
    "settings": _settings,
    "forms": _forms,
    "factories": _factories,
    "dtypes": _dtypes,
    "categories": _categories,
    "properties": _properties,
    **{name: partial(_command, name) for name in COMMANDS},
}


class Generated(SphinxDirective):
    """Puts one of the generated texts on the page: ``.. generated:: options``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the text's nodes."""
        return self.parse_text_to_nodes("\n".join(TEXTS[self.arguments[0]]()))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("generated", Generated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
