from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz_docs.drawing.composing import build_scene
from nnviz_docs.drawing.plain import render_text
from nnviz_docs.drawing.tables import build_tables
from nnviz_docs.drawing.view import build_view
from nnviz_docs.graph.model import Edge
from nnviz_docs.request.request import FigureOptions
from tests.drawing import graphs
from tests.drawing.drawn import box_areas, engine
from tests.drawing.graphs import flow, node, result, source, tensor


def view(graph, depth=None, *, fold=True):
    return build_view(graph, FigureOptions(depth=depth, boxes=400, fold=fold))


def drawn(shown):
    """Return each box's id and how many copies it is drawn for."""
    return [(box.id, box.fold.count if box.fold else 1) for box in shown.boxes]


def framed(shown):
    return [frame.fold.count if frame.fold else 1 for frame in shown.frames]


def pairs(shown):
    return [(arrow.source, arrow.target) for arrow in shown.arrows]


def resnet():
    """Return a ResNet whose stages are not copies of each other."""
    graph = graphs.resnet()
    return replace(
        graph, scopes=tuple(replace(s, type_name="Last") if s.id == "layer2" else s for s in graph.scopes)
    )


def chain(*kinds, extra=()):
    """Return one layer after another, each of the class named."""
    nodes = [node(f"layers.{n}", kind, parameters=len(kind)) for n, kind in enumerate(kinds)]
    edges = flow("x", *(layer.id for layer in nodes), "output")
    return graphs.graph((), [source(), *nodes, result()], [*edges, *extra])


def test_equal_blocks_in_a_row_are_drawn_once():
    shown = view(resnet(), 2)
    assert drawn(shown)[2:4] == [("layer1.0", 2), ("layer2.0", 2)]
    assert pairs(shown) == [
        ("x", "conv1"), ("conv1", "layer1.0"), ("layer1.0", "layer2.0"), ("layer2.0", "fc"), ("fc", "output"),
    ]  # fmt: skip


def test_an_open_block_is_drawn_once_with_what_enters_the_first_and_leaves_the_last():
    shown = view(resnet())
    assert framed(shown) == [1, 2, 1, 2]
    assert ("conv1", "layer1.0.conv") in pairs(shown)
    assert ("layer1.0.add", "layer2.0.conv") in pairs(shown)
    assert ("layer1.0.add", "layer1.0.conv") not in pairs(shown)


def test_folding_can_be_turned_off():
    assert set(drawn(view(resnet(), fold=False))) == {(n.id, 1) for n in resnet().nodes}


def test_a_fold_says_how_many_from_where_to_where_and_with_how_many_parameters():
    box = build_scene(view(resnet(), 2)).boxes[2]
    assert (box.title, box.lines) == ("BasicBlock ×2", ("layer1.0 – 1", "40,000 params · 44.4%"))
    frame = build_scene(view(resnet())).frames[1]
    assert (frame.name, frame.kind) == ("layer1.0 – 1", "BasicBlock ×2")
    text = render_text(view(resnet(), 2))
    assert "layer1.0 – 1: BasicBlock, ×2, 40,000 parameters" in text
    (table,) = build_tables(view(resnet(), 2), "edges")
    assert table.rows[1].cells[1] == "layer1.0 – 1 ×2"


def test_a_module_called_again_and_again_has_one_path_and_its_calls():
    nodes = [node("step", "Cell", id=f"step{n}", call=n, parameters=10) for n in range(5)]
    graph = graphs.graph((), [source(), *nodes, result()], flow("x", *(n.id for n in nodes), "output"))
    box = build_scene(view(graph)).boxes[1]
    assert (box.title, box.lines) == ("Cell ×5", ("step · calls 1 – 5", "10 params · 1%"))


def test_a_repeated_sequence_is_framed_once():
    shown = view(chain("Embed", *["Conv", "Norm", "Act"] * 12, "Head"))
    assert drawn(shown)[1:-1] == [(f"layers.{n}", 1) for n in (0, 1, 2, 3, 37)]
    assert framed(shown) == [12]
    (frame,) = build_scene(shown).frames
    assert (frame.name, frame.kind) == ("×12", "layers.1 – 36")
    assert ("layers.3", "layers.37") in pairs(shown)


def test_a_sequence_starts_with_what_has_parameters():
    layers = ["A", "", "B", "", "B", "", "B", "", "C"]  # by their length, those named "" have none
    assert drawn(view(chain(*layers)))[3:5] == [("layers.2", 1), ("layers.3", 1)]


def test_a_sequence_does_not_use_up_a_level():
    assert drawn(view(chain("A", *["B", "C"] * 3), 1)) == drawn(view(chain("A", *["B", "C"] * 3)))


def test_a_run_within_a_sequence_is_folded_as_well():
    shown = view(chain(*["A", "A", "B"] * 3))
    assert (drawn(shown)[1:-1], framed(shown)) == ([("layers.0", 2), ("layers.2", 1)], [3])


