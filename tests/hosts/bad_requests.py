"""Requests that are wrong in eight ways, and what every host makes of each: a box and a located warning."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

BAD = (  # model, option, kind and a part of the message
    ("no_such_package.Net", ":input: default", "nnviz.import", "no_such_package"),
    ("tests.models.dict_output.Nope", ":input: default", "nnviz.import", "Nope"),
    ("tests.models.not_a_model.Plain", ":input: default", "nnviz.model", "Plain"),
    ("tests.models.raises_in_init.Model", ":input: default", "nnviz.construct", "not today"),
    ("tests.models.raises_always.Model", ":input: tensor2x4", "nnviz.forward", "no such luck"),
    ("tests.models.identity.Model", ":input: image224junk", "nnviz.input", "image224junk"),
    ("tests.models.identity.Model", ":inputs: default", "nnviz.option", "Did you mean input"),
    ("tests.models.hangs.Model", ":input: tensor2x4", "nnviz.timeout", "12 seconds"),
)


def assert_each_is_boxed_and_warned_of(
    page: str, warnings: Sequence[str], source: Path, *, on: Literal["the model's line", "the line above"]
) -> None:
    """Check the page and warnings of a source that asks for all of `BAD`; ``on`` is where warnings point."""
    assert page.count('class="nnviz nnviz-error"') == len(BAD)
    assert len(warnings) == len(BAD)
    lines = source.read_text(encoding="utf-8").splitlines()
    for model, option, kind, message in BAD:
        above = next(n for n in range(len(lines)) if model in lines[n] and option in lines[n + 1])
        place = f"{source.name}:{above + 1 if on.startswith('the model') else above}:"
        (warning,) = (text for text in warnings if place in text)
        assert f"[{kind}]" in warning
        assert message in warning
