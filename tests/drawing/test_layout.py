from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations

import pytest

from nnviz_docs.drawing.dot import CAREFUL, FAST, PLAIN, dot_text, settings_for
from nnviz_docs.drawing.lay_out import lay_out, layout_key
from nnviz_docs.drawing.layout import layout_fits, layout_from_json, layout_to_json
from nnviz_docs.errors import NnvizError, ProblemKind
from tests.drawing import graphs
from tests.drawing.drawn import EXAMPLES, all_routed, box_areas, engine, figure, label_areas, scene_of

every_example = pytest.mark.parametrize("name", EXAMPLES)


class ScriptedEngine:
    """Replies with what it was given, in order; a `TimeoutError` is raised."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.requests = []

    def positions(self, dot, seconds):
        self.requests.append(dot)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


@every_example
@pytest.mark.parametrize("depth", [1, 2, None])
def test_boxes_and_labels_do_not_overlap_and_nothing_is_cut(name, depth):
    scene, layout = figure(EXAMPLES[name], depth)
    things = [*box_areas(scene, layout), *label_areas(scene, layout)]
    assert [pair for pair in combinations(things, 2) if pair[0].overlaps(pair[1])] == []
    for area in [*things, *(place.area for place in layout.frames)]:
        assert area.left >= 0
        assert area.top >= 0
        assert area.right <= layout.width
        assert area.bottom <= layout.height


@every_example
def test_labels_do_not_cover_arrow_heads(name):
    scene, layout = figure(EXAMPLES[name])
    tips = [path.tip for path in layout.arrows]
    for label in label_areas(scene, layout):
        assert not [
            tip for tip in tips if label.left < tip[0] < label.right and label.top < tip[1] < label.bottom
        ]


@every_example
def test_frames_hold_their_boxes_and_the_frames_in_them(name):
    scene, layout = figure(EXAMPLES[name], None)
    areas = [place.area for place in layout.frames]
    for box, area in zip(scene.boxes, box_areas(scene, layout), strict=True):
        if box.frame is not None:
            assert holds(areas[box.frame], area)
    for frame, area in zip(scene.frames, areas, strict=True):
        assert frame.parent is None or holds(areas[frame.parent], area)


def holds(outer, inner):
    across = outer.left <= inner.left and inner.right <= outer.right
    return across and outer.top <= inner.top and inner.bottom <= outer.bottom


def test_frames_hold_the_labels_of_the_arrows_inside():
    scene, layout = figure(graphs.resnet())
    inner = [
        (arrow, path)
        for arrow, path in zip(scene.arrows, layout.arrows, strict=True)
        if scene.boxes[arrow.source].frame == scene.boxes[arrow.target].frame == 0
    ]
    assert inner
    for arrow, path in inner:
        assert path.label[0] + arrow.label.width / 2 <= layout.frames[0].area.right


def test_an_arrow_through_a_frame_s_top_leaves_its_title_free():
    scene, layout = figure(graphs.resnet())
    entering = next(
        path for arrow, path in zip(scene.arrows, layout.arrows, strict=True) if arrow.target == 2
    )
    frame, place = scene.frames[0], layout.frames[0]
    x = entering.tip[0]
    assert not place.name[0] < x < place.name[0] + frame.name_width
    assert not place.kind[0] < x < place.kind[0] + frame.kind_width


@every_example
def test_no_text_of_a_model_reaches_graphviz(name):
    allowed = set("".join(dot_text(scene_of(graphs.resnet()), PLAIN)) + "0123456789")
    assert set(dot_text(scene_of(EXAMPLES[name]), PLAIN)) <= allowed
    assert "alert" not in dot_text(scene_of(graphs.hostile()), CAREFUL)


@every_example
def test_a_layout_survives_json_and_is_the_same_each_time(name):
    scene, layout = figure(EXAMPLES[name])
    text = json.dumps(layout_to_json(layout))
    assert layout_from_json(json.loads(text)) == layout
    assert json.dumps(layout_to_json(lay_out(scene, engine()))) == text
    assert layout_fits(layout, scene)


def test_an_empty_scene_has_an_empty_layout():
    scene, layout = figure(graphs.graph((), (), ()))
    assert scene.boxes == ()
    assert (layout.width, layout.height) == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.update(schema=0),
        lambda value: value.pop("boxes"),
        lambda value: value["boxes"].append([1]),
        lambda value: value["boxes"].append(["1", "2"]),
        lambda value: value["boxes"].append([float("nan"), 1]),
        lambda value: value["boxes"].append([1e300, 1]),
        lambda value: value["arrows"][0]["points"].pop(),
        lambda value: value["arrows"][0].update(points=[1, 2, 3, 4]),
        lambda value: value["arrows"][0].update(label="x"),
        lambda value: value.update(arrows=7),
    ],
)
def test_what_is_not_a_layout_is_refused(change):
    value = layout_to_json(figure(graphs.resnet())[1])
    change(value)
    with pytest.raises(ValueError):  # noqa: PT011 (any reason will do)
        layout_from_json(value)


def test_a_layout_of_another_scene_does_not_fit():
    assert not layout_fits(figure(graphs.resnet())[1], scene_of(graphs.resnet(), 1))


def test_the_key_follows_sizes_and_structure():
    keys = {layout_key(scene_of(graph, depth)) for graph in EXAMPLES.values() for depth in (1, 2, None)}
    different = {
        dot_text(scene_of(graph, depth), CAREFUL) for graph in EXAMPLES.values() for depth in (1, 2, None)
    }
    assert len(keys) == len(different)
    assert layout_key(scene_of(graphs.resnet())) == layout_key(scene_of(graphs.resnet()))


def test_large_scenes_start_with_the_fast_settings():
    assert settings_for(scene_of(graphs.dense(8))) is CAREFUL
    assert settings_for(all_routed(scene_of(graphs.dense(40)))) is FAST


def test_repeated_arrows_of_a_dense_scene_lead_around_its_side():
    scene, layout = figure(graphs.dense(20))
    boxes = box_areas(scene, layout)
    aside = [(arrow, path) for arrow, path in zip(scene.arrows, layout.arrows, strict=True) if arrow.aside]
    assert len(aside) > 150
    for arrow, path in aside:
        assert path.points[0][0] == pytest.approx(boxes[arrow.source].left, abs=0.02)
        assert path.tip[0] == pytest.approx(boxes[arrow.target].left, abs=0.02)
        assert min(x for x, _ in path.points) < min(path.points[0][0], path.tip[0])
    assert not [arrow for arrow in scene_of(graphs.dense()).arrows if arrow.aside]


def test_a_layout_depends_on_where_the_arrows_around_the_side_lead():
    scene = scene_of(graphs.dense(20))
    last = replace(scene.arrows[-2], target=3)
    assert layout_key(scene) != layout_key(
        replace(scene, arrows=(*scene.arrows[:-2], last, scene.arrows[-1]))
    )


def test_a_late_layout_is_tried_again_with_the_plainest_settings():
    scene = scene_of(graphs.resnet())
    plain = engine().positions(dot_text(scene, PLAIN), 60)
    scripted = ScriptedEngine(TimeoutError(), plain)
    assert layout_fits(lay_out(scene, scripted), scene)
    assert scripted.requests == [dot_text(scene, CAREFUL), dot_text(scene, PLAIN)]


def test_no_layout_in_time_says_what_to_do():
    with pytest.raises(NnvizError) as caught:
        lay_out(scene_of(graphs.resnet()), ScriptedEngine(TimeoutError(), TimeoutError()))
    assert caught.value.problem.kind is ProblemKind.LAYOUT
    assert "depth" in caught.value.problem.hint


def reply_for(scene):
    return json.loads(engine().positions(dot_text(scene, CAREFUL), 60))


def drop(kind, index, key):
    return lambda reply: reply[kind][index].pop(key)


@pytest.mark.parametrize(
    "damage",
    [
        drop("objects", -1, "pos"),
        drop("objects", 0, "lp"),
        drop("objects", 0, "bb"),
        drop("edges", 0, "pos"),
        drop("edges", 0, "lp"),
        lambda reply: reply["edges"].pop(),
        lambda reply: reply["objects"].pop(),
        lambda reply: reply["edges"][0].update(pos="e,1,2"),
        lambda reply: reply["edges"][0].update(pos="e,1,2 x,y"),
        lambda reply: reply["edges"][0].update(pos="e,1,2 1,1 2,2 3,3 4,4;e,5,5 1,1 2,2 3,3 4,4"),
        lambda reply: reply["objects"][-1].update(pos="nan,1"),
    ],
)
def test_a_reply_that_lacks_a_place_is_a_problem_never_a_picture(damage):
    scene = scene_of(graphs.resnet())
    reply = reply_for(scene)
    lay_out(scene, ScriptedEngine(json.dumps(reply).encode()))  # the control: undamaged, it is a layout
    damage(reply)
    with pytest.raises(NnvizError) as caught:
        lay_out(scene, ScriptedEngine(json.dumps(reply).encode()))
    assert caught.value.problem.kind is ProblemKind.LAYOUT


@pytest.mark.parametrize("reply", [b"", b"[]", b"null", b"{", b'{"objects": 3}', b"\xff", b"[" * 100_000])
def test_a_reply_that_is_no_layout_is_a_problem(reply):
    with pytest.raises(NnvizError) as caught:
        lay_out(scene_of(graphs.resnet()), ScriptedEngine(reply))
    assert caught.value.problem.kind is ProblemKind.LAYOUT
