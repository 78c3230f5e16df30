"""Every real archive through the real stages `prepare` and `split`, at a small size."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json
from frugalseg.data.leaks import RANKS
from frugalseg.data.split import linked
from frugalseg.data.stack import read_duplicates, read_index
from frugalseg.settings.dataset import DataSetParams
from frugalseg.stages import prepare, split


@dataclass(frozen=True)
class Archive:
    """A real archive, and what its provenance file says is in it."""

    file: str
    reader: str
    images: int
    labeled: int
    positives: int
    parts: dict[str, int]
    duplicates: tuple[int, int, int] = (0, 0, 0)
    leaks: tuple[int, ...] = (0,)


ARCHIVES = {
    "ksdd2": Archive("KolektorSDD2", "kolektorsdd2", 6, 6, 2, {"train": 3, "test": 3}),
    "ksdd2-like": Archive(
        "KolektorSDD2_SUBSTITUTE_from_KSDD1", "kolektorsdd2",
        224, 224, 30, {"train": 168, "test": 56}, (0, 8, 7), (8,),
    ),
    "ksdd": Archive("KolektorSDD", "kolektorsdd", 27, 27, 6, {"none": 27}),
    "crack": Archive(
        "crack_segmentation_dataset_SUBSTITUTE", "crack_segmentation",
        165, 165, 95, {"train": 128, "test": 37},
    ),
    "crackforest": Archive("CrackForest-dataset", "crackforest", 76, 76, 76, {"none": 76}),
    "uav": Archive("uav-based-crack-detection-dataset", "folder", 44, 44, 44, {"none": 44}),
    "glas": Archive(
        "warwick_qu_dataset_released_2016_07_08", "glas",
        31, 31, 31, {"train": 20, "test": 11}, leaks=(11,),
    ),
    "microct": Archive(
        "microct_02456_project21", "microct",
        15, 11, 11, {"none": 11, "unlabeled": 4}, leaks=(0, 1, 2, 3, 4),
    ),
    "aluminum": Archive(
        "Aluminum-Surface-Defect-mini_test", "aluminum", 10, 10, 10, {"none": 10}, (1, 0, 1)
    ),
    "magnetic_tile": Archive(
        "Magnetic-tile-defect-datasets", "magnetic_tile", 225, 225, 133, {"none": 225},
        (0, 39, 39),
    ),
}  # fmt: skip

Stacks = Callable[[str], Path]


@pytest.fixture(scope="module")
def stack(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    """Return a function that prepares an archive of `ARCHIVES`, once, and gives its folder."""

    @cache
    def prepared(name: str) -> Path:
        archive = ARCHIVES[name]
        out = tmp_path_factory.mktemp(name)
        entry = {"source": "file:x", "reader": archive.reader, "image_size": [64, 64]}
        file = real_data / f"{archive.file}.zip"
        prepare.run(file, out, DataSetParams.model_validate(entry), name=name, threads=2)
        return out

    return prepared


def drawn(folder: Path, seed: int = 0, **options: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the parts and the leaks of a split of a prepared archive."""
    out = folder / f"seed-{seed}.csv"
    split.run(folder, out, seed=seed, test=0.25, validation=0.2, **options)
    files = (out, out.with_name(f"leaks-{out.name}"))
    parts, leaks = (pd.read_csv(file, dtype=str, keep_default_na=False) for file in files)
    return parts, leaks


@pytest.mark.parametrize("name", ARCHIVES)
def test_archive_is_prepared_whole(stack: Stacks, name: str) -> None:
    archive, folder = ARCHIVES[name], stack(name)
    card, index = read_json(folder / "card.json"), read_index(folder)
    assert card["images"] == len(index) == archive.images
    assert (card["labeled"], card["positives"]) == (archive.labeled, archive.positives)
    assert card["counts"] == archive.parts
    assert tuple(card["duplicates"][key] for key in ("exact", "near", "different_masks")) == (
        archive.duplicates
    )
    assert card["license"]
    masks = np.load(folder / "masks.npy", mmap_mode="r")
    assert set(np.unique(masks)) <= {*range(len(card["classes"]) + 1), 255}
    assert (masks == 255).all(axis=(1, 2)).sum() == archive.images - archive.labeled