@pytest.mark.parametrize("change", [{"summary": "8, 9"}, {"parameters": 7}, {"output": tensor(9)}])
def test_what_differs_is_not_folded(change):
    graph = chain("A", "A")
    nodes = [replace(n, **change) if n.id == "layers.1" else n for n in graph.nodes]
    assert drawn(view(replace(graph, nodes=tuple(nodes))))[1:-1] == [("layers.0", 1), ("layers.1", 1)]


def test_blocks_that_are_given_different_data_are_not_folded():
    graph = chain("A", "A")
    edges = [replace(e, data=tensor(9)) if e.target == "layers.1" else e for e in graph.edges]
    assert drawn(view(replace(graph, edges=tuple(edges))))[1:-1] == [("layers.0", 1), ("layers.1", 1)]


def test_growing_concatenations_are_not_folded():
    assert len(drawn(view(graphs.dense()))) == 10


def test_layers_side_by_side_are_not_folded():
    nodes = [source(), *(node(f"heads.{n}", "Head") for n in range(3)), result()]
    edges = [edge for n in range(3) for edge in flow("x", f"heads.{n}", "output")]
    assert len(drawn(view(graphs.graph((), nodes, edges)))) == 5


def test_a_copy_that_others_read_as_well_is_not_folded():
    skip = Edge(source="layers.0", target="output", data=tensor(1, 3), target_path=("skip",))
    assert drawn(view(chain("A", "A", "A", extra=[skip])))[1:-1] == [("layers.0", 1), ("layers.1", 2)]


def test_a_copy_that_takes_from_elsewhere_is_not_folded():
    skip = Edge(source="x", target="layers.2", data=tensor(1, 3), target_path=("skip",))
    assert drawn(view(chain("A", "A", "A", extra=[skip])))[1:-1] == [("layers.0", 2), ("layers.2", 1)]


def test_what_all_copies_take_from_one_place_is_one_arrow():
    memory = [
        Edge(source="x", target=f"layers.{n}", data=tensor(5), target_path=("memory",)) for n in range(3)
    ]
    shown = view(chain("A", "A", "A", extra=memory))
    assert drawn(shown)[1:-1] == [("layers.0", 3)]
    assert pairs(shown) == [("x", "layers.0"), ("layers.0", "output")]


def test_what_all_copies_give_to_one_place_is_a_value_each():
    steps = [
        Edge(source=f"layers.{n}", target="output", data=tensor(5), target_path=("steps", str(n)))
        for n in range(3)
    ]
    shown = view(chain("A", "A", "A", extra=steps))
    assert drawn(shown)[1:-1] == [("layers.0", 3)]
    assert [part.path for part in shown.arrows[-1].parts][-3:] == [
        ("steps", "0"),
        ("steps", "1"),
        ("steps", "2"),
    ]


def test_the_copy_that_failed_is_drawn_on_its_own():
    graph = replace(chain("A", "A", "A", "A"), complete=False, failed_at="layers.3")
    assert drawn(view(graph))[1:-1] == [("layers.0", 3), ("layers.3", 1)]


def test_a_sequence_within_a_sequence_is_a_scope_of_its_own():
    extra = [Edge(source="layers.3", target="layers.8", data=tensor(2), target_path=("skip",))]
    shown = view(chain(*["B", "A"] * 4, "A", extra=extra))
    assert framed(shown) == [2, 2]


def test_a_fold_is_laid_out_like_any_figure():
    from nnviz_docs.drawing.lay_out import lay_out

    scene = build_scene(view(chain(*["A", "A", "B"] * 3)))
    assert len(box_areas(scene, lay_out(scene, engine()))) == len(scene.boxes)


@given(
    st.lists(st.sampled_from("abc"), max_size=14), st.sets(st.tuples(st.integers(0, 13), st.integers(0, 13)))
)
def test_a_figure_stands_for_every_call_once_and_has_no_arrow_that_is_not_there(kinds, skips):
    extra = [
        Edge(source=f"layers.{a}", target=f"layers.{b}", data=tensor(2), target_path=("skip", str(a)))
        for a, b in sorted(skips)
        if a < b < len(kinds)
    ]
    graph = chain(*kinds, extra=extra)
    shown = view(graph)
    frames = {frame.scope.id: frame for frame in shown.frames}

    def count(box):
        times, frame = box.fold.count if box.fold else 1, frames.get(box.frame)
        while frame is not None:
            times *= frame.fold.count if frame.fold else 1
            frame = frames.get(frame.parent)
        return times

    assert sum(map(count, shown.boxes)) == len(graph.nodes)
    names = {n.id: n.type_name for n in graph.nodes}
    real = {(names[edge.source], names[edge.target]) for edge in graph.edges}
    assert {(names[a], names[b]) for a, b in pairs(shown)} <= real
    order = {box.id: number for number, box in enumerate(shown.boxes)}
    assert all(order[a] < order[b] for a, b in pairs(shown))
