from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz_docs.drawing.text import ELLIPSIS, LONGEST, clean, shorten, text_width
from nnviz_docs.drawing.wording import bytes_text, count_text, flops_text, share_text


@pytest.mark.parametrize(
    ("text", "bold", "thousandths"),
    [
        ("A", False, 667),
        ("A", True, 722),
        ("il", False, 444),
        ("W@", False, 1959),
        ("0123", True, 2224),
        ("é", False, 556),
    ],
)
def test_widths_are_those_of_helvetica(text, bold, thousandths):
    assert text_width(text, 1000, bold=bold) == thousandths


def test_every_printable_latin_character_has_its_own_width():
    latin = [chr(code) for code in (*range(0x20, 0x7F), *range(0xA1, 0x100)) if code != 0xAD]
    unknown = text_width("漢", 10)
    assert [c for c in latin if c not in "@Æ¼½¾…" and text_width(c, 10) >= unknown] == []


def test_text_in_other_scripts_gets_room_for_its_widest_glyphs():
    assert text_width("漢字", 11) >= 22
    assert text_width("🦊", 11) >= 1.3 * 11
    assert text_width("ﷺ", 11) > 5 * 11  # a ligature of eighteen letters


@given(st.text())
def test_cleaned_text_has_no_control_characters_bidi_marks_or_line_breaks(text):
    harmful = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert not harmful & {unicodedata.category(character) for character in clean(text)}
    assert len(clean(text)) <= LONGEST + 1


@given(st.text(max_size=200), st.integers(20, 300), st.booleans())
def test_shortened_text_fits(text, width, bold):
    assert text_width(shorten(text, width, 11, bold=bold), 11, bold=bold) <= width


def test_long_text_loses_its_middle_and_keeps_both_ends():
    short = shorten("features.denseblock4.denselayer16.conv2", 140, 11)
    assert short.startswith("features.")
    assert short.endswith(".conv2")
    assert ELLIPSIS in short


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (9408, "9,408"),
        (999_999, "999,999"),
        (1_220_000, "1.22M"),
        (14_100_000, "14.1M"),
        (70_553_706_496, "70.6B"),
        (999_900_000, "1,000M"),
    ],
)
def test_counts_read_as_people_say_them(number, text):
    assert count_text(number) == text


@pytest.mark.parametrize(
    ("part", "text"),
    [(1, "<0.01%"), (8, "0.08%"), (90, "0.9%"), (520, "5.2%"), (6000, "60%"), (10_000, "100%")],
)
def test_shares_have_about_two_digits(part, text):
    assert share_text(part, 10_000 if part > 1 else 100_000) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 FLOPs"),
        (999, "999 FLOPs"),
        (1000, "1 kFLOPs"),
        (1_814_073_344, "1.81 GFLOPs"),
        (999_999_999, "1 GFLOPs"),
        (35_127_656_448, "35.1 GFLOPs"),
        (2 * 10**18, "2,000 PFLOPs"),
    ],
)
def test_operations_read_with_the_unit_that_fits(number, text):
    assert flops_text(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(4, "4 bytes"), (1023, "1,023 bytes"), (1024, "1 KiB"), (12_900_000, "12.3 MiB"), (2**20 - 1, "1 MiB")],
)
def test_memory_reads_with_the_unit_that_fits(number, text):
    assert bytes_text(number) == text
