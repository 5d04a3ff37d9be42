"""One Python expression out of page text: its syntax tree, and where in the text each node is.

``ast.parse`` is asked only after the text's length, characters and brackets are known to be harmless.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from itertools import accumulate

from nnviz_docs.request.located import Source


@dataclass(frozen=True, slots=True)
class Expression:
    """The syntax tree of a piece of a source; ``starts`` is where each of its lines starts there."""

    source: Source
    lines: tuple[str, ...]
    starts: tuple[int, ...]
    body: ast.expr

    def offset(self, node: ast.AST) -> int:
        """Return where ``node`` is in the source, in characters."""
        line = getattr(node, "lineno", 2) - 2
        before = self.lines[line].encode()[: getattr(node, "col_offset", 0)]
        return self.starts[line] + len(before.decode(errors="ignore"))


def parse_expression(source: Source, start: int, end: int, *, opening: str = "(") -> Expression:
    """Return the expression between two offsets of a source that was scanned.

    The text is parsed inside brackets, so that it may have line breaks: ``opening`` stands before it and
    ``)`` after it, on lines of their own.

    Raises:
        NnvizError: the text is not a Python expression.
    """
    text = source.text[start:end]
    lines = tuple(text.split("\n"))
    starts = tuple(accumulate((len(line) + 1 for line in lines), initial=start))
    try:
        body = parse_quietly(f"{opening}\n{text}\n)")
    except SyntaxError as error:
        line, column = max((error.lineno or 2) - 2, 0), max((error.offset or 1) - 1, 0)
        offset = min(starts[line] + column, end)
        raise source.error(offset, f"this is not a Python value ({error.msg})") from None
    except (RecursionError, MemoryError):
        raise source.error(start, "nested too deeply", hint="Nest less deeply.") from None
    except ValueError as error:
        raise source.error(start, f"this is not a Python value ({error})") from None
    return Expression(source, lines, starts, body)


def parse_quietly(text: str) -> ast.expr:
    """Return the tree of a Python expression; what Python warns of is the page's affair, not the build's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text, mode="eval").body


def is_python(text: str) -> bool:
    """Tell whether ``text`` is a Python expression that does something; a name alone is a typing error."""
    try:
        return not isinstance(parse_quietly(text.strip()), ast.Name)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
