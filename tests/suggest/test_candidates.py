from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.suggest.candidates import find_candidates


def touch(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def test_a_folder_laid_out_as_the_data_set(tmp_path: Path) -> None:
    touch(tmp_path, "images/a1.png", "images/a2.png", "masks/a1.png", "notes.txt")
    touch(tmp_path, "unlabeled/b.jpg", "unlabeled/c.jpg", "masks/b_mask.png")
    images, labeled = find_candidates(tmp_path)
    assert list(images) == ["images/a2.png", "unlabeled/c.jpg"]
    assert images["unlabeled/c.jpg"] == tmp_path / "unlabeled/c.jpg"
    assert labeled == 2


def test_a_folder_of_images_with_masks_beside_it(tmp_path: Path) -> None:
    touch(tmp_path, "photos/a.png", "photos/b.png", "photos/._b.png", "masks/b.png")
    images, labeled = find_candidates(tmp_path / "photos")
    assert (list(images), labeled) == (["a.png"], 1)
    touch(tmp_path, "photos/masks/a.png")  # those inside go first
    assert list(find_candidates(tmp_path / "photos")[0]) == ["b.png"]


def test_a_pattern_pairs_as_in_the_data_set(tmp_path: Path) -> None:
    touch(tmp_path, "images/a1_b3.png", "images/a2_b1.png", "masks/m_1.png")
    assert list(find_candidates(tmp_path, r"[am]_?(\d+)")[0]) == ["images/a2_b1.png"]
    assert list(find_candidates(tmp_path, r"[bm]_?(\d+)")[0]) == ["images/a1_b3.png"]


def test_a_mask_of_no_image_is_told(tmp_path: Path) -> None:
    touch(tmp_path, "images/a.png", "images/b.png", "masks/a.png", "masks/c.png", "masks/d.png")
    with pytest.raises(FrugalsegError, match=r"c\.png: belongs to no image .* 1 other .*--pair"):
        find_candidates(tmp_path)


def test_what_cannot_be_labeled_is_told(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match="expected a folder of images, found none"):
        find_candidates(tmp_path / "gone")
    with pytest.raises(FrugalsegError, match="found no image"):
        find_candidates(tmp_path)
    touch(tmp_path, "images/a.png", "masks/a.png")
    with pytest.raises(FrugalsegError, match="all 1 images have a mask already"):
        find_candidates(tmp_path)
