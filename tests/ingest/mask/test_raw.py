"""Raw masks are read as stored, and counted by their gray levels."""

from pathlib import Path

import numpy as np
import pytest
from file_makers import Maker, npy, written
from mask_makers import Pixels
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.raw import count_levels, histogram, read_mask


def test_palette_mask_gives_indices_or_colors(tmp_path: Path) -> None:
    """KolektorSDD: read as RGB these give colors, read as indices 0 and 1."""
    picture = Image.fromarray(np.array([[0, 1, 2]], np.uint8), "P")
    picture.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0])
    picture.save(tmp_path / "a.bmp")
    np.testing.assert_array_equal(read_mask(tmp_path / "a.bmp"), [[0, 1, 2]])
    np.testing.assert_array_equal(
        read_mask(tmp_path / "a.bmp", palette="color"), [[[0, 0, 0], [255, 0, 0], [0, 255, 0]]]
    )


def test_one_bit_masks_are_logical(tmp_path: Path) -> None:
    logical = np.array([[True, False]])
    np.save(tmp_path / "a.npy", logical)
    Image.fromarray(logical).save(tmp_path / "a.png")
    for name in ("a.npy", "a.png"):
        raw = read_mask(tmp_path / name)
        assert raw.dtype == np.bool_
        np.testing.assert_array_equal(raw, logical)


HOSTILE: dict[str, tuple[str, Maker, str]] = {
    "npy with nan": ("a.npy", npy(np.array([[0, np.nan]])), "NaN"),
    "empty picture": ("a.png", written(b""), "0 bytes"),
    "text as picture": ("a.png", written(b"mask"), "cannot be read"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_mask_is_refused_by_name(tmp_path: Path, case: str) -> None:
    name, make, message = HOSTILE[case]
    make(tmp_path / name)
    with pytest.raises(FrugalsegError, match=message) as error:
        read_mask(tmp_path / name, max_pixels=1_000_000)
    assert str(tmp_path / name) in str(error.value)


@pytest.mark.parametrize(
    ("raw", "levels"),
    [
        (np.array([[0, 7, 255]], np.uint8), [0, 7, 255]),
        (np.array([[0, 7, 255]], np.int32), [0, 7, 255]),
        (np.array([[True, False]]), [255, 0]),
        (np.array([[0, 65535]], np.uint16), [0, 255]),
        (np.array([[0, 300]], np.int32), [0, 255]),
        (np.array([[0, 512, 65535]], np.uint16), [0, 2, 255]),
        (np.array([[0.0, 2.5]]), [0, 255]),
        (np.array([[0.0, 1.0]], np.float32), [0, 255]),
        (np.array([[0.0, 0.5, 1.0]]), [0, 128, 255]),
        (np.array([[0.0, 3.0, 255.0]]), [0, 3, 255]),
        (np.array([[[9, 9, 9], [200, 200, 200]]], np.uint8), [9, 200]),
    ],
)
def test_histogram_counts_gray_levels(raw: Pixels, levels: list[int]) -> None:
    expected = np.bincount(levels, minlength=256)
    found = histogram(raw)
    assert found.dtype == np.int64
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    "raw",
    [
        np.array([[0, 5, 300]], np.uint16),
        np.array([[-1, 5]], np.int32),
        np.array([[0.5, 20.25]]),
        np.array([[[255, 0, 0]]], np.uint8),
    ],
)
def test_what_is_no_gray_level_is_refused(raw: Pixels) -> None:
    with pytest.raises(FrugalsegError, match="Use the method"):
        histogram(raw)


def test_levels_are_counted_as_numpy_counts_them() -> None:
    gray = np.random.default_rng(0).integers(0, 256, (31, 40)).astype(np.uint8)
    views = [gray, gray[::2, ::-3], gray.T, gray[:0]]
    of_two_values = [(gray > 99) * np.uint8(top) for top in (1, 100, 255)]
    of_one_value = [np.full_like(gray, level) for level in (0, 7, 255)]
    others = [np.where(gray > 99, 3, 2).astype(np.uint8)]
    for view in (*views, *of_two_values, *of_one_value, *others):
        expected = np.bincount(view.ravel(), minlength=256)
        np.testing.assert_array_equal(count_levels(view), expected)


def test_gray_palettes_are_levels_where_asked_for(tmp_path: Path) -> None:
    picture = Image.fromarray(np.array([[0, 1]], np.uint8), "P")
    for name, colors in (("gray", [255] * 3 + [0] * 3), ("red", [255] * 3 + [200, 0, 0])):
        picture.putpalette(colors)
        picture.save(tmp_path / f"{name}.png")
    assert read_mask(tmp_path / "gray.png", palette="gray").tolist() == [[255, 0]]
    assert read_mask(tmp_path / "red.png", palette="gray").tolist() == [[0, 1]]
    assert read_mask(tmp_path / "gray.png").tolist() == [[0, 1]]


ALPHA = np.array([[0, 127, 128, 255]], np.uint8)
BLACK = np.zeros((1, 4), np.uint8)


@pytest.mark.parametrize("suffix", ["png", "npy"])
def test_alpha_that_varies_says_where_a_mask_is(tmp_path: Path, suffix: str) -> None:
    def read(red: Pixels, alpha: Pixels) -> Pixels:
        bands = np.dstack([red, BLACK, BLACK, alpha])
        path = tmp_path / f"a.{suffix}"
        if suffix == "npy":
            np.save(path, bands)
        else:
            Image.fromarray(bands).save(path)
        raw = read_mask(path)
        return raw if raw.ndim == 2 else raw[..., 0]

    assert read(BLACK + 9, ALPHA).tolist() == [[0, 0, 9, 9]]
    assert read(BLACK, ALPHA).tolist() == ALPHA.tolist()
    assert read(ALPHA, BLACK + 255).tolist() == ALPHA.tolist()
    assert read(ALPHA, BLACK).tolist() == ALPHA.tolist()
