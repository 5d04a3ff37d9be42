"""What a drawing is written as and read from: the same value, or a refusal."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz_docs.drawing.drawing import Drawing
from nnviz_docs.drawing.records import record_from_json, record_to_json
from nnviz_docs.drawing.shapes import draw_image
from nnviz_docs.drawing.tables import build_tables
from tests.drawing.drawn import EXAMPLES, figure, view_of

WRONG = (None, True, -1, 1e9, float("nan"), "no such thing", [], [[]], {}, ["a"] * 9)


def drawing(name: str) -> Drawing:
    scene, layout = figure(EXAMPLES[name])
    tables = build_tables(view_of(EXAMPLES[name]), "layers")
    return Drawing(
        depth=2, image=draw_image(scene, layout), description="One.", notes=("A", "B"), tables=tables
    )


def places(document: Any) -> Iterator[tuple[list[Any], int]]:
    """Yield each place in nested lists."""
    for number, item in enumerate(document):
        yield document, number
        if isinstance(item, list):
            yield from places(item)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_drawing_is_read_as_it_was_written(name: str):
    written = drawing(name)
    found = record_from_json(Drawing, json.loads(json.dumps(record_to_json(written))))
    assert found == written


def test_what_is_not_a_drawing_is_refused_wherever_it_is_wrong():
    """Each place in turn gets each wrong value: what is read then has the types that are declared."""
    whole = record_to_json(drawing("nested"))
    refused = 0
    for number in range(sum(1 for _ in places(whole))):
        for value in WRONG:
            document = copy.deepcopy(whole)
            where, index = list(places(document))[number]
            where[index] = value
            try:
                found = record_from_json(Drawing, document)
            except ValueError:
                refused += 1
            else:
                assert record_to_json(found) == document
    assert refused > 400


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_any_other_json_is_refused(document: object):
    with pytest.raises(ValueError, match=r"not|zip"):
        record_from_json(Drawing, document)
