"""Which packages a project's code asks for while it runs, those among them that were imported long before."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
from typing import Any


class ImportRecorder:
    """Notes the outermost names in the import statements that run in a project's files.

    A statement inside a function leaves no trace in its module, and none in the import system when the
    package is there already. Only the interpreter's own hook for such statements sees it.

    Args:
        is_project_file: Tells whether a file is the project's.
    """

    def __init__(self, is_project_file: Callable[[str], bool]) -> None:
        self.packages: set[str] = set()
        self._is_project_file = is_project_file

    def install(self) -> None:
        """Start to note; for a process that traces one model and ends."""
        original = builtins.__import__

        def note_and_import(
            name: str,
            globals: Mapping[str, object] | None = None,  # noqa: A002 (the hook's own names)
            locals: Mapping[str, object] | None = None,  # noqa: A002
            fromlist: Sequence[str] | None = (),
            level: int = 0,
        ) -> Any:
            path = globals.get("__file__") if globals and level == 0 else None
            if isinstance(path, str) and self._is_project_file(path):
                self.packages.add(name.partition(".")[0])
            return original(name, globals, locals, fromlist or (), level)

        builtins.__import__ = note_and_import
