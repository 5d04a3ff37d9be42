"""How numbers and data read in figures, tables and text."""

from __future__ import annotations

from collections.abc import Sequence

from nnviz_docs.drawing.text import clean
from nnviz_docs.graph.data import Data, Leaf, Opaque, Scalar, Tensor, leaves

_UNITS = ((10**12, "T"), (10**9, "B"), (10**6, "M"))


def leaf_text(leaf: Leaf) -> str:
    """Return one line for data that holds no other: ``float32 [1, 64, 112, 112]``, ``int 5``."""
    match leaf:
        case Tensor(shape=shape, dtype=dtype, device=device):
            sizes = ", ".join(map(str, shape))
            return clean(f"{dtype} [{sizes}]{' on ' * bool(device)}{device}")
        case Scalar(type=name, value=value):
            return clean(f"{name} {value}")
        case Opaque(type=name):
            return clean(name)


def data_text(data: Data) -> str:
    """Return one line for any data; nested data is named by its type and number of tensors."""
    if isinstance(data, Tensor | Scalar | Opaque):
        return leaf_text(data)
    held = [leaf for _, leaf in leaves(data)]
    if len(held) == 1:
        return f"{clean(data.type)} of {leaf_text(held[0])}"
    return f"{clean(data.type)} of {len(held)} values" if held else f"empty {clean(data.type)}"


def count_text(number: int) -> str:
    """Return a count as people say it: ``9,408``, ``1.22M``, ``70.6B``."""
    for unit, letter in _UNITS:
        if number >= unit:
            count = number / unit
            return f"{count:.3g}{letter}" if count < 999.5 else f"{count:,.0f}{letter}"
    return f"{number:,}"


def amount_text(number: int) -> str:
    """Return an amount with about three digits and the letter of its unit: ``3.63 G``, ``512``."""
    return _scaled(number, 1000, ("", "k", "M", "G", "T", "P"))


def flops_text(number: int) -> str:
    """Return a number of floating point operations: ``3.63 GFLOPs``."""
    amount = amount_text(number)
    return f"{amount}{'' if amount[-1].isalpha() else ' '}FLOPs"


def bytes_text(number: int) -> str:
    """Return an amount of memory: ``12.3 MiB``."""
    return _scaled(number, 1024, ("bytes", "KiB", "MiB", "GiB", "TiB"))


def _scaled(number: int, step: int, units: Sequence[str]) -> str:
    value, power = float(number), 0
    while round(value) >= step and power < len(units) - 1:
        value, power = value / step, power + 1
    text = f"{value:.3g}" if power and value < 100 else f"{value:,.0f}"
    return f"{text} {units[power]}".rstrip()


def share_text(part: int, whole: int) -> str:
    """Return a share as a percentage with about two digits: ``0.08%``, ``5.2%``, ``60%``."""
    percent = 100 * part / whole
    if percent < 0.01:
        return "<0.01%"
    digits = 2 if percent < 0.1 else 1
    text = f"{percent:.{digits}f}"
    return f"{text.removesuffix('.0')}%"


def plural(number: int, noun: str, nouns: str = "") -> str:
    """Return ``1 module``, ``69 modules``; ``nouns`` is the plural that does not just add an s."""
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"
