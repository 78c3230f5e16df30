from xml.etree import ElementTree

import numpy as np
import pytest

from frugalseg.cli.values import KINDS
from frugalseg.suggest.brush import decode_mask
from frugalseg.suggest.label_studio import DRAWING_TAGS, drawing_config, labeling_config, task


def test_a_task_holds_the_prediction() -> None:
    preds = np.zeros((4, 8), np.uint8)
    preds[1, 2:5] = 2
    made = task("a b/ä.png", preds, ["pit", "crack"], score=0.5, version="v", boxes=[(1, 2, 2, 4)])
    assert made["data"] == {
        "image": "/data/local-files/?d=a%20b/%C3%A4.png",
        "name": "a b/ä.png",
    }
    (prediction,) = made["predictions"]
    assert (prediction["score"], prediction["model_version"]) == (0.5, "v")
    brush, region = prediction["result"]
    assert brush["value"]["brushlabels"] == ["crack"]
    assert (brush["original_height"], brush["original_width"]) == (4, 8)
    assert np.array_equal(decode_mask(brush["value"]["rle"], (4, 8)), preds == 2)
    place = {key: region["value"][key] for key in ("x", "y", "width", "height")}
    assert place == {"x": 25, "y": 25, "width": 50, "height": 50}


def test_the_configuration_names_what_the_tasks_name() -> None:
    tree = ElementTree.fromstring(labeling_config(['a "b" <c>', "d"]))
    made = task(
        "a.png", np.ones((1, 1), np.uint8), ["d"], score=0, version="", boxes=[(0, 0, 1, 1)]
    )
    for result in made["predictions"][0]["result"]:
        kind = {"brushlabels": "BrushLabels", "rectanglelabels": "RectangleLabels"}[result["type"]]
        tag = tree.find(kind)
        assert tag is not None
        assert (tag.get("name"), tag.get("toName")) == (result["from_name"], result["to_name"])
        known = {label.get("value") for label in tag}
        assert set(result["value"][result["type"]]) <= known
    regions = tree.find("RectangleLabels")
    assert regions is not None
    assert regions.get("canRotate") == "false"
    image = tree.find("Image")
    assert image is not None
    assert image.get("value") == "$image"
    labels = tree.find("BrushLabels")
    assert labels is not None
    assert [label.get("value") for label in labels] == ['a "b" <c>', "d"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_tag_and_boxes_have_no_background(kind: str) -> None:
    tag = ElementTree.fromstring(drawing_config(["a < b"], kind)).find(DRAWING_TAGS[kind])
    assert tag is not None
    expected = ["a < b"] if kind == "boxes" else ["a < b", "background"]
    assert [label.get("value") for label in tag] == expected
    assert tuple(DRAWING_TAGS) == KINDS
