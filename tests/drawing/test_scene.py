from __future__ import annotations

from dataclasses import replace

import pytest

from nnviz_docs.drawing import captions, columns, labels
from nnviz_docs.drawing.categories import category
from nnviz_docs.drawing.composing import build_scene
from nnviz_docs.drawing.parts import Part
from nnviz_docs.drawing.scene import Category, Row
from nnviz_docs.drawing.text import text_width
from nnviz_docs.drawing.view import build_view
from nnviz_docs.graph.data import Mapping, Opaque, Scalar, Sequence, Tensor
from nnviz_docs.graph.model import Edge, Mechanism, Node, NodeKind
from nnviz_docs.request.option_texts import FACTS
from nnviz_docs.request.request import FigureOptions
from tests.drawing import graphs
from tests.drawing.drawn import EXAMPLES, scene_of
from tests.drawing.graphs import flow, function, node, result, source, tensor

PYRAMID = [Part(("p2",), tensor(1, 256, 64, 64)), Part(("p3",), tensor(8))]


def label(data):
    graph = graphs.graph((), [source(), node("a", "A"), result()], flow("x", "a", data=data))
    return scene_of(graph).arrows[0].label


def box(content):
    return scene_of(graphs.graph((), [source(), content, result()], flow("x", content.id, "output"))).boxes[1]


def test_a_tensor_is_labelled_with_its_type_and_shape():
    assert label(tensor(1, 64, 112, 112)).rows == (Row(0, "", "float32 [1, 64, 112, 112]"),)


def test_a_tensor_without_dimensions_has_empty_brackets():
    assert label(Tensor((), "int64")).rows == (Row(0, "", "int64 []"),)


def test_unknown_data_has_no_label():
    graph = graphs.resnet()
    symbolic = replace(graph, edges=tuple(replace(edge, data=None) for edge in graph.edges))
    assert {arrow.label for arrow in scene_of(symbolic).arrows} == {None}


def test_nested_data_is_a_table_with_its_keys():
    data = Mapping(
        "dict", (("boxes", tensor(4)), ("more", Sequence("list", (Scalar("int", "3"), Opaque("Image")))))
    )
    expected = (
        Row(0, "boxes", "float32 [4]"),
        Row(0, "more", ""),
        Row(1, "0", "int 3"),
        Row(1, "1", "Image"),
    )
    assert label(data).rows == expected


def test_empty_containers_keep_their_place():
    data = Sequence("tuple", (Sequence("list", ()), tensor(1), Mapping("dict", ())))
    assert [row.value for row in label(data).rows] == ["empty list", "float32 [1]", "empty dict"]


def test_keys_on_the_way_to_several_arguments_are_nested():
    rows = scene_of(graphs.nested()).arrows[1].label.rows
    assert rows[0] == Row(0, "feat", "")
    assert [row.key for row in rows[1:]] == ["p2", "p3", "p4", "p5"]


def test_a_long_table_is_cut_and_says_by_how_much():
    rows = scene_of(graphs.many_rows(20)).arrows[0].label.rows
    assert len(rows) == labels.MOST_ROWS + 1
    assert rows[-1].key == "+ 12 more"


def test_a_table_is_not_cut_for_a_single_row():
    rows = scene_of(graphs.many_rows(labels.MOST_ROWS + 1)).arrows[0].label.rows
    assert len(rows) == labels.MOST_ROWS + 1
    assert "more" not in rows[-1].key


def test_what_a_box_sends_to_many_others_is_labelled_once():
    arrows = [arrow for arrow in scene_of(graphs.dense()).arrows if arrow.source == 1]
    assert len(arrows) == 7
    assert [arrow.label is not None for arrow in arrows] == [True] + [False] * 6
    assert [arrow.repeated for arrow in arrows] == [False] + [True] * 6


