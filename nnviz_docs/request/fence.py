"""The text of a Markdown fence: a model, and below it the options as a directive writes them.

The hosts of Markdown share it with MyST, so that one text means the same figure everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.located import shown

_OPTION = re.compile(r":([A-Za-z][\w-]{0,99}):(?:\s+(.*))?")
_HEADER_OPTION = re.compile(r"([A-Za-z][\w-]{0,99})=(?:\"([^\"]*)\"|'([^']*)')\s*")


def parse_fence(body: str, header: Mapping[str, str] | None = None) -> tuple[str, dict[str, str]]:
    """Return the model and the options of a fence, out of its body and the options in its header.

    Raises:
        NnvizError: there is no model, a line is no option, or an option is given twice.
    """
    lines = [line.rstrip() for line in body.splitlines() if line.strip()]
    if not lines or _OPTION.fullmatch(lines[0].strip()):
        hint = "Write it on the fence's first line: package.module.Name"
        raise NnvizError(ProblemKind.MODEL, "The fence names no model.", hint=hint)
    options = dict(header or {})
    for name, text in _options(lines[1:]):
        if name in options:
            raise NnvizError(ProblemKind.OPTION, f"{name}: the option is given twice.", hint="Keep one.")
        options[name] = text
    return lines[0].strip(), options


def parse_header(text: str) -> dict[str, str]:
    """Return the options in a fence's header, such as ``input="default" depth="2"``.

    Raises:
        NnvizError: there is something else in it.
    """
    options: dict[str, str] = {}
    position = 0
    while position < len(text):
        match = _HEADER_OPTION.match(text, position)
        if match is None:
            message = f"{shown(text[position:].strip())} in the fence's header is not an option."
            hint = 'Options in the header look like input="default" depth="2".'
            raise NnvizError(ProblemKind.OPTION, message, hint=hint)
        options[match[1]] = match[2] if match[2] is not None else match[3]
        position = match.end()
    return options


def _options(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield names and texts; a line that is indented goes on with the text of the option above it."""
    name, texts = "", list[str]()
    for line in lines:
        match = _OPTION.fullmatch(line)
        if match:
            if name:
                yield name, "\n".join(texts)
            name, texts = match[1], [match[2] or ""]
        elif name and line[0].isspace():
            texts.append(line.strip())
        else:
            hint = "Below the model, a fence has options such as :input: default."
            raise NnvizError(ProblemKind.OPTION, f"{shown(line.strip())} is not an option.", hint=hint)
    if name:
        yield name, "\n".join(texts)
