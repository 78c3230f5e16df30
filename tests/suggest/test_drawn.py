from typing import Any

import numpy as np
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.suggest.annotations import Rule
from frugalseg.suggest.brush import encode_mask
from frugalseg.suggest.drawn import DrawnMask, read_masks
from frugalseg.suggest.label_studio import task

CLASSES = ["pit", "crack"]
LEFT = {"x": 0, "y": 0, "width": 50, "height": 100}
ALL = {"x": 0, "y": 0, "width": 100, "height": 100}


def stroke(kind: str, value: dict[str, Any], label: str, size: tuple[int, int] = (4, 8)) -> Any:
    return {
        "type": kind,
        "original_height": size[0],
        "original_width": size[1],
        "value": value | {kind: [label]},
    }


def submitted(*strokes: Any, **data: Any) -> dict[str, Any]:
    return {"data": data or {"name": "a.png"}, "annotations": [{"result": list(strokes)}]}


def read(*tasks: Any) -> list[Any]:
    return list(read_masks(tasks, CLASSES))


def test_a_prediction_that_was_accepted_comes_back() -> None:
    preds = np.zeros((4, 8), np.uint8)
    preds[1:3, 2:5], preds[3, :2] = 1, 2
    made = task("b/c.png", preds, CLASSES, score=1, version="v")
    accepted = made | {"annotations": [{"result": made["predictions"][0]["result"]}]}
    (found,) = read(accepted)
    assert found.name == "b/c.png"
    assert np.array_equal(found.mask, preds)


def test_all_kinds_of_strokes_by_hand() -> None:
    brush = np.zeros((4, 8), bool)
    brush[0] = True
    polygon = {"points": [[0, 50], [25, 50], [25, 100], [0, 100]]}  # x, y in percent
    rectangle = {"x": 0, "y": 0, "width": 12.5, "height": 25}
    (found,) = read(
        submitted(
            stroke("brushlabels", {"rle": encode_mask(brush)}, "pit"),
            stroke("polygonlabels", polygon, "crack"),
            stroke("rectanglelabels", rectangle, "crack"),
        )
    )
    assert found.mask.tolist() == [
        [2, 1, 1, 1, 1, 1, 1, 1],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [2, 2, 0, 0, 0, 0, 0, 0],
        [2, 2, 0, 0, 0, 0, 0, 0],
    ]


def test_outside_a_region_nothing_is_known() -> None:
    preds = np.zeros((4, 8), np.uint8)
    preds[1, 3] = 1
    made = task("a.png", preds, CLASSES, score=1, version="v", boxes=[(1, 2, 2, 4)])
    (found,) = read(made | {"annotations": [{"result": made["predictions"][0]["result"]}]})
    expected = np.full((4, 8), 255, np.uint8)
    expected[1:3, 2:6] = preds[1:3, 2:6]
    assert np.array_equal(found.mask, expected)


def test_the_last_annotation_counts_and_skipped_tasks_do_not() -> None:
    twice = submitted(stroke("rectanglelabels", LEFT, "pit"))
    twice["annotations"] += [
        {"result": [stroke("rectanglelabels", ALL, "pit")]},
        {"result": [], "was_cancelled": True},
    ]
    (found,) = read({"data": {"name": "z"}, "annotations": []}, twice)
    assert (found.mask == 1).all()


@pytest.mark.parametrize(
    ("rule", "row"),
    [
        ("ground-truth", [1, 1, 1, 1, 0, 0, 0, 0]),
        ("latest", [2] * 8),
        ("consensus", [255, 255, 255, 255, 0, 0, 0, 0]),
    ],
)
def test_the_rule_says_which_annotations_count(rule: Rule, row: list[int]) -> None:
    marked = submitted(stroke("rectanglelabels", LEFT, "pit"))
    marked["annotations"][0]["ground_truth"] = True
    marked["annotations"] += [
        {"result": []},
        {"result": [stroke("rectanglelabels", ALL, "crack")]},
    ]
    if rule == "consensus":  # pit and crack have one vote of three each on the left, none right
        marked["annotations"][2] = {"result": [stroke("rectanglelabels", LEFT, "crack")]}
    (found,) = read_masks([marked], CLASSES, rule=rule)
    assert isinstance(found, DrawnMask)
    assert found.mask.tolist() == [row] * 4


def test_results_that_are_no_regions_are_left_out() -> None:
    box = stroke("rectanglelabels", LEFT, "pit") | {"id": "r"}
    others = [
        {"type": "choices", "value": {"choices": ["good"]}, "from_name": "c"},
        {"type": "relation", "from_id": "r", "to_id": "s", "direction": "right"},
        {"type": "textarea", "id": "r", "value": LEFT | {"text": ["why"]}},
        stroke("choices", LEFT, "sharp") | {"id": "r"},
    ]
    (found,) = read(submitted(*others, box, others[1]))
    assert found.mask.tolist() == [[1, 1, 1, 1, 0, 0, 0, 0]] * 4


