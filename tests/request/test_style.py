"""A site's own colours and font: what is taken, and that nothing leaves its declaration."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nnviz_docs.drawing.restyling import restyled, style_properties
from nnviz_docs.errors import NnvizError
from nnviz_docs.request.settings import settings_from
from nnviz_docs.request.style import read_style

GOOD = (
    "#222",
    "rebeccapurple",
    "rgb(1 2 3 / 50%)",
    "var(--pst-color-text-base)",
    "color-mix(in oklch, red, blue)",
)
BAD = (
    "",
    " ",
    "red; } body { display: none",
    "red}",
    "url(//evil.test/x)",
    "URL(x)",
    "rgb(1 2 3",
    "rgb 1)",
    "red, blue",
    "red blue",
    "rgb(1 2 3)red",
    "rgb(1 2 3) rgb(1 2 3)",
    "var(--a) red",
    "#12345",
    "#ggg",
    "50%",
    "1px",
    "red /* ",
    "red */",
    "red\\3b",
    "red\n",
    "expression(1)",
    "light-dark(red, blue)",
    "'red'",
    "red !important",
    "@import x",
    "<script>",
    "٣",
    3,
    None,
    [],
    ["red", "blue", "green"],
    ["red", 3],
)


@pytest.mark.parametrize("value", GOOD)
def test_colours_are_taken_for_both_modes_or_for_each(value: str) -> None:
    assert restyled(read_style({"text": value})) == f":root {{\n  --nnviz-text: {value};\n}}\n"
    assert f"light-dark({value}, #000)" in restyled(read_style({"text": [value, "#000"]}))


@pytest.mark.parametrize("value", BAD)
def test_what_is_no_colour_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="for text a CSS colour"):
        read_style({"text": value})


@pytest.mark.parametrize("value", ["Inter", 'Inter, "Open Sans", sans-serif', "'IBM Plex Sans'"])
def test_fonts_are_taken(value: str) -> None:
    assert f"--nnviz-font: {value};" in restyled(read_style({"font": value}))


@pytest.mark.parametrize(
    "value", ["", "Inter;", "'Inter", "Inter'", "var(--x)", "Inter\n", ["Inter", "Arial"], 3]
)
def test_what_is_no_list_of_fonts_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="names of fonts"):
        read_style({"font": value})


@pytest.mark.parametrize("value", ["red", "[1]", "{", ["text"], 3, "[" * 5000])
def test_what_is_no_dict_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="takes names and values"):
        read_style(value)


def test_a_command_gives_a_dict_as_json() -> None:
    assert read_style('{"text": ["#111", "#eee"]}') == (("text", ("#111", "#eee")),)


@pytest.mark.parametrize("name", ["te xt", "text:red;x", "--nnviz-text", "", "TEXT"])
def test_names_are_names(name: str) -> None:
    with pytest.raises(NnvizError, match="no name of a property"):
        settings_from({"style": {name: "red"}})


def test_an_unknown_name_is_answered_with_the_one_meant() -> None:
    with pytest.raises(NnvizError, match="Did you mean convolution-fill"):
        restyled(read_style({"convolution-fil": "red"}))
    with pytest.raises(NnvizError, match="There are background, text"):
        restyled(read_style({"zzz": "red"}))


def test_every_property_of_the_stylesheet_may_be_set_and_no_style_is_no_rule() -> None:
    names = style_properties()
    assert {"background", "text", "font", "convolution-fill", "convolution-line", "way"} <= set(names)
    assert restyled(read_style(dict.fromkeys(names, "Inter"))).count(";") == len(names)
    assert restyled(()) == ""


@given(st.sampled_from(["text", "font"]), st.text() | st.text("()/*;:{}'\"\\, ar#1\n", max_size=12))
@example("font", '"a\'b"')
def test_any_value_that_is_taken_stays_a_single_declaration(name: str, value: str) -> None:
    try:
        rule = restyled(read_style({name: value}))
    except ValueError:
        return
    declaration = re.fullmatch(r":root \{\n  --nnviz-\w+: ([^;{}<>\\\n]*);\n\}\n", rule)
    assert declaration
    quoteless = re.sub(r"\"[^\"]*\"|'[^']*'", "", declaration[1])
    assert not set(quoteless) & set("\"'")
    assert "/*" not in quoteless
    assert quoteless.count("(") == quoteless.count(")")
