from __future__ import annotations

import re

import pytest

from nnviz_docs.drawing.scene import Category
from nnviz_docs.drawing.svg import stylesheet

PROPERTY = re.compile(r"(--nnviz-[\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
FAINTEST = 4.5
DEEPEST = 6
LIGHT = {name: light for name, light, _ in PROPERTY.findall(stylesheet())}
DARK = {name: dark for name, _, dark in PROPERTY.findall(stylesheet())}
themes = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def channels(colour):
    return [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]


def luminance(rgb):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_formula_agrees_with_known_values():
    assert contrast(channels("#000000"), channels("#ffffff")) == pytest.approx(21)
    assert contrast(channels("#777777"), channels("#ffffff")) == pytest.approx(4.48, abs=0.01)


@themes
@pytest.mark.parametrize("text", ["--nnviz-text", "--nnviz-muted"])
def test_text_stands_out_from_every_box_note_and_error(theme, text):
    fills = {name: value for name, value in theme.items() if name.endswith("-fill") and "scope" not in name}
    fills["background"] = theme["--nnviz-background"]
    ratios = {name: contrast(channels(theme[text]), channels(fill)) for name, fill in fills.items()}
    assert {name: ratio for name, ratio in ratios.items() if ratio < FAINTEST} == {}
    assert len(ratios) == len(Category) + 3


@themes
def test_text_stands_out_in_deeply_nested_frames(theme):
    opacity = float(re.search(r"fill-opacity: ([\d.]+)", stylesheet()).group(1))
    shade = channels(theme["--nnviz-background"])
    for _ in range(DEEPEST):
        tint = channels(theme["--nnviz-scope-fill"])
        shade = [opacity * a + (1 - opacity) * b for a, b in zip(tint, shade, strict=True)]
    assert contrast(channels(theme["--nnviz-muted"]), shade) >= FAINTEST


@themes
def test_arrows_and_the_failure_s_border_can_be_seen(theme):
    for name in ("--nnviz-edge", "--nnviz-failed-line", "--nnviz-way"):
        assert contrast(channels(theme[name]), channels(theme["--nnviz-background"])) >= 3


@pytest.mark.parametrize("category", list(Category))
def test_every_category_has_a_rule_and_colours(category):
    assert f".nnviz-{category} rect {{" in stylesheet()
    assert f"--nnviz-{category}-fill" in LIGHT
    assert f"--nnviz-{category}-line:" in stylesheet()


def test_every_property_that_is_used_is_defined():
    used = set(re.findall(r"var\((--[\w-]+)\)", stylesheet()))
    assert used == set(re.findall(r"^\s*(--[\w-]+):", stylesheet(), re.MULTILINE))