def test_the_second_reader_of_a_value_has_a_plain_arrow_without_a_label():
    data = tensor(1, 8)
    nodes = [source(), node("a", "Linear"), node("b", "Linear"), result()]
    arrows = scene_of(
        graphs.graph((), nodes, flow("x", "a", "b", data=data) + flow("x", "b", data=data))
    ).arrows
    assert [(arrow.label is not None, arrow.repeated) for arrow in arrows] == [
        (True, False),
        (True, False),
        (False, False),
    ]


def test_values_that_nothing_tells_apart_are_one_row_with_their_number():
    part = Part((), tensor(9, 4))
    assert labels.label_of([part] * 5).rows == (Row(0, "", "float32 [9, 4] ×5"),)
    assert labels.label_of([part, Part((), tensor(2))]).rows == (
        Row(0, "", "float32 [9, 4]"), Row(0, "", "float32 [2]"),
    )  # fmt: skip


def test_a_narrow_label_says_the_dtype_once_and_above():
    wide = labels.label_of(PYRAMID)
    narrow = labels.label_of(PYRAMID, narrow=True)
    assert (narrow.head, narrow.rows) == ("float32", (Row(0, "p2", "[1, 256, 64, 64]"), Row(0, "p3", "[8]")))
    assert narrow.width < wide.width
    assert narrow.height > wide.height


@pytest.mark.parametrize("other", [Tensor((3,), "int64"), Scalar("int", "3")])
def test_a_narrow_label_of_different_types_is_as_wide_as_another(other):
    parts = [*PYRAMID, Part(("n",), other)]
    assert labels.label_of(parts, narrow=True) == labels.label_of(parts)


def test_different_values_that_look_alike_are_all_labelled():
    nodes = [source(), *(node(f"m{n}", "Linear") for n in range(6)), result()]
    edges = [Edge(source="x", target=f"m{n}", data=tensor(9), source_path=(str(n),)) for n in range(6)]
    arrows = scene_of(graphs.graph((), nodes, edges)).arrows
    assert [arrow.repeated for arrow in arrows] == [False] * 6


@pytest.mark.parametrize("name", EXAMPLES)
def test_text_fits_into_its_box(name):
    for drawn in scene_of(EXAMPLES[name], None).boxes:
        widths = [text_width(line, columns.TEXT_SIZE) for line in drawn.lines]
        assert max([text_width(drawn.title, captions.TITLE_SIZE, bold=True), *widths]) <= drawn.width - 10


def test_a_module_says_its_class_path_and_parameters():
    drawn = box(node("head.fc", "Linear", parameters=94, summary="3, 4", full_name="torch.nn.Linear"))
    assert (drawn.title, drawn.lines) == ("Linear", ("head.fc", "94 params · 9.4%"))
    assert drawn.tip == "head.fc: torch.nn.Linear(3, 4)"


def test_a_second_call_of_a_module_is_told_from_the_first():
    assert box(node("act", "ReLU", call=1)).lines == ("act · call 2",)


def test_a_function_says_its_constant_arguments_as_far_as_there_is_room():
    assert box(graphs.function("f", "cat", summary="dim=1")).lines == ("dim=1",)
    (line,) = box(graphs.function("f", "pad", summary=", ".join(["value=100000"] * 20))).lines
    assert line.endswith("value=100000, …")


def test_a_failing_box_says_so_in_words():
    graph = replace(graphs.resnet(), complete=False, failed_at="fc")
    drawn = next(box for box in scene_of(graph).boxes if box.failed)
    assert captions.FAILED in drawn.lines


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Conv2d", Category.CONVOLUTION),
        ("ConvTranspose1d", Category.CONVOLUTION),
        ("LayerNorm", Category.NORMALISATION),
        ("BatchNorm2d", Category.NORMALISATION),
        ("ReLU6", Category.ACTIVATION),
        ("Softmax", Category.ACTIVATION),
        ("AdaptiveAvgPool2d", Category.POOLING),
        ("NonDynamicallyQuantizableLinear", Category.LINEAR),
        ("MultiheadAttention", Category.ATTENTION),
        ("EmbeddingBag", Category.EMBEDDING),
        ("LSTMCell", Category.RECURRENT),
        ("StochasticDepth", Category.DROPOUT),
        ("Upsample", Category.MODULE),
    ],
)
def test_known_classes_have_a_category(name, kind):
    assert category(node("m", name)) is kind