@pytest.mark.parametrize("name", ARCHIVES)
def test_split_of_archive_keeps_together_what_belongs_together(stack: Stacks, name: str) -> None:
    folder = stack(name)
    index = read_index(folder)
    units = linked(index, read_duplicates(folder))
    for seed in range(3):
        parts, leaks = drawn(folder, seed, leaks="drop")
        assert {"train", "val", "test"} <= set(parts["part"])
        assert len(leaks) in ARCHIVES[name].leaks
        rank = parts["part"].map(RANKS)
        assert rank[rank >= 0].groupby(units[rank >= 0]).nunique().max() == 1
        official = index["split"].eq("test")
        assert parts.loc[official, "part"].eq("test").all()


def test_two_items_of_the_ksdd2_like_archive_are_one(stack: Stacks) -> None:
    """All eight photos of one training item show the item that eight test photos show."""
    _, leaks = drawn(stack("ksdd2-like"))
    assert sorted(leaks["image_id"]) == [f"train/{number}" for number in range(10104, 10112)]
    assert sorted(leaks["other_id"]) == [f"test/{number}" for number in range(20032, 20040)]
    assert set(leaks["reason"]) == {"near"}
    assert set(leaks["part"]) <= {"train", "val"}
    with pytest.raises(FrugalsegError, match=r"train/10104 \(train\) and test/20038"):
        drawn(stack("ksdd2-like"), leaks="fail")


def test_patients_of_glas_are_on_both_sides_of_its_official_split(stack: Stacks) -> None:
    _, leaks = drawn(stack("glas"))
    assert set(leaks["reason"]) == {"group"}
    parts, _ = drawn(stack("glas"), leaks="drop")
    index = read_index(stack("glas"))
    sides = index["group"].groupby(parts["part"]).agg(set)
    assert not sides["train"] & sides["test"]


def test_same_photo_with_other_masks_is_listed(stack: Stacks) -> None:
    pairs = read_duplicates(stack("aluminum"))
    assert pairs.to_numpy().tolist() == [["132", "339", "exact", 0, "False"]]


def test_micro_ct_blocks_and_their_unlabeled_slices_stay_on_one_side(stack: Stacks) -> None:
    folder = stack("microct")
    assert read_duplicates(folder).empty  # neighbors resemble each other and are no duplicates
    for seed in range(5):
        parts, leaks = drawn(folder, seed)
        rank = parts["part"].map(RANKS)
        groups = read_index(folder)["group"]
        assert rank[rank >= 0].groupby(groups[rank >= 0]).nunique().max() == 1
        assert set(leaks["image_id"]) == set(parts.loc[parts["part"] == "dropped", "image_id"])


def test_every_image_without_crack_has_an_empty_mask(stack: Stacks) -> None:
    index = read_index(stack("crack"))
    negative = index["image_id"].str.contains("/noncrack_")
    assert negative.sum() == 70
    assert (index.loc[negative, "foreground"] == 0).all()
    assert (index.loc[~negative, "foreground"] > 0).all()


def test_float_slices_keep_their_contrast(stack: Stacks) -> None:
    images = np.load(stack("microct") / "images.npy", mmap_mode="r")
    assert images.std(axis=(1, 2, 3)).min() > 20


def test_tags_tell_the_class_that_the_masks_hold(stack: Stacks) -> None:
    index = read_index(stack("magnetic_tile"))
    assert index["image_label"].value_counts().to_dict() == {
        "0": 90, "1": 40, "2": 29, "3": 19, "4": 11, "5": 36,
    }  # fmt: skip
