"""Where the model is, as a page writes it: ``pkg.mod.Name``, ``pkg.mod:Name``, ``path/file.py:Name``.

What can be refused without importing anything is refused here; the worker checks what the path leads to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.located import Source, checked_source, shown
from nnviz_docs.request.names import MAX_PATH, Refusal, refuse_attributes, refuse_path
from nnviz_docs.request.request import ModelPath

_FORMS = "Write package.module.Name, package.module:Name, path/file.py:Name, or a name out of torchvision."
_FILE_PART = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9_+. -]*")
_SEPARATORS = re.compile(r"[.:]")


def parse_model_path(text: str) -> ModelPath:
    """Return where the model is.

    Raises:
        NnvizError: the text is not a model path, or one that no page may use.
    """
    if not text.strip():
        raise NnvizError(ProblemKind.MODEL, "model: the path of the model is missing.", hint=_FORMS)
    source = checked_source(text, ProblemKind.MODEL, "model", limit=MAX_PATH)
    written = text.strip()
    start = text.index(written)
    _refuse_other_syntax(source, start, written)
    place, colon, chain = written.partition(":")
    if not colon:
        return _without_colon(source, start, written)
    names = tuple(chain.split("."))
    if _is_file(place):
        _check_file(source, start, place)
    else:
        _raise_refusal(source, start, written, refuse_path([*place.split("."), *names]))
    _raise_refusal(source, start + len(place) + 1, chain, refuse_attributes(names))
    return ModelPath(kind="file" if _is_file(place) else "qualified", place=place, attributes=names)


def is_allowed(path: ModelPath, patterns: Sequence[str]) -> bool:
    """Tell whether one of the site's patterns lets a page draw this model.

    A pattern such as ``mypkg.*`` is compared with the path as it is written and with dots for the colon; a
    bare name also stands under ``torchvision.models``.
    """
    forms = [str(path), str(path).replace(":", ".")]
    if path.kind == "torchvision":
        forms.append(f"torchvision.models.{path}")
    return any(fnmatchcase(form, pattern) for form in forms for pattern in patterns)


def _without_colon(source: Source, start: int, written: str) -> ModelPath:
    if _is_file(written):
        _check_file(source, start, written)
        hint = "Write path/file.py:Name, where Name is the model in the file."
        raise source.error(start + len(written), "the name of the model is missing", hint=hint)
    names = tuple(written.split("."))
    _raise_refusal(source, start, written, refuse_path(names))
    return ModelPath(kind="dotted" if len(names) > 1 else "torchvision", place="", attributes=names)


def _is_file(place: str) -> bool:
    return "/" in place or place.endswith(".py")


def _refuse_other_syntax(source: Source, start: int, written: str) -> None:
    """Refuse ``resnet18(num_classes=10)`` and Windows paths, which many would try."""
    backslash = written.find("\\")
    if backslash >= 0:
        hint = "Write folders with slashes, as in path/file.py:Name."
        raise source.error(start + backslash, "a backslash in the model's path", hint=hint)
    bracket = written.find("(")
    if bracket > 0:
        hint = f"Write {written[:bracket].rstrip()} here and the arguments in the args option."
        raise source.error(start + bracket, "arguments are not part of the model's path", hint=hint)


def _check_file(source: Source, start: int, place: str) -> None:
    fault = _file_fault(place)
    if fault:
        hint = "Write the path from the project's root, with single slashes, as in path/file.py:Name."
        raise source.error(start, f"{shown(place)} {fault}", hint=hint)


def _file_fault(place: str) -> str:
    parts = place.split("/")
    if place.startswith(("/", "~")):
        return "is not relative to the project's root"
    if ".." in parts:
        return "leads out of the project's folder"
    if not place.endswith(".py"):
        return "is not a Python file (.py)"
    if not all(_FILE_PART.fullmatch(part) for part in parts):
        return "is not a plain path"
    return ""


def _raise_refusal(source: Source, start: int, written: str, refusal: Refusal | None) -> None:
    """Raise the refusal of a part of ``written``, which starts at ``start``, at the part's own column."""
    if refusal is None:
        return
    ends = [separator.end() for separator in _SEPARATORS.finditer(written)]
    offset = start + [0, *ends][refusal.part]
    raise source.error(offset, refusal.message, hint=refusal.hint)