def test_a_shape_and_its_label_may_be_two_results() -> None:
    label = stroke("labels", LEFT, "crack") | {"id": "r"}
    shape = {**label, "type": "rectangle", "value": LEFT}
    (found,) = read(submitted(shape, label))
    assert found.mask.tolist() == [[2, 2, 2, 2, 0, 0, 0, 0]] * 4
    (alone,) = read(submitted(shape))
    assert "a.png: a region of type rectangle has 0 labels" in str(alone)


def test_how_the_image_was_shown_does_not_move_its_regions() -> None:
    (plain,) = read(submitted(stroke("rectanglelabels", LEFT, "pit")))
    (turned,) = read(submitted(stroke("rectanglelabels", LEFT, "pit") | {"image_rotation": 90}))
    assert np.array_equal(turned.mask, plain.mask)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"image": "/data/local-files/?d=my%20images/a.png"}, "my images/a.png"),
        ({"image": "http://host/x/b.png"}, "/x/b.png"),
        ({"name": "c.png", "image": "d.png"}, "c.png"),
    ],
)
def test_the_image_of_a_task(data: dict[str, str], name: str) -> None:
    mask = stroke("brushlabels", {"rle": encode_mask(np.ones((4, 8), bool))}, "pit")
    (found,) = read(submitted(mask, **data))
    assert isinstance(found, DrawnMask)
    assert found.name == name


def test_no_stroke_is_no_defect() -> None:
    (found,) = read_masks(
        [submitted()], CLASSES, {"a.png": np.ones((3, 5, 3), np.uint8)}.__getitem__
    )
    assert isinstance(found, DrawnMask)
    assert found.mask.tolist() == [[0] * 5] * 3


@pytest.mark.parametrize(
    ("strokes", "message"),
    [
        ([], "submitted without a region"),
        (
            [stroke("brushlabels", {"rle": []}, "hole")],
            "'hole' is not a class of the model. Known: pit",
        ),
        ([stroke("keypointlabels", {"x": 1, "y": 1, "width": 1}, "pit")], "covers no area"),
        ([stroke("polygonlabels", {"points": []}, "pit") | {"value": {}}], "has 0 labels"),
        ([stroke("brushlabels", {"rle": [1, 2]}, "pit")], "cannot be read as a mask of 4 x 8"),
        ([stroke("brushlabels", {"rle": []}, "pit", (10**6, 10**6))], "expected a picture of 1 to"),
        ([{"type": "brushlabels"}], "task 1: expected a task as Label Studio exports it"),
    ],
)
def test_a_bad_task_is_told_and_stops_no_other(strokes: list[Any], message: str) -> None:
    good = submitted(stroke("brushlabels", {"rle": encode_mask(np.ones((4, 8), bool))}, "pit"))
    bad, found = read(submitted(*strokes), good)
    assert isinstance(bad, FrugalsegError)
    assert message in str(bad)
    assert isinstance(found, DrawnMask)


U = 255


def black(_: str) -> Any:
    return np.zeros((4, 8, 3), np.uint8)


def key_point(x: float, y: float, label: str) -> Any:
    return stroke("keypointlabels", {"x": x, "y": y, "width": 2}, label)


def test_beside_scribbles_and_points_nothing_is_known() -> None:
    brush = np.zeros((4, 8), bool)
    brush[1, 2:5] = True
    drawn = submitted(
        stroke("brushlabels", {"rle": encode_mask(brush)}, "crack"),
        key_point(99.9, 100, "background"),  # in the last pixel, and on the rim
        key_point(13, 0, "pit"),  # 13 % of 8 pixels: in the second
    )
    for kind in ("scribbles", "points"):
        (found,) = read_masks([drawn], CLASSES, kind=kind)
        assert isinstance(found, DrawnMask)
        assert found.mask.tolist() == [
            [U, 1, U, U, U, U, U, U],
            [U, U, 2, 2, 2, U, U, U],
            [U, U, U, U, U, U, U, U],
            [U, U, U, U, U, U, U, 0],
        ]
    (refused,) = read(drawn)
    assert "'background' is not a class" in str(refused)
    (empty,) = read_masks([submitted()], CLASSES, black, kind="points")
    assert "nothing was drawn" in str(empty)


def test_beside_boxes_is_background_and_in_them_what_stands_out() -> None:
    image = np.full((4, 8, 3), 50, np.uint8)
    image[1:3, 2:5] = 200
    box = stroke("rectanglelabels", {"x": 12.5, "y": 0, "width": 62.5, "height": 100}, "crack")
    (found,) = read_masks([submitted(box)], CLASSES, lambda _: image, kind="boxes")
    assert isinstance(found, DrawnMask)
    expected = np.zeros((4, 8), np.uint8)
    expected[1:3, 2:5] = 2
    assert np.array_equal(found.mask, expected)
    (none,) = read_masks([submitted()], CLASSES, lambda _: image, kind="boxes")
    assert isinstance(none, DrawnMask)
    assert not none.mask.any()
    (refused,) = read_masks([submitted(box)], CLASSES, kind="boxes")
    assert "boxes need the image" in str(refused)
