import base64
import json
from dataclasses import replace
from pathlib import Path

from frugalseg.reporting.gallery_files import gallery_facts, gallery_json
from frugalseg.reporting.study import Study


def test_pictures_lie_in_the_page_while_there_is_room(study: Study, tmp_path: Path) -> None:
    data = json.loads(gallery_json(study, tmp_path / "pictures", 10**7))
    assert not (tmp_path / "pictures").exists()
    assert len(data["images"]) == 4
    assert sorted(data["orders"]["worst"]) == [0, 1, 2, 3]
    for image in data["images"]:
        assert set(image["pictures"]) == {
            *("photo", "truth", "errors", "prediction", "probability", "uncertainty")
        }
        assert all(uri.startswith("data:image/") for uri in image["pictures"].values())


def test_pictures_go_beside_the_page_where_there_is_none(study: Study, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "of-an-earlier-study.png").touch()
    beside = json.loads(gallery_json(study, tmp_path / "pictures", 100))
    inside = json.loads(gallery_json(study, tmp_path / "other", 10**7))
    files = {path.name for path in (tmp_path / "pictures").iterdir()}
    assert len(files) == 4 * 6
    for one, other in zip(beside["images"], inside["images"], strict=True):
        for name, address in one["pictures"].items():
            content = base64.b64decode(other["pictures"][name].split(",")[1])
            assert (tmp_path / address).read_bytes() == content


def test_the_json_closes_no_element(study: Study, tmp_path: Path) -> None:
    ids = study.samples["full"].image_ids
    renamed = {i: f"</script><b>{i}" for i in ids}
    index = study.index.assign(image_id=study.index["image_id"].replace(renamed))
    samples = {
        arm: replace(s, image_ids=tuple(renamed[i] for i in s.image_ids))
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
