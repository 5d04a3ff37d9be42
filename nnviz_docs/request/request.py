"""The request for a figure: a value that says all that the page said, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from nnviz_docs.request.depths import Depth
from nnviz_docs.request.values import Value


class TraceMode(StrEnum):
    """How the page wants the model traced; the value of the ``trace`` option."""

    AUTO = "auto"
    DATA = "data"
    SYMBOLIC = "symbolic"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelPath:
    """Where the model is.

    ``dotted`` is ``pkg.mod.Name`` (where the module ends is found out by importing), ``qualified`` is
    ``pkg.mod:Name.attr``, ``file`` is ``path/file.py:Name`` relative to the project's root, ``torchvision``
    is a bare name out of torchvision's list. ``place`` is the module, the file, or empty; ``attributes`` is
    the chain of names, for ``dotted`` the whole path.
    """

    kind: Literal["dotted", "qualified", "file", "torchvision"]
    place: str
    attributes: tuple[str, ...]

    def __str__(self) -> str:
        """Return the path as a page writes it."""
        name = ".".join(self.attributes)
        return f"{self.place}:{name}" if self.place else name


@dataclass(frozen=True, kw_only=True, slots=True)
class Arguments:
    """Constructor arguments: positional, then named in the order written."""

    positional: tuple[Value, ...] = ()
    named: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Inputs:
    """What ``forward`` is called with.

    Either ``named`` values, bound to parameters by name; or one ``unnamed`` value (a tuple of one), which
    goes to ``x`` when ``forward`` has it, else to the first parameter; or Python ``code``, for sites that
    allow it, whose value is bound like an unnamed one. A dict whose keys are parameters is bound by name.
    """

    unnamed: tuple[Value] | None = None
    named: tuple[tuple[str, Value], ...] = ()
    code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TraceRequest:
    """All that a traced graph depends on, besides the code of the model: the lookup key of the cache."""

    model: ModelPath
    arguments: Arguments = Arguments()
    inputs: Inputs | None = None
    mode: TraceMode = TraceMode.AUTO


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureOptions:
    """How the figure is drawn and placed; declared with their texts in `nnviz_docs.request.options`.

    ``depth`` is the number of module levels that are opened, None for all, as long as there are no more
    than ``boxes``; of several depths each is drawn, and the first is seen first. ``fold`` draws copies in
    a row once. ``collapse`` and ``expand`` are paths or patterns of modules that are drawn closed and
    open, ``layer`` is the path of the only one to draw. ``show`` are the facts in a box.
    """

    depth: Depth = 2
    boxes: int = 60
    fit: bool = True
    fold: bool = True
    collapse: tuple[str, ...] = ()
    expand: tuple[str, ...] = ()
    layer: str = ""
    direction: Literal["TB", "LR"] = "TB"
    show: tuple[str, ...] = ("path", "params", "share")
    tables: Literal["none", "io", "edges", "layers", "auto"] = "auto"
    caption: str = ""
    alt: str = ""
    name: str = ""
    align: Literal["left", "center", "right", ""] = ""
    classes: tuple[str, ...] = ()
    width: str = ""
    height: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureRequest:
    """One figure on a page: what to trace and how to draw it."""

    trace: TraceRequest
    options: FigureOptions = FigureOptions()
