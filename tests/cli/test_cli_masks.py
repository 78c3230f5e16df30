import errno
import json
from pathlib import Path

import numpy as np
import pytest
from model_files import write_model
from PIL import Image

from frugalseg.cli import __main__ as program
from frugalseg.cli.masks import ANNOTATIONS
from frugalseg.suggest.annotations import RULES
from frugalseg.suggest.label_studio import task


def run(*arguments: object) -> int:
    return program.main(["masks", *map(str, arguments)])


def exported(path: Path, classes: list[str], **options: object) -> Path:
    preds = np.zeros((4, 6), np.uint8)
    preds[1:3, 2:4] = 1
    made = task("unlabeled/a.png", preds, classes, score=1, version="v", **options)  # type: ignore[arg-type]
    done = made | {"annotations": [{"result": made["predictions"][0]["result"]}]}
    path.write_text(json.dumps([done, {"data": {}, "annotations": []}]))
    return path


def test_masks_of_one_class_are_black_and_white(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export, out = exported(tmp_path / "e.json", ["crack"]), tmp_path / "masks"
    assert run(export, "--classes", "crack", "--out", out) == 0
    assert "1 masks" in capsys.readouterr().out
    mask = np.asarray(Image.open(out / "a.png"))
    assert (mask == 255).sum() == 4
    assert set(np.unique(mask)) == {0, 255}
    assert run(export, "--classes", "crack", "--out", out) == 2
    assert "would be overwritten" in capsys.readouterr().err


def test_regions_and_several_classes_are_indices(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = exported(tmp_path / "e.json", ["pit", "crack"], boxes=[(0, 0, 4, 4)])
    model = write_model(tmp_path / "m.safetensors")
    assert run(export, "--model", model, "--out", tmp_path / "masks") == 0
    line = "set mask: {values: {background: 0, pit: 1, crack: 2, ignore: 255}}"
    assert line in capsys.readouterr().out
    mask = np.asarray(Image.open(tmp_path / "masks/a.png"))
    assert mask[:, 4:].tolist() == [[255, 255]] * 4
    assert (mask[1:3, 2:4] == 1).all()


def test_masks_of_regions_and_of_images_are_coded_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "masks"
    export = exported(tmp_path / "e.json", ["crack"], boxes=[(0, 0, 4, 4)])
    assert run(export, "--classes", "crack", "--out", out) == 0
    assert "set mask: {values: {background: 0, crack: 255, ignore: 127}}" in capsys.readouterr().out
    mask = np.asarray(Image.open(out / "a.png"))
    assert mask[:, 4:].tolist() == [[127, 127]] * 4
    assert (mask[1:3, 2:4] == 255).all()
    assert set(np.unique(mask[:, :4])) == {0, 255}
    Image.fromarray(np.array([[0, 255]], np.uint8)).save(out / "older.png")
    assert run(export, "--classes", "crack", "--out", out, "--force") == 0


REGIONS: dict[str, object] = {"boxes": [(0, 0, 4, 4)]}
OLDER: dict[str, tuple[list[str], list[int], dict[str, object], int]] = {
    "numbers and ignored ones": (["crack"], [0, 1, 255], {}, 2),
    "0/1 beside regions": (["crack"], [0, 1], REGIONS, 2),
    "0/1 beside whole images": (["crack"], [0, 1], {}, 0),
    "0/255 beside regions": (["crack"], [0, 255], REGIONS, 0),
    "a class too many": (["pit", "crack"], [0, 3], {}, 2),
    "the same classes": (["pit", "crack"], [0, 2, 255], {}, 0),
}


@pytest.mark.parametrize("case", OLDER)
def test_a_folder_of_masks_coded_otherwise_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    classes, older, options, status = OLDER[case]
    export, out = exported(tmp_path / "e.json", classes, **options), tmp_path / "masks"
    out.mkdir()
    Image.fromarray(np.array([older], np.uint8)).save(out / "older.png")
    assert run(export, "--classes", *classes, "--out", out) == status
    error = capsys.readouterr().err
    assert ("older.png holds 0, " in error) == (status == 2)
    assert (out / "a.png").exists() == (status == 0)


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: object, path: Path, *__: object) -> None:
        path.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    export, out = exported(tmp_path / "e.json", ["crack"]), tmp_path / "masks"
    monkeypatch.setattr(Image.Image, "save", full)
    assert run(export, "--classes", "crack", "--out", out) == 2
    assert "could not be written: [Errno 28] No space left" in capsys.readouterr().err
    assert not list(out.iterdir())


def test_what_is_no_export_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text, message in (("{", "cannot be read as JSON"), ("{}", "expected a list of tasks")):
        (tmp_path / "e.json").write_text(text)
        assert run(tmp_path / "e.json", "--classes", "a", "--out", tmp_path / "masks") == 2
        assert message in capsys.readouterr().err
    assert run(tmp_path / "e.json", "--out", tmp_path / "masks") == 2
    assert "--classes" in capsys.readouterr().err
    export = exported(tmp_path / "e.json", ["crack"])
    assert run(export, "--classes", "pit", "--out", tmp_path / "masks") == 2
    assert "1 tasks could not be read" in capsys.readouterr().err


def test_an_image_without_a_stroke_is_all_background(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.fromarray(np.zeros((5, 7), np.uint8)).save(tmp_path / "good.png")
    done = [{"data": {"name": "good.png"}, "annotations": [{"result": []}]}]
    (tmp_path / "e.json").write_text(json.dumps(done))
    given = [tmp_path / "e.json", "--classes", "crack", "--out", tmp_path / "masks"]
    assert run(*given) == 2
    assert "--images DIR" in capsys.readouterr().err
    assert run(*given, "--images", tmp_path) == 0
    mask = np.asarray(Image.open(tmp_path / "masks/good.png"))
    assert mask.tolist() == [[0] * 7] * 5


def test_the_rule_for_several_annotations_is_passed_on(tmp_path: Path) -> None:
    assert ANNOTATIONS == RULES
    export = exported(tmp_path / "e.json", ["crack"])
    tasks = json.loads(export.read_text())
    (first,) = tasks[0]["annotations"]
    empty = {"result": [], "updated_at": "2026-01-02"}
    tasks[0]["annotations"] = [empty, first | {"updated_at": "2026-01-01", "ground_truth": True}]
    export.write_text(json.dumps(tasks))
    for rule, pixels in (("ground-truth", 4), ("latest", 0)):
        out = tmp_path / rule
        given = (export, "--classes", "crack", "--annotation", rule, "--images", tmp_path)
        Image.fromarray(np.zeros((4, 6), np.uint8)).save(tmp_path / "unlabeled-a.png")
        (tmp_path / "unlabeled").mkdir(exist_ok=True)
        (tmp_path / "unlabeled-a.png").rename(tmp_path / "unlabeled/a.png")
        assert run(*given, "--out", out) == 0
        assert (np.asarray(Image.open(out / "a.png")) == 255).sum() == pixels


def test_points_leave_the_rest_of_an_image_without_a_label(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = {"original_height": 4, "original_width": 6, "type": "keypointlabels"}
    points = [
        place | {"value": {"x": 50, "y": 50, "width": 1, "keypointlabels": [label]}}
        for label in ("background", "crack")
    ]
    points[0]["value"] |= {"x": 0, "y": 0}  # type: ignore[operator]
    path = tmp_path / "e.json"
    path.write_text(json.dumps([{"data": {"name": "a.png"}, "annotations": [{"result": points}]}]))
    out = tmp_path / "masks"
    assert run(path, "--classes", "crack", "--kind", "points", "--out", out) == 0
    assert "set mask: {values: {background: 0, crack: 255, ignore: 127}}" in capsys.readouterr().out
    mask = np.asarray(Image.open(out / "a.png"))
    assert (mask[0, 0], mask[2, 3]) == (0, 255)
    assert (mask == 127).sum() == 22
