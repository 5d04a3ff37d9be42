"""Our fence in SuperFences, whose rules for nesting it follows in lists, admonitions, quotes and tabs.

Where the site uses SuperFences, the fence joins it. Where it does not, a SuperFences of our own reads this
fence alone: it passes over every other fence, so that nothing else on the page changes, and a longer fence
around ours keeps it verbatim as it does everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markdown import Markdown
from pymdownx.superfences import (
    CodeStash,
    SuperFencesBlockPreprocessor,
    SuperFencesCodeBlockProcessor,
    SuperFencesCodeExtension,
)

FENCE = "nnviz"
_SITES_FENCES = "fenced_code_block"
_JUST_BEFORE_SITES_FENCES = 25.5
_INDENTED_CODE = "code"

Format = Callable[[str, Mapping[str, str]], str]
"""Makes HTML out of a fence's body and the options in its header."""


class Fences(SuperFencesBlockPreprocessor):
    """Our fence in one converter. As a preprocessor it reads our fence alone, and only where it has to.

    Args:
        md: The converter.
        form: Makes what is put in the fence's place.
    """

    def __init__(self, md: Markdown, form: Format) -> None:
        super().__init__(md)
        self._entry = _entry(form)
        self._is_needed = False
        self.extension = SuperFencesCodeExtension(relaxed_headers=True)
        self.extension.stash = CodeStash()
        self.extension.superfences = [
            {"name": "any", "test": lambda _language: True, "formatter": None, "validator": _accept},
            self._entry,
        ]
        self.config = self.extension.getConfigs()
        self.relaxed_headers = True
        md.preprocessors.register(self, "nnviz_fence", _JUST_BEFORE_SITES_FENCES)

    def start(self) -> None:
        """Find out who reads the fence, when all extensions are there, in whatever order they came."""
        md = self.md
        sites = md.preprocessors[_SITES_FENCES] if _SITES_FENCES in md.preprocessors else None  # noqa: SIM401 (has no get)
        self._is_needed = not isinstance(sites, SuperFencesBlockPreprocessor)
        if sites is not None and not self._is_needed:
            entries = sites.extension.superfences
            if self._entry not in entries:
                entries.append(self._entry)
            return
        self.extension.stash.clear_stash()
        indented = SuperFencesCodeBlockProcessor(md.parser)
        indented.config, indented.extension = self.config, self.extension
        md.parser.blockprocessors.register(indented, _INDENTED_CODE, 80)

    def run(self, lines: list[str]) -> list[str]:
        """Read the fence unless the site's SuperFences does."""
        return super().run(lines) if self._is_needed else lines

    def get_hl_settings(self) -> None:
        """Ask no highlighter for settings: nothing here is highlighted."""
        self.attr_list = False


def _entry(form: Format) -> dict[str, Any]:
    """Return what SuperFences keeps of a fence."""

    def formatter(src: str, options: Mapping[str, str], **rest: Any) -> str:
        named = {"class": " ".join(rest.get("classes", ())), "name": rest.get("id_value", "")}
        return form(src, {**options, **{name: text for name, text in named.items() if text}})

    return {
        "name": FENCE,
        "test": lambda language: language == FENCE,
        "formatter": formatter,
        "validator": _accept,
        "reset": None,
    }


def _accept(
    _language: str, inputs: Mapping[str, str], options: dict[str, str], _attrs: object, _md: object
) -> bool:
    """Accept any header; what is wrong with it is said by the figure's own error box."""
    options.update(inputs)
    return True
