"""The scopes that a page names to be open or closed, whatever the depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from nnviz_docs.drawing.tree import Tree
from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.graph.model import Scope


def chosen_scopes(tree: Tree, expand: Sequence[str], collapse: Sequence[str]) -> dict[str, bool]:
    """Return for each scope that a pattern names whether it is to be open; to be closed wins.

    Raises:
        NnvizError: a pattern names no scope.
    """
    names = {item: content.name for item, content in tree.items.items() if isinstance(content, Scope)}
    names.pop(tree.root)
    chosen: dict[str, bool] = {}
    for option, patterns, is_open in (("expand", expand, True), ("collapse", collapse, False)):
        for pattern in patterns:
            found = [item for item, name in names.items() if fnmatchcase(name, pattern)]
            if not found:
                raise _nothing(option, pattern, names)
            chosen.update(dict.fromkeys(found, is_open))
    return chosen


def _nothing(option: str, pattern: str, names: Mapping[str, str]) -> NnvizError:
    close = get_close_matches(pattern, names.values(), n=1)
    hint = f"Did you mean {close[0]}?" if close else "It takes paths such as layer1.0, or layer*."
    message = f"{option}: no part of the model with parts of its own is named {pattern!r:.80}."
    return NnvizError(ProblemKind.OPTION, message, hint=hint)
