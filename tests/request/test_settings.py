"""The site's settings, from a configuration file's values."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.settings import Settings, declared_settings, settings_from

PRIMITIVES = st.none() | st.booleans() | st.integers(-(10**9), 10**12) | st.floats() | st.text()


def test_nothing_configured_gives_the_defaults() -> None:
    assert settings_from({}) == Settings()


def test_declared_defaults_read_back_as_the_defaults() -> None:
    declared = declared_settings()
    assert settings_from({setting.name: setting.default for setting in declared}) == Settings()
    assert [setting.name for setting in declared] == [field.name for field in dataclasses.fields(Settings)]
    assert all(setting.help.endswith(".") for setting in declared)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("python", "/opt/torch/bin/python", "/opt/torch/bin/python"),
        ("timeout", 30, 30.0),
        ("timeout", 0.5, 0.5),
        ("memory_limit", "4GB", 4 * 10**9),
        ("memory_limit", "1.5 GiB", 3 * 2**29),
        ("memory_limit", "500mb", 500 * 10**6),
        ("memory_limit", "0", 0),
        ("memory_limit", 2**31, 2**31),
        ("workers", 4, 4),
        ("depth", 3, 3),
        ("depth", "3", 3),
        ("depth", "all", None),
        ("depth", "1-3", (1, 2, 3)),
        ("interactive", False, False),
        (
            "style",
            {"text": "red", "edge": ["#666", "#aaa"]},
            (("text", ("red",)), ("edge", ("#666", "#aaa"))),
        ),
        ("models", ["mypkg.*", "resnet*"], ("mypkg.*", "resnet*")),
        ("models", [], ()),
        ("python_inputs", True, True),
        ("mode", "frozen", "frozen"),
        ("dot", None, ""),
    ],
)
def test_values_are_read_as_configuration_files_write_them(name: str, value: object, read: object) -> None:
    assert getattr(settings_from({name: value}), name) == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("python", 3),
        ("cache_dir", ["a"]),
        ("timeout", 0),
        ("timeout", -1),
        ("timeout", "30"),
        ("timeout", True),
        ("timeout", math.inf),
        ("timeout", math.nan),
        ("timeout", 10**400),
        ("memory_limit", "4"),
        ("memory_limit", 4),
        ("memory_limit", "lots"),
        ("memory_limit", "-1GB"),
        ("memory_limit", "4TB"),
        ("memory_limit", True),
        ("memory_limit", 1.5),
        ("workers", -1),
        ("workers", True),
        ("workers", "2"),
        ("depth", 0),
        ("depth", True),
        ("depth", "deep"),
        ("models", "mypkg.*"),
        ("models", [""]),
        ("models", [3]),
        ("python_inputs", "yes"),
        ("python_inputs", 1),
        ("mode", "cold"),
        ("mode", ["auto"]),
    ],
)
def test_other_values_are_refused_under_the_settings_own_name(name: str, value: object) -> None:
    with pytest.raises(NnvizError) as caught:
        settings_from({name: value})
    assert caught.value.problem.kind is ProblemKind.CONFIG
    assert caught.value.problem.message.startswith(f"nnviz_{name} takes ")


def test_an_unknown_setting_is_answered_with_the_name_meant() -> None:
    with pytest.raises(NnvizError, match=r"Did you mean nnviz_cache_dir\?"):
        settings_from({"cachedir": "x"})


@given(
    st.dictionaries(st.sampled_from([s.name for s in declared_settings()]), PRIMITIVES | st.lists(PRIMITIVES))
)
def test_any_values_give_settings_or_an_error(values: dict[str, object]) -> None:
    try:
        settings = settings_from(values)
    except NnvizError:
        return
    assert hash(settings) == hash(settings_from(values))
