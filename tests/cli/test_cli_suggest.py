"""What to label next, as a user would ask, up to masks that the data set then reads."""

import errno
import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from model_files import write_model
from PIL import Image

from frugalseg.cli import __main__ as program
from frugalseg.settings.dataset import DataSetParams, DuplicateParams, LimitParams
from frugalseg.settings.mask import MaskParams
from frugalseg.stages import prepare
from frugalseg.suggest.brush import decode_mask


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "model.safetensors", classes=["crack"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two images with masks, four without."""
    rng = np.random.default_rng(0)
    for name in (
        "images/a",
        "images/b",
        "unlabeled/c",
        "unlabeled/d",
        "unlabeled/e",
        "unlabeled/f",
    ):
        path = tmp_path / f"mine/{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (40, 48, 3), dtype=np.uint8)).save(path)
    (tmp_path / "mine/masks").mkdir()
    for name in "ab":
        mask = np.zeros((40, 48), np.uint8)
        mask[5:20, 7:30] = 255
        Image.fromarray(mask).save(tmp_path / f"mine/masks/{name}.png")
    return tmp_path / "mine"


def run(*arguments: object) -> int:
    return program.main(["suggest", *map(str, arguments), "--device", "cpu"])


def test_from_a_suggestion_to_a_stack(
    model: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "next"
    assert run("--model", model, "--images", folder, "--n", 2, "--out", out) == 0
    assert (
        "2 images to label next, of 4 images without a mask (2 have one)" in capsys.readouterr().out
    )
    table = pd.read_csv(out / "suggestions.csv")
    assert set(table["image"]) < {f"unlabeled/{name}.png" for name in "cdef"}
    assert len(list((out / "overlays").iterdir())) == 2
    for task in json.loads((out / "tasks.json").read_text()):  # the prediction, taken for truth
        name = Path(task["data"]["name"])
        assert (folder / name).is_file()
        drawn = np.zeros((40, 48), bool)
        for result in task["predictions"][0]["result"]:
            drawn |= decode_mask(result["value"]["rle"], (40, 48))
        Image.fromarray(np.uint8(255) * drawn).save(folder / f"masks/{name.stem}.png")
    assert run("--model", model, "--images", folder, "--n", 9, "--out", tmp_path / "more") == 0
    left = pd.read_csv(tmp_path / "more/suggestions.csv")["image"]
    assert not set(left) & set(table["image"])
    assert len(left) == 2
    index = prepared(folder, tmp_path / "stack")
    assert index["has_mask"].sum() == 4
    labeled = {f"unlabeled/{name}.png" for name in index.loc[index["has_mask"], "image_id"]}
    assert set(table["image"]) <= labeled


def prepared(folder: Path, out: Path) -> pd.DataFrame:
    archive = Path(shutil.make_archive(str(out.with_name("mine")), "zip", folder))
    settings = DataSetParams(
        reader="folder",
        source="file:mine",
        classes=("crack",),
        image_size=(32, 32),
        mask=MaskParams(method="nonzero"),
        limits=LimitParams(entries=100, total_bytes=10**8, ratio=500.0, pixels=10**6),
        duplicates=DuplicateParams(distance=None),
    )
    prepare.run(archive, out, settings, name="mine", threads=1)
    return pd.read_csv(out / "index.csv")


def test_real_photos_from_a_suggestion_to_a_stack(
    real_data: Path, model: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(real_data / "uav-based-crack-detection-dataset.zip") as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("images/"))[:24]
        masks_of = [name.replace("images/", "masks/") for name in names]
        archive.extractall(tmp_path / "uav", [*names, *masks_of])
    photos = sorted((tmp_path / "uav/images").iterdir())
    masks, waiting = tmp_path / "uav/masks", tmp_path / "uav/unlabeled"
    waiting.mkdir()
    (tmp_path / "drawn").mkdir()
    for photo in photos[8:]:
        photo.rename(waiting / photo.name)
        (masks / photo.name).rename(tmp_path / "drawn" / photo.name)
    out = tmp_path / "next"
    assert run("--model", model, "--images", tmp_path / "uav", "--n", 3, "--out", out) == 0
    names = pd.read_csv(out / "suggestions.csv")["image"].tolist()
    assert set(names) < {f"unlabeled/{photo.name}" for photo in photos[8:]}
    for name in names:
        drawn = tmp_path / "drawn" / Path(name).name
        drawn.rename(masks / drawn.name)
    index = prepared(tmp_path / "uav", tmp_path / "stack")
    assert (len(index), index["has_mask"].sum()) == (len(photos), 8 + 3)


def test_nothing_is_overwritten_and_a_bad_image_is_told(
    model: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "unlabeled/g.png").write_bytes(b"no picture")
    given = ["--model", model, "--images", folder, "--regions", 16, "--n", 3]
    assert run(*given, "--out", tmp_path / "next") == 2
    told = capsys.readouterr().err
    assert "1 images could not be read" in told
    assert "g.png" in told
    assert "3 regions to label next" in told
    assert pd.read_csv(tmp_path / "next/suggestions.csv")["height"].tolist() == [16] * 3
    assert run(*given, "--out", tmp_path / "next") == 2
    assert "would be overwritten" in capsys.readouterr().err


@pytest.mark.parametrize("writer", ["PIL.Image.Image.save", "pandas.DataFrame.to_csv"])
def test_a_full_disk_leaves_nothing_half_written(
    writer: str, model: Path, folder: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def full(*given: object, **_: object) -> None:
        Path(str(given[1])).write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writer, full)
    out = tmp_path / "next"
    assert run("--model", model, "--images", folder, "--n", 2, "--out", out) == 2
    assert "could not be written: [Errno 28] No space left" in capsys.readouterr().err
    assert not (out / "suggestions.csv").exists()
    assert not list(out.rglob("*.partial"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--acquire", "bald"], "needs a model with dropout"),
        (["--acquire", "entropie"], "entropie"),
        (["--images", "nowhere"], "expected a folder of images"),
    ],
)
def test_wrong_wishes_are_one_line(
    options: list[str], message: str, model: Path, folder: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    given = ["--model", model, "--images", folder, "--out", tmp_path / "next"]
    assert run(*given, *options) == 2
    told = capsys.readouterr().err
    assert message in told
    assert len(told.splitlines()) == 1
    assert not (tmp_path / "next").exists()
