"""The fence in plain Python-Markdown: where it is read, and where it is left alone."""

from __future__ import annotations

import logging
import re
from itertools import permutations
from pathlib import Path

import pytest

pytest.importorskip("pymdownx")
from markdown import Markdown, markdown

from nnviz_docs.errors import NnvizError
from nnviz_docs.hosts.markdown import NnvizExtension

ROOT = Path(__file__).parents[2]
MODEL = "tests.models.shared_module:Model"
WRONG = "```nnviz\ntests.models.identity.Model\n:input: image224junk\n```\n"
"""A request that is refused without any tracing."""


def convert(text: str, *extensions: str, **settings: object) -> str:
    """Render a page with the extension behind the others."""
    return markdown(text, extensions=[*extensions, NnvizExtension(root=str(ROOT), **settings)])


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING)
    return caplog


def boxes(html: str) -> int:
    return html.count('class="nnviz nnviz-error"')


@pytest.mark.torch
def test_a_fence_becomes_a_figure(tmp_path: Path, warnings: pytest.LogCaptureFixture):
    text = f"# T\n\n```nnviz\n{MODEL}\n:input: tensor1x3x16\n:name: Two pools\n:caption: Two *pools*.\n```\n"
    html = convert(text, cache_dir=str(tmp_path))
    assert html.count('class="nnviz-svg"') == 1
    assert "float32 [1, 3, 8]" in html
    assert "<figcaption><p>Two <em>pools</em>.</p>" in html
    assert 'id="two-pools"' in html
    assert not warnings.records


@pytest.mark.torch
def test_the_log_tells_how_a_model_was_traced(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, "nnviz_docs")
    caplog.set_level(logging.DEBUG, "mkdocs.plugins.nnviz")
    convert("```nnviz\ntests.models.cpu_in_forward:Model\n:input: tensor2x4\n```\n", cache_dir=str(tmp_path))
    (told,) = caplog.messages
    assert "cpu_in_forward:Model was traced by a run on fake tensors (meta: RuntimeError: " in told


@pytest.mark.torch
def test_figures_on_a_page_share_no_ids_and_come_out_the_same_again(tmp_path: Path):
    fence = f"```nnviz\n{MODEL}\n```\n\n"
    converter = Markdown(extensions=[NnvizExtension(root=str(ROOT), cache_dir=str(tmp_path))])
    html = converter.convert(fence * 3)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert ids
    assert len(ids) == len(set(ids))
    assert converter.reset().convert(fence * 3) == html


@pytest.mark.parametrize(
    "extensions",
    [
        *permutations(["pymdownx.superfences", "nnviz_docs"]),
        *permutations(["fenced_code", "nnviz_docs"]),
        *permutations(["pymdownx.highlight", "pymdownx.superfences", "nnviz_docs"]),
        ("nnviz_docs",),
    ],
)
def test_extensions_may_come_in_any_order(extensions: tuple[str, ...], warnings: pytest.LogCaptureFixture):
    html = markdown(f"# T\n\n{WRONG}", extensions=list(extensions))
    assert boxes(html) == 1
    assert "<code" not in html
    assert [record.getMessage().partition(" ")[0] for record in warnings.records] == ["3:"]


@pytest.mark.parametrize("fences", ["pymdownx.superfences", "fenced_code", "sane_lists"])
def test_a_fence_is_read_inside_other_blocks(fences: str, warnings: pytest.LogCaptureFixture):
    inner = WRONG.replace("\n", "\n    ").rstrip()
    text = (
        f'- item\n\n    {inner}\n\n!!! note "N"\n    {inner}\n\n> {WRONG.replace(chr(10), chr(10) + "> ")}\n'
    )
    html = convert(text, "admonition", fences)
    assert boxes(html) == 3
    assert re.search(r"<li>.*nnviz-error.*</li>", html, flags=re.DOTALL)
    assert re.search(r'<div class="admonition note">.*nnviz-error', html, flags=re.DOTALL)
    assert re.search(r"<blockquote>.*nnviz-error.*</blockquote>", html, flags=re.DOTALL)
    assert [int(record.getMessage().partition(":")[0]) for record in warnings.records] == [3, 9, 14]


@pytest.mark.parametrize("fences", ["pymdownx.superfences", "fenced_code"])
def test_examples_of_the_fence_stay_examples(fences: str, warnings: pytest.LogCaptureFixture):
    indented = "    " + WRONG.replace("\n", "\n    ")
    text = f"````markdown\n{WRONG}````\n\ntext\n\n{indented}\n\n~~~\n{WRONG}~~~\n"
    html = convert(text, fences)
    assert html.count("image224junk") == 3
    assert boxes(html) == 0
    assert not warnings.records


OTHER_FENCES = """\
```python
x = 1
```

```python title="x.py" hl_lines="1"
x = 1
```

```{.python .extra #id}
x = 1
```

```python {junk} here
x = 1
```

    ```
    indented
    ```

``` nnvizzy
x
```

`nnviz` and ``code``
"""


@pytest.mark.parametrize(
    "extensions", [[], ["fenced_code"], ["pymdownx.superfences"], ["codehilite", "fenced_code", "attr_list"]]
)
def test_nothing_else_on_the_page_changes(extensions: list[str]):
    assert convert(OTHER_FENCES, *extensions) == markdown(OTHER_FENCES, extensions=extensions)


def test_options_in_the_header_are_read(warnings: pytest.LogCaptureFixture):
    for header in ('nnviz input="image224junk"', '{.nnviz input="image224junk"}'):
        assert boxes(convert(f"```{header}\ntests.models.identity.Model\n```\n")) == 1
    assert all("image224junk" in record.getMessage() for record in warnings.records)
    assert len(warnings.records) == 2


@pytest.mark.parametrize("header", ["nnviz depht", 'nnviz depht="2"', "{.nnviz depht=2}"])
def test_a_wrong_header_gives_a_box_too(header: str, warnings: pytest.LogCaptureFixture):
    assert boxes(convert(f"```{header}\ntests.models.identity.Model\n```\n")) == 1
    assert "Did you mean depth" in warnings.records[0].getMessage()


def test_hostile_text_is_shown_as_text():
    text = "```nnviz\n<script>alert(1)</script>\n:caption: x\n```\n"
    html = convert(text)
    assert boxes(html) == 1
    assert "<script" not in html


def test_a_fence_that_ends_nowhere_is_no_fence():
    assert boxes(convert("```nnviz\ntests.models.identity.Model\n")) == 0


def test_a_wrong_setting_is_an_error():
    with pytest.raises(NnvizError, match="nnviz_timeout"):
        NnvizExtension(timeout="soon")
    with pytest.raises(NnvizError, match="Did you mean nnviz_depth"):
        NnvizExtension(depht=2)
