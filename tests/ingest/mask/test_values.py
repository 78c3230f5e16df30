"""What the values of a mask file look like: two, codes, gray levels, noise or colors."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mask_makers import Pixels, jpeg, noise
from PIL import Image

from frugalseg.ingest.mask.raw import is_lossy
from frugalseg.ingest.mask.values import Kind, MaskValues, measure

SQUARE = np.zeros((32, 32), np.uint8)
SQUARE[8:20, 6:25] = 1
LINE = np.zeros((32, 32), np.uint8)
LINE[7, 3:28] = 1


def soft(mask: Pixels, times: int) -> Pixels:
    """Return the edges of a mask drawn `times` as large, at an odd place."""
    large = np.roll(np.kron(mask, np.ones((times, times), np.uint8)), 1, (0, 1)) * 255
    picture = Image.fromarray(large.astype(np.uint8))
    return np.asarray(picture.resize((32, 32), Image.Resampling.BOX))


KINDS: dict[str, tuple[Pixels, Kind]] = {
    "zeros": (SQUARE * 0, Kind.BLANK),
    "ones": (SQUARE * 0 + 1, Kind.FLAT),
    "0 and 255": (SQUARE * 255, Kind.TWO),
    "0 and 1": (SQUARE, Kind.TWO),
    "floats": (SQUARE * 0.5, Kind.TWO),
    "16 bits": (SQUARE * np.uint16(65535), Kind.TWO),
    "logical": (SQUARE > 0, Kind.TWO),
    "logical zeros": (SQUARE > 9, Kind.BLANK),
    "logical ones": (SQUARE < 9, Kind.FLAT),
    "1 and 2": (SQUARE + 1, Kind.PAIR),
    "0, 1 and 255": (SQUARE * 255 + np.roll(SQUARE, 16, 0), Kind.CODES),
    "0, 1, 255 in lines": (LINE * 255 + np.roll(LINE, 9, 0), Kind.CODES),
    "0, 1, 2": (SQUARE * 2 + np.roll(SQUARE, 16, 0), Kind.CODES),
    "0, 128 in a line, 255": (LINE * 255 + np.roll(LINE, 9, 0) * 128, Kind.CODES),
    "0, 128, 255": (SQUARE * 255 + np.roll(SQUARE, 16, 0) * 128, Kind.CODES),
    "unlike 8 bits": (SQUARE * 500.0 + np.roll(SQUARE, 16, 0) * 9.5, Kind.CODES),
    "edges at twice the size": (soft(SQUARE, 2), Kind.GRAY),
    "edges at eight times the size": (soft(SQUARE, 8), Kind.GRAY),
    "edges of lines": (soft(LINE, 4), Kind.GRAY),
    "noise": (noise(), Kind.FAINT),
    "noise around white": (noise(255), Kind.FAINT),
    "gray in three channels": (np.dstack([SQUARE * 255] * 3), Kind.TWO),
    "colors": (np.dstack([SQUARE * 255, SQUARE, SQUARE]), Kind.COLOR),
}


@pytest.mark.parametrize("case", KINDS)
def test_kind(case: str) -> None:
    raw, kind = KINDS[case]
    assert measure(raw, None)[0].kind is kind


def test_without_areas_several_values_are_codes() -> None:
    assert measure(soft(SQUARE, 8), None, by_area=False)[0].kind is Kind.CODES
    assert measure(SQUARE * 255, None, by_area=False)[0].kind is Kind.TWO


def test_numbers_of_objects_are_codes() -> None:
    numbers = np.kron(np.arange(100).reshape(10, 10), np.ones((6, 6), np.uint8))
    assert measure(numbers.astype(np.uint8), None)[0].kind is Kind.CODES
    assert measure(numbers * 9, None)[0].kind is Kind.CODES


@pytest.mark.parametrize("suffix", ["jpg", "webp", "png"])
def test_noise_of_a_jpeg_is_no_code_whatever_its_name(tmp_path: Path, suffix: str) -> None:
    kind = "WEBP" if suffix == "webp" else "JPEG"
    for pixels, expected in ((SQUARE * 255, Kind.GRAY), (noise(6), Kind.FAINT)):
        Image.fromarray(pixels).save(tmp_path / f"a.{suffix}", kind, quality=70)
        raw = np.asarray(Image.open(tmp_path / f"a.{suffix}"))
        values, _ = measure(raw, tmp_path / f"a.{suffix}")
        assert (values.kind, values.is_lossy) == (expected, True)


def test_lossless_webp_has_no_noise(tmp_path: Path) -> None:
    Image.fromarray(SQUARE * 3).save(tmp_path / "a.webp", lossless=True)
    assert not is_lossy(tmp_path / "a.webp")


@pytest.mark.parametrize("size", [(15, 15), (23, 23), (50, 50)])
def test_interpolation_mixes_class_numbers(size: tuple[int, int]) -> None:
    for classes in (SQUARE * 2, SQUARE * 3 + np.roll(SQUARE, 16, 0)):
        drawn = Image.fromarray(classes)
        for resample in (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC):
            mixed = np.asarray(drawn.resize(size, resample))
            assert measure(mixed, None, by_area=False)[0].is_interpolated
        nearest = np.asarray(drawn.resize(size, Image.Resampling.NEAREST))
        assert not measure(nearest, None, by_area=False)[0].is_interpolated
    assert not measure(soft(SQUARE, 8), None)[0].is_interpolated


def test_levels_are_those_stored_and_top_is_gray() -> None:
    values, counts = measure(SQUARE * 0.5, None)
    assert (values.levels, values.top) == ((0.0, 0.5), 128)
    assert counts is not None
    assert counts[[0, 128]].tolist() == [32 * 32 - 12 * 19, 12 * 19]
    assert measure(jpeg(SQUARE * 255), None)[0].levels[0] == 0


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"kind": Kind.TWO, "levels": (0.0, 0.5)}, "0, 0.5"),
        ({"kind": Kind.TWO, "levels": (0, 1), "is_logical": True}, "0, 1 (one bit)"),
        ({"kind": Kind.CODES, "levels": tuple(range(101))}, "101 values from 0 to 100"),
        ({"kind": Kind.GRAY, "levels": (0, 9, 255), "is_lossy": True}, "0, 9, 255 (JPEG or WebP)"),
        ({"kind": Kind.COLOR}, "colors"),
    ],
)
def test_values_in_words(fields: dict[str, Any], text: str) -> None:
    assert str(MaskValues(**fields)) == text
