"""Several binary files an image become one mask of class numbers."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.files import merge_masks

CLASSES = ("crack", "pit")
LEFT = np.array([[1, 1, 0, 0, 0]] * 4, np.uint8)
RIGHT = np.array([[0, 1, 0, 1, 1]] * 4, np.uint8)


def write(root: Path, **files: NDArray[np.generic]) -> None:
    for name, pixels in files.items():
        path = root / "masks" / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path.with_suffix(".png"))


def merged(root: Path, pattern: str, classes: tuple[str, ...] = CLASSES) -> dict[str, object]:
    merge_masks(root, pattern, classes, max_pixels=1000)
    files = sorted(path for path in root.rglob("masks/**/*") if path.is_file())
    assert all(path.parent.name == "masks" for path in files)
    return {path.name: np.asarray(Image.open(path))[0].tolist() for path in files}


def test_suffix_of_a_class(tmp_path: Path) -> None:
    write(tmp_path, a_crack=LEFT * 255, a_pit=RIGHT, b_1_pit=RIGHT > 0)
    assert merged(tmp_path, "{image}_{class}") == {
        "a.png": [1, 2, 0, 2, 2],
        "b_1.png": [0, 2, 0, 2, 2],
    }


def test_folder_of_a_class(tmp_path: Path) -> None:
    write(tmp_path, pit__a=RIGHT * 255, crack__a=LEFT, crack__b=LEFT)
    assert merged(tmp_path, "{class}/{image}") == {
        "a.png": [1, 2, 0, 2, 2],
        "b.png": [1, 1, 0, 0, 0],
    }


def test_folder_of_objects_of_an_image(tmp_path: Path) -> None:
    write(tmp_path, a__1=LEFT, a__2=RIGHT * 255, b__7=LEFT * 0)
    assert merged(tmp_path, "{image}/*", ("cell",)) == {
        "a.png": [1, 1, 0, 1, 1],
        "b.png": [0, 0, 0, 0, 0],
    }


def test_objects_of_classes_below_their_image(tmp_path: Path) -> None:
    write(tmp_path, a__pit_1=RIGHT, a__crack_2=LEFT)
    assert merged(tmp_path, "{image}/{class}_*") == {"a.png": [1, 2, 0, 2, 2]}


def test_each_part_of_a_data_set_has_its_masks(tmp_path: Path) -> None:
    for part in ("train", "test"):
        write(tmp_path / part, a_pit=RIGHT)
    (tmp_path / "test/masks/._a_pit.png").write_bytes(b"hidden")
    merge_masks(tmp_path, "{image}_{class}", CLASSES, max_pixels=1000)
    assert (tmp_path / "train/masks/a.png").is_file()
    assert (tmp_path / "test/masks/a.png").is_file()


def test_noise_of_a_jpeg_is_background(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    shape = np.zeros((32, 32), np.uint8)
    shape[8:24, 8:24] = 240
    (tmp_path / "masks").mkdir()
    drawn = shape + rng.integers(0, 9, shape.shape, np.uint8)
    Image.fromarray(drawn).save(tmp_path / "masks/a_pit.jpg", quality=95)
    Image.fromarray(drawn % 9).save(tmp_path / "masks/a_crack.jpg", quality=95)
    merge_masks(tmp_path, "{image}_{class}", CLASSES, max_pixels=2000)
    np.testing.assert_array_equal(
        np.asarray(Image.open(tmp_path / "masks/a.png")), (shape > 0) * np.uint8(2)
    )


@pytest.mark.parametrize(
    ("pattern", "classes", "message"),
    [
        ("{class}_x", CLASSES, "{image} once"),
        ("{image}", CLASSES, "{class} once"),
        ("{image}_{class}", ("cell",), "such as '{image}/\\*'"),
        ("{image}_{class}", ("rust", "hole"), "do not fit mask.pattern.*a_pit"),
        ("{image}/*", ("cell",), "do not fit mask.pattern"),
    ],
)
def test_a_pattern_that_does_not_fit_is_refused(
    tmp_path: Path, pattern: str, classes: tuple[str, ...], message: str
) -> None:
    write(tmp_path, a_pit=RIGHT)
    with pytest.raises(FrugalsegError, match=message):
        merge_masks(tmp_path, pattern, classes, max_pixels=1000)


def test_masks_of_other_sizes_or_values_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "size", a_pit=RIGHT, a_crack=LEFT[:2])
    write(
        tmp_path / "values",
        a_pit=np.kron(RIGHT + np.roll(RIGHT, 1, 0) + LEFT, np.ones((3, 3))).astype(np.uint8),
    )
    for name, message in (("size", "4 x 5 pixels"), ("values", "expected a binary mask")):
        with pytest.raises(FrugalsegError, match=message):
            merge_masks(tmp_path / name, "{image}_{class}", CLASSES, max_pixels=1000)
    with pytest.raises(FrugalsegError, match="no folder masks"):
        merge_masks(tmp_path / "nothing", "{image}_{class}", CLASSES, max_pixels=1000)
