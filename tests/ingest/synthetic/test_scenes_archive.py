"""The zip archives of the built-in scenes: layout, bytes, and that nothing half-made stays."""

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.synthetic import SCENES
from frugalseg.ingest.synthetic.archive import write_archive

FEW = {"images": 3, "test": 2, "unlabeled": 1, "size": [40, 56]}


def entries(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


@pytest.mark.parametrize("scene", SCENES)
def test_layout_is_that_of_a_users_folder(scene: str, tmp_path: Path) -> None:
    write_archive(scene, FEW, tmp_path / "a.zip")
    names = {name for name in entries(tmp_path / "a.zip") if name.endswith(".png")}
    train, test = [f"train-0000{k}.png" for k in range(3)], [f"test-0000{k}.png" for k in range(2)]
    assert names == {
        *(f"{folder}/{name}" for folder in ("images", "masks") for name in train),
        *(f"test/{folder}/{name}" for folder in ("images", "masks") for name in test),
        "unlabeled/unlabeled-00000.png",
    }


@pytest.mark.parametrize("scene", SCENES)
def test_same_options_give_same_bytes_and_another_seed_others(scene: str, tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        write_archive(scene, {**FEW, "seed": seed}, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    first, other = entries(tmp_path / "a"), entries(tmp_path / "c")
    assert all(first[name] != other[name] for name in first if "images/" in name)


@pytest.mark.parametrize("scene", SCENES)
def test_more_pictures_change_no_earlier_one(scene: str, tmp_path: Path) -> None:
    write_archive(scene, FEW, tmp_path / "few.zip")
    more = {**FEW, "images": 10, "test": 3, "unlabeled": 9}
    write_archive(scene, more, tmp_path / "more.zip")
    few, many = entries(tmp_path / "few.zip"), entries(tmp_path / "more.zip")
    assert all(many[name] == few[name] for name in few if name.endswith(".png"))
    assert len(many) > len(few)


def test_entries_carry_no_time_and_are_stored(tmp_path: Path) -> None:
    write_archive("defects", FEW, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        infos = opened.infolist()
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED}


def test_masks_on_disk_are_of_the_image_size_and_hold_the_scenes_values(tmp_path: Path) -> None:
    options = {"images": 6, "test": 0, "unlabeled": 0, "size": [96, 128]}
    allowed = {"defects": {0, 255}, "multiclass": {0, 1, 2, 3, 4}, "particles": {0, 255}}
    for scene, values in allowed.items():
        write_archive(scene, options, tmp_path / scene)
        files = entries(tmp_path / scene)
        masks = [pixels(files[name]) for name in files if name.startswith("masks/")]
        assert {mask.shape for mask in masks} == {(96, 128)}
        found = set(np.unique(masks).tolist())
        assert {0} < found <= values
    assert pixels(files["images/train-00000.png"]).shape == (96, 128)


def test_groups_csv_names_the_block_of_every_slice(tmp_path: Path) -> None:
    write_archive("particles", {**FEW, "block": 2}, tmp_path / "a.zip")
    table = entries(tmp_path / "a.zip")["groups.csv"].decode()
    groups = {row["image"]: row["group"] for row in csv.DictReader(io.StringIO(table))}
    assert groups == {
        "train-00000": "train-000",
        "train-00001": "train-000",
        "train-00002": "train-001",
        "test-00000": "test-000",
        "test-00001": "test-000",
        "unlabeled-00000": "unlabeled-000",
    }


def test_unknown_scene_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match="'defect'.*Did you mean 'defects'.*multiclass"):
        write_archive("defect", {}, tmp_path / "a.zip")


@pytest.mark.parametrize("scene", SCENES)
def test_bad_options_leave_nothing_behind(scene: str, tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match="'images': found -1"):
        write_archive(scene, {"images": -1}, tmp_path / "a.zip")
    assert not list(tmp_path.iterdir())


def test_a_failure_half_way_leaves_the_old_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_archive("defects", FEW, tmp_path / "a.zip")
    before = (tmp_path / "a.zip").read_bytes()

    def full_disk(_: object) -> bytes:
        raise OSError("no space left")

    monkeypatch.setattr("frugalseg.ingest.synthetic.archive.encode_png", full_disk)
    with pytest.raises(OSError, match="no space"):
        write_archive("defects", {**FEW, "seed": 1}, tmp_path / "a.zip")
    assert [file.name for file in tmp_path.iterdir()] == ["a.zip"]
    assert (tmp_path / "a.zip").read_bytes() == before
