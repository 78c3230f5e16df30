from pathlib import Path

import pytest

from frugalseg.cli.inputs import find_jobs
from frugalseg.core.errors import FrugalsegError

SUFFIXES = frozenset({".png", ".jpg"})


def touched(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    return folder


def names(given: list[Path | str], out: Path) -> list[tuple[str, str]]:
    jobs = find_jobs([str(one) for one in given], out, SUFFIXES)
    return [(job.image.name, job.base.relative_to(out).as_posix()) for job in jobs]


def test_a_folder_keeps_its_shape(tmp_path: Path) -> None:
    folder = touched(tmp_path / "in", "b.png", "a.JPG", "below/c.png", "notes.txt")
    found = names([folder], tmp_path / "out")
    assert found == [("a.JPG", "a"), ("b.png", "b"), ("c.png", "below/c")]


def test_clutter_is_skipped_as_by_the_reader_of_folders(tmp_path: Path) -> None:
    clutter = (".ipynb_checkpoints/a.png", ".thumbnails/a.png", "._a.png", "__MACOSX/a.png")
    folder = touched(tmp_path / ".hidden" / "in", "a.png", "x/.b.png", "x/@eaDir/a.jpg", *clutter)
    assert names([folder], tmp_path / "out") == [("a.png", "a")]
    assert names([folder / "._a.png"], tmp_path / "out") == [("._a.png", "._a")]


def test_patterns_files_and_what_is_meant_twice(tmp_path: Path) -> None:
    folder = touched(tmp_path / "in", "b.png", "a.png", "x.txt", "odd[1].png")
    out = tmp_path / "out"
    assert names([f"{folder}/?.*"], out) == [("a.png", "a"), ("b.png", "b")]
    assert names([folder / "b.png", f"{folder}/?.png"], out) == [("b.png", "b"), ("a.png", "a")]
    assert names([folder / "odd[1].png"], out) == [("odd[1].png", "odd[1]")]
    assert names([folder / "gone.png"], out) == [("gone.png", "gone")]


def test_outputs_below_the_folder_are_no_images(tmp_path: Path) -> None:
    folder = touched(tmp_path, "a.png", "masks/a.mask.png")
    assert names([folder], tmp_path / "masks") == [("a.png", "a")]


def test_outputs_beside_their_images_are_no_images(tmp_path: Path) -> None:
    made = [f"{name}.{kind}.png" for name in ("a", "below/b") for kind in ("mask", "overlay")]
    folder = touched(tmp_path, "a.png", "below/b.png", "other.mask.png", *made)
    expected = [("a.png", "a"), ("b.png", "below/b"), ("other.mask.png", "other.mask")]
    assert names([folder], folder) == expected
    assert names([f"{folder}/a*.png"], folder) == [("a.png", "a")]


def test_images_may_lie_below_the_output(tmp_path: Path) -> None:
    folder = touched(tmp_path / "photos", "a.png")
    assert names([folder], tmp_path) == [("a.png", "a")]


def test_nothing_found_and_two_of_one_name_are_told(tmp_path: Path) -> None:
    folder = touched(tmp_path / "in", "a.png", "a.jpg", "empty/x.txt")
    with pytest.raises(FrugalsegError, match="would have outputs of one name"):
        names([folder], tmp_path / "out")
    with pytest.raises(FrugalsegError, match="no image found in"):
        names([folder / "empty"], tmp_path / "out")
    with pytest.raises(FrugalsegError, match="nothing matches"):
        names([f"{folder}/*.gif"], tmp_path / "out")
