"""Sizes of what is drawn, in pixels."""

from __future__ import annotations

TEXT_SIZE = 11
TITLE_SIZE = 13
HEADING_SIZE = 15
TITLE_HEIGHT = 18
LINE_HEIGHT = 15
ROW_HEIGHT = 16
INDENT = 8
KEY_GAP = 8
BOX_PADDING = (12, 7)
LABEL_PADDING = (6, 3)
FRAME_TITLE_HEIGHT = 18
MARGIN = 8
"""Around the whole."""
HEADING_HEIGHT = 34
