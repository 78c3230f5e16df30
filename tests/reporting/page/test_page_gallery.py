import base64
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from frugalseg.inference.predictions import unpack
from frugalseg.reporting.load.samples import Samples
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.gallery import gallery_facts, gallery_json


def test_pictures_lie_in_the_page_while_there_is_room(study: Study, tmp_path: Path) -> None:
    data = json.loads(gallery_json(study, tmp_path / "pictures", 10**7))
    assert not (tmp_path / "pictures").exists()
    assert data["folder"] is None
    assert len(data["images"]) == len(data["pictures"]) == 4
    assert sorted(data["orders"]["worst"]) == [0, 1, 2, 3]
    for image, pictures in zip(data["images"], data["pictures"], strict=True):
        row = study.index["image_id"].tolist().index(image["id"])
        truth = unpack(base64.b64decode(pictures["truth"]))
        np.testing.assert_array_equal(truth, study.masks[row])
        for cell, prediction in zip(data["cells"], pictures["predictions"], strict=True):
            kept = study.samples[cell["arm"]].predictions[cell["round"], image["id"]]
            assert base64.b64decode(prediction["pred"]) == kept.pred
            assert base64.b64decode(prediction["prob"]) == kept.prob


def test_pictures_go_beside_the_page_where_there_is_none(study: Study, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "of-an-earlier-study.js").touch()
    beside = json.loads(gallery_json(study, tmp_path / "pictures", 100))
    inside = json.loads(gallery_json(study, tmp_path / "other", 10**7))
    assert (beside["folder"], beside["pictures"]) == ("pictures", [])
    files = sorted((tmp_path / "pictures").iterdir())
    assert [path.name for path in files] == [f"{number:04d}.js" for number in range(4)]
    for number, path in enumerate(files):
        begin, text = path.read_text().split(", ", 1)
        assert begin == f"frugalsegGallery({number}"
        assert json.loads(text.removesuffix(");\n")) == inside["pictures"][number]


def test_images_without_a_defect_are_marked(study: Study, tmp_path: Path) -> None:
    masks = np.array(study.masks)
    masks[0] = np.where(masks[0] == 255, 255, 0)  # the first test image
    data = json.loads(gallery_json(replace(study, masks=masks), tmp_path / "p", 10**7))
    assert [image["defect"] for image in data["images"]] == [False, True, True, True]


def test_the_json_closes_no_element(study: Study, tmp_path: Path) -> None:
    ids = study.samples["full"].image_ids
    renamed = {i: f"</script><b>{i}" for i in ids}
    index = study.index.assign(image_id=study.index["image_id"].replace(renamed))
    samples = {
        arm: Samples(
            {(number, renamed[i]): prediction for (number, i), prediction in s.predictions.items()}
        )
        for arm, s in study.samples.items()
    }
    text = gallery_json(replace(study, index=index, samples=samples), tmp_path / "p", 10**7)
    assert "<" not in text
    assert json.loads(text)["images"][0]["id"] == renamed[ids[0]]


def test_what_is_said_of_the_gallery(study: Study) -> None:
    facts = gallery_facts(study)
    assert facts is not None
    assert (facts["shown"], facts["images"], facts["rounds"]) == (4, 10, True)


def test_nothing_is_said_without_predictions(study: Study) -> None:
    assert gallery_facts(replace(study, samples={})) is None
    assert gallery_facts(replace(study, samples={"gone": study.samples["full"]})) is None
