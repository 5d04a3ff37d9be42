"""Text of any origin as a short name on one line; without torch, so that its absence can be reported."""

from __future__ import annotations

from functools import lru_cache

MAX_NAME = 120
"""Longest name or value, in characters, that a description holds."""


@lru_cache(maxsize=10_000)  # the same keys and class names come with each call
def short_name(text: str, limit: int = MAX_NAME) -> str:
    """Return text on one line without control characters, cut in its middle to ``limit`` characters."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    clean = " ".join(text.split())
    if len(clean) <= limit:
        return clean
    head = (limit - 1) // 2
    return f"{clean[:head]}…{clean[len(clean) - (limit - 1 - head) :]}"
