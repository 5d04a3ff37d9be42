"""The options of a figure, from text to request."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz_docs.errors import NnvizError, ProblemKind
from nnviz_docs.request.arguments import parse_arguments
from nnviz_docs.request.depths import Depth
from nnviz_docs.request.inputs import parse_inputs
from nnviz_docs.request.model_path import parse_model_path
from nnviz_docs.request.options import OPTIONS, parse_request
from nnviz_docs.request.request import FigureOptions, FigureRequest, TraceMode, TraceRequest
from nnviz_docs.request.settings import MOST_BOXES, Settings, settings_from

SETTINGS = Settings()


def refusal(options: dict[str, str], kind: ProblemKind, *, model: str = "resnet18") -> str:
    """Return the message with which the options are refused."""
    with pytest.raises(NnvizError) as caught:
        parse_request(model, options, SETTINGS)
    assert caught.value.problem.kind is kind
    return str(caught.value)


def test_a_model_alone_is_a_request_with_defaults() -> None:
    assert parse_request("resnet18", {}, SETTINGS) == FigureRequest(
        trace=TraceRequest(model=parse_model_path("resnet18")), options=FigureOptions()
    )


def test_every_option_arrives_in_its_field() -> None:
    options = {
        "input": "image32",
        "args": "num_classes=10",
        "trace": "data",
        "depth": "all",
        "boxes": "99",
        "fit": "on",
        "fold": "off",
        "collapse": "layer1, layer2.*",
        "expand": "layer3",
        "layer": " encoder.layers ",
        "direction": "LR",
        "height": "30em",
        "show": "args, params",
        "tables": "edges",
        "caption": " A <b>model</b> ",
        "alt": "Boxes",
        "name": "fig-model",
        "align": "center",
        "class": "wide dark",
        "width": "80 %",
    }
    assert set(options) == {option.name for option in OPTIONS}
    assert parse_request("pkg:Net", options, SETTINGS) == FigureRequest(
        trace=TraceRequest(
            model=parse_model_path("pkg:Net"),
            arguments=parse_arguments("num_classes=10"),
            inputs=parse_inputs("image32"),
            mode=TraceMode.DATA,
        ),
        options=FigureOptions(
            depth=None,
            boxes=99,
            fit=True,
            fold=False,
            collapse=("layer1", "layer2.*"),
            expand=("layer3",),
            layer="encoder.layers",
            direction="LR",
            height="30em",
            show=("args", "params"),
            tables="edges",
            caption="A <b>model</b>",
            alt="Boxes",
            name="fig-model",
            align="center",
            classes=("wide", "dark"),
            width="80%",
        ),
    )


def test_a_page_that_gives_a_depth_or_a_number_of_boxes_gets_them_however_wide() -> None:
    for options, fit in (({}, True), ({"depth": "2"}, False), ({"boxes": "60"}, False)):
        assert parse_request("resnet18", options, SETTINGS).options.fit is fit


def test_the_table_fills_every_field_once() -> None:
    fields = {field.name for cls in (FigureOptions, TraceRequest) for field in dataclasses.fields(cls)}
    filled = [option.field for option in OPTIONS]
    assert sorted(filled) == sorted(fields - {"model"})
    assert all(option.help and option.metavar and option.default for option in OPTIONS)


@pytest.mark.parametrize(
    "option", [option for option in OPTIONS if option.choices], ids=lambda option: option.name
)
def test_every_choice_is_taken(option: object) -> None:
    assert isinstance(option, type(OPTIONS[0]))
    for choice in option.choices:
        parse_request("resnet18", {"input": "image32", option.name: choice}, SETTINGS)


def test_the_site_sets_the_depth_that_a_page_leaves_out() -> None:
    site = Settings(depth=5)
    assert parse_request("resnet18", {}, site).options.depth == 5
    assert parse_request("resnet18", {"depth": "1"}, site).options.depth == 1


@pytest.mark.parametrize(
    ("text", "depth"), [("1-3", (1, 2, 3)), ("3-1", (3, 2, 1)), ("2-2", 2), ("2", 2), ("all", None)]
)
def test_a_range_of_depths_begins_with_the_one_that_is_seen_first(text: str, depth: Depth) -> None:
    assert parse_request("resnet18", {"depth": text}, SETTINGS).options.depth == depth
    assert parse_request("resnet18", {}, settings_from({"depth": text})).options.depth == depth


def test_the_site_s_budget_holds_until_a_page_asks_for_a_depth() -> None:
    site = Settings(budget=30)
    assert parse_request("resnet18", {}, site).options.boxes == 30
    assert parse_request("resnet18", {"depth": "2"}, site).options.boxes == MOST_BOXES
    assert parse_request("resnet18", {"depth": "2", "boxes": "10"}, site).options.boxes == 10


def test_boxes_can_show_nothing_but_titles() -> None:
    assert parse_request("resnet18", {"show": "none"}, SETTINGS).options.show == ()


@pytest.mark.parametrize(
    ("text", "width"),
    [("400px", "400px"), ("400", "400px"), ("12.5em", "12.5em"), ("3 rem", "3rem"), ("100%", "100%")],
)
def test_widths_have_a_unit(text: str, width: str) -> None:
    assert parse_request("resnet18", {"width": text}, SETTINGS).options.width == width


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("depth", "0", "whole number from 1"),
        ("depth", "-1", "whole number from 1"),
        ("depth", "two", "whole number from 1"),
        ("depth", "٣", "whole number from 1"),
        ("depth", "", "'all'"),
        ("depth", "1-", "such as 1-3"),
        ("depth", "1-2-3", "such as 1-3"),
        ("depth", "0-2", "such as 1-3"),
        ("depth", "1-7", "up to 6"),
        ("depth", "1-all", "such as 1-3"),
        ("boxes", "0", "from 1 to 400"),
        ("boxes", "401", "from 1 to 400"),
        ("boxes", "many", "from 1 to 400"),
        ("show", "colour", "path, class"),
        ("show", "none path", "or none"),
        ("fold", "maybe", "on, off"),
        ("collapse", "", "paths such as"),
        ("expand", "a\x00b", "paths such as"),
        ("layer", "a b", "the path of a module"),
        ("direction", "up", "TB, LR"),
        ("height", "50%", "length"),
        ("trace", "magic", "auto, data, symbolic"),
        ("tables", "all", "none, io, edges, layers, auto"),
        ("align", "middle", "left, center, right"),
        ("class", "", "CSS class"),
        ("class", "a<b", "CSS class"),
        ("class", "é", "CSS class"),
        ("width", "", "length"),
        ("width", "0px", "length"),
        ("width", "-1px", "length"),
        ("width", "12pt", "length"),
        ("width", "calc(1px)", "length"),
        ("width", "1px;color:red", "length"),
        ("width", "٣px", "length"),
        ("caption", "\ud800", "UTF-8"),
    ],
)
def test_a_wrong_value_is_answered_with_what_the_option_takes(name: str, text: str, part: str) -> None:
    message = refusal({name: text}, ProblemKind.OPTION)
    assert message.startswith(f"{name}: ")
    assert part in message


@pytest.mark.parametrize(
    ("name", "part"),
    [("depht", "Did you mean depth?"), ("Caption", "Did you mean caption?"), ("zoom", "input, args")],
)
def test_an_unknown_option_is_answered_with_those_that_there_are(name: str, part: str) -> None:
    assert part in refusal({name: "1"}, ProblemKind.OPTION)


def test_faults_in_input_args_and_model_have_their_own_kinds() -> None:
    assert refusal({"input": "image1junk"}, ProblemKind.INPUT).startswith("input, column 1")
    assert refusal({"args": "a="}, ProblemKind.OPTION).startswith("args, column")
    assert refusal({}, ProblemKind.MODEL, model="os:system").startswith("model, column 1")


def test_data_tracing_needs_an_input() -> None:
    assert "Add the input option" in refusal({"trace": "data"}, ProblemKind.INPUT)
    parse_request("resnet18", {"trace": "symbolic"}, SETTINGS)


def test_the_site_says_which_models_are_drawn() -> None:
    with pytest.raises(NnvizError, match="nnviz_models"):
        parse_request("resnet18", {}, Settings(models=("mypkg.*",)))
    parse_request("mypkg:Net", {}, Settings(models=("mypkg.*",)))


def test_the_site_says_whether_python_is_an_input() -> None:
    site = Settings(python_inputs=True)
    inputs = parse_request("resnet18", {"input": "make()"}, site).trace.inputs
    assert inputs is not None
    assert inputs.code == "make()"
    refusal({"input": "make()"}, ProblemKind.INPUT)


@given(
    st.text(), st.dictionaries(st.sampled_from([option.name for option in OPTIONS]) | st.text(), st.text())
)
def test_any_texts_give_a_request_or_an_error(model: str, options: dict[str, str]) -> None:
    for path in (model, "resnet18"):
        try:
            request = parse_request(path, options, SETTINGS)
        except NnvizError:
            continue
        assert isinstance(request, FigureRequest)