def test_functions_are_known_by_the_same_names():
    assert category(graphs.function("f", "scaled_dot_product_attention")) is Category.ATTENTION
    assert category(graphs.function("f", "flatten")) is Category.FUNCTION


@pytest.mark.parametrize("kind", [NodeKind.INPUT, NodeKind.OUTPUT, NodeKind.CONSTANT])
def test_what_is_no_call_is_its_own_category(kind):
    assert category(Node(id="n", kind=kind, name="conv", type_name="Conv2d", scope="")).value == kind.value


def lines(content, *show):
    graph = graphs.graph((), [source(), content, result()], flow("x", content.id, "output"))
    return build_scene(build_view(graph, FigureOptions(show=show))).boxes[1].lines


CONV = node(
    "stem.conv",
    "Conv2d",
    parameters=500,
    summary="3, 8, kernel_size=3",
    output=tensor(1, 8),
    full_name="a.Conv2d",
    source="a/convolutions.py:12",
    flops=3_628_146_688,
    memory=12_900_000,
)


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ((), ()),
        (("args",), ("3, 8, kernel_size=3",)),
        (("share", "path", "params"), ("stem.conv", "50% · 500 params")),
        (("class", "output", "dtype"), ("a.Conv2d", "float32 [1, 8]", "float32")),
        (("memory", "source", "flops"), ("a/convolutions.py:12", "12.3 MiB · 3.63 GFLOPs")),
    ],
)
def test_a_box_shows_the_facts_asked_for(show, expected):
    assert lines(CONV, *show) == expected


def test_costs_that_are_none_are_left_out_and_unknown_ones_are_not():
    shown = ("flops", "memory")
    assert lines(replace(CONV, flops=0, memory=0), *shown) == ()
    assert lines(replace(CONV, flops=None, memory=None), *shown) == ("FLOPs unknown · memory unknown",)


def test_a_model_that_was_not_run_has_no_costs_to_be_unknown():
    content = replace(CONV, flops=None, memory=None)
    graph = graphs.graph((), [content], (), mechanism=Mechanism.SYMBOLIC)
    (box,) = build_scene(build_view(graph, FigureOptions(show=("flops", "memory")))).boxes
    assert box.lines == ()


@pytest.mark.parametrize("fold", [True, False])
def test_boxes_have_the_costs_of_all_that_they_stand_for(fold):
    options = FigureOptions(show=("flops", "memory"), depth=2, fold=fold)
    drawn = [box.lines for box in build_scene(build_view(graphs.weighed(), options)).boxes]
    all_three, each = ("4.5 kFLOPs · 3 KiB",), ("1.5 kFLOPs · 1 KiB",)
    assert drawn[1:-2] == ([all_three] if fold else [each] * 3)
    closed = build_scene(build_view(graphs.weighed(), replace(options, depth=1)))
    assert [box.lines for box in closed.boxes][1:-2] == [all_three]


def test_a_run_of_operations_costs_what_they_cost_together():
    nodes = [function(f"f{n}", f"op{n}", flops=10, memory=8) for n in range(9)]
    graph = graphs.graph((), [source(), *nodes, result()], flow("x", *(n.id for n in nodes), "output"))
    scene = build_scene(build_view(graph, FigureOptions(boxes=3, show=("flops", "memory"))))
    assert [box.lines for box in scene.boxes] == [(), ("90 FLOPs · 72 bytes",), ()]


def test_a_long_source_keeps_its_end():
    (line,) = lines(replace(CONV, source=f"{'deeply/' * 20}nested/layers.py:1234"), "source")
    assert line.startswith("…/")
    assert line.endswith("/nested/layers.py:1234")


def test_every_fact_that_a_page_may_ask_for_is_a_column():
    assert tuple(columns.COLUMNS) == FACTS
