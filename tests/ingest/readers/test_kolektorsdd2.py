"""KolektorSDD2: pairs by `_GT`, an official split, counts that are not asserted."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.masks import apply, fit, histogram
from frugalseg.ingest.readers.kolektorsdd2 import KolektorSDD2


def draw(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB" if "_GT" not in name else "L", (4, 6)).save(path)


def test_layout(tmp_path: Path) -> None:
    draw(
        tmp_path,
        *(f"KolektorSDD2/train/{n}{end}.png" for n in (10001, 10000) for end in ("", "_GT")),
    )
    draw(tmp_path, "KolektorSDD2/test/20000.png", "KolektorSDD2/test/20000_GT.png")
    items = KolektorSDD2().items(tmp_path)
    assert [(item.image_id, item.split, item.mask and item.mask.name) for item in items] == [
        ("train/10000", "train", "10000_GT.png"),
        ("train/10001", "train", "10001_GT.png"),
        ("test/20000", "test", "20000_GT.png"),
    ]


def test_all_mistakes_are_listed_at_once(tmp_path: Path) -> None:
    draw(tmp_path, "train/1.png", "train/2_GT.png", "test/3.png", "test/4.png", "test/4_GT.png")
    with pytest.raises(FrugalsegError) as error:
        KolektorSDD2().items(tmp_path)
    for part in ("without a mask: ", "1.png", "without an image: ", "2_GT.png", "3.png"):
        assert part in str(error.value)


def test_empty_archive(tmp_path: Path) -> None:
    for part in ("train", "test"):
        (tmp_path / part).mkdir()
    with pytest.raises(FrugalsegError, match="with PNG files, found test, train"):
        KolektorSDD2().items(tmp_path)
    with pytest.raises(FrugalsegError, match="train/ and test/"):
        KolektorSDD2().items(tmp_path / "train")


@pytest.mark.parametrize(
    ("archive", "splits", "positives"),
    [
        ("KolektorSDD2", {"train": 3, "test": 3}, {"train": 1, "test": 1}),
        (
            "KolektorSDD2_SUBSTITUTE_from_KSDD1",
            {"train": 168, "test": 56},
            {"train": 22, "test": 8},
        ),
    ],
)
def test_archive(
    tmp_path: Path,
    real_data: Path,
    archive: str,
    splits: dict[str, int],
    positives: dict[str, int],
) -> None:
    with zipfile.ZipFile(real_data / f"{archive}.zip") as file:
        file.extractall(tmp_path)
    reader = KolektorSDD2()
    found = {split: {"images": 0, "positives": 0} for split in splits}
    samples = [(item, reader.load(item)) for item in reader.items(tmp_path)]
    masks = [sample.mask for _, sample in samples if sample.mask is not None]
    rule = fit(reader.mask, sum((histogram(mask) for mask in masks), np.zeros(256, np.int64)))
    for item, sample in samples:
        assert sample.mask is not None
        assert item.split is not None
        assert sample.image.shape[2] == 3
        found[item.split]["images"] += 1
        found[item.split]["positives"] += int(apply(rule, sample.mask, item).any())
    assert {split: count["images"] for split, count in found.items()} == splits
    assert {split: count["positives"] for split, count in found.items()} == positives
