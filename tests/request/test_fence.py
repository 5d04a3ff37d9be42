"""What the text of a fence says."""

from __future__ import annotations

import pytest

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.fence import parse_fence, parse_header


def test_a_fence_names_a_model_and_options_below_it():
    body = "pkg.mod:Net\n:input: a:tensor1;b:tensor2\n:depth:  2 \n"
    assert parse_fence(body) == ("pkg.mod:Net", {"input": "a:tensor1;b:tensor2", "depth": "2"})


def test_blank_lines_say_nothing():
    assert parse_fence("\n  pkg.Net  \n\n:depth: 2\n\n") == ("pkg.Net", {"depth": "2"})


def test_an_indented_line_goes_on_with_the_option_above_it():
    assert parse_fence("N\n:caption: one\n   two\n:depth: 2")[1] == {"caption": "one\ntwo", "depth": "2"}


def test_options_of_header_and_body_are_joined():
    assert parse_fence("N\n:depth: 2", {"input": "default"})[1] == {"input": "default", "depth": "2"}


@pytest.mark.parametrize(
    ("body", "header", "kind", "words"),
    [
        ("", {}, ProblemKind.MODEL, "no model"),
        (" \n\n", {}, ProblemKind.MODEL, "no model"),
        (":input: default", {}, ProblemKind.MODEL, "no model"),
        ("N\ninput: default", {}, ProblemKind.OPTION, "'input: default' is not an option"),
        ("N\n:depth: 1\n:depth: 2", {}, ProblemKind.OPTION, "depth: the option is given twice"),
        ("N\n:depth: 1", {"depth": "1"}, ProblemKind.OPTION, "given twice"),
        ("N\n  :depth: 1", {}, ProblemKind.OPTION, "is not an option"),
    ],
)
def test_what_is_wrong_is_said(body: str, header: dict[str, str], kind: ProblemKind, words: str):
    with pytest.raises(NnvizError) as caught:
        parse_fence(body, header)
    assert caught.value.problem.kind is kind
    assert words in str(caught.value)


def test_a_header_has_quoted_options():
    assert parse_header('input="default" caption=\'a "b"\'') == {"input": "default", "caption": 'a "b"'}
    assert parse_header("") == {}


@pytest.mark.parametrize("text", ["pkg.Net", 'depth="2" junk', "depth=2", 'depth="2'])
def test_anything_else_in_a_header_is_refused(text: str):
    with pytest.raises(NnvizError, match="is not an option"):
        parse_header(text)
