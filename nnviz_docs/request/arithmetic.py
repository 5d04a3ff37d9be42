"""Integer arithmetic with results of at most 64 bits, known before they are computed."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

_MAX_POWER_BITS = 128


def calculate(operation: type[ast.operator], left: int, right: int) -> int:
    """Return the result of an operation of `OPERATORS` on integers of at most 64 bits.

    Raises:
        ValueError: division by zero, or a power that is fractional or huge.
    """
    return OPERATORS[operation](left, right)


def _power(base: int, exponent: int) -> int:
    if exponent < 0:
        msg = "a negative power is not an integer"
        raise ValueError(msg)
    if abs(base) > 1 and base.bit_length() * exponent > _MAX_POWER_BITS:
        msg = "a power of more than 64 bits"
        raise ValueError(msg)
    return int(base**exponent)


def _divide(dividend: int, divisor: int) -> int:
    _refuse_zero(divisor)
    return dividend // divisor


def _remainder(dividend: int, divisor: int) -> int:
    _refuse_zero(divisor)
    return dividend % divisor


def _refuse_zero(divisor: int) -> None:
    if divisor == 0:
        msg = "division by zero"
        raise ValueError(msg)


OPERATORS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: _divide,
    ast.Mod: _remainder,
    ast.Pow: _power,
}
