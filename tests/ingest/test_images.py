"""Images deeper than 8 bits are scaled to uint8; values without a scale are refused by name."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from file_makers import COLOR, GRAY, Maker, Pixels, deep_png, save, tiff
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.images import (
    FEW_LEVELS,
    count_gray_levels,
    read_image,
    read_with_notes,
    to_uint8,
)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_16_bit_image_is_scaled_by_percentiles(tmp_path: Path, suffix: str) -> None:
    values = np.linspace(1000, 3000, 401).astype(np.uint16)[None]
    path = save(tmp_path / f"a.{suffix}", values)
    image = read_image(path, percentiles=(25, 75))[0, :, 0]
    # quartiles 1500 and 2500: the middle 2000 is half way, rounded to even
    assert image[0] == image[100] == 0
    assert image[200] == round(127.5)
    assert image[300] == image[400] == 255


def test_value_range_replaces_percentiles(tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", np.array([[0, 13107, 65535]], np.uint16))
    np.testing.assert_array_equal(read_image(path, value_range=(0, 65535))[..., 0], [[0, 51, 255]])


def test_only_values_deeper_than_8_bits_are_stretched(tmp_path: Path) -> None:
    deep = save(tmp_path / "deep.png", np.array([[0, 13107, 65535]], np.uint16))
    assert read_with_notes(deep)[1].stretched
    assert not read_with_notes(deep, value_range=(0, 65535))[1].stretched
    assert not read_with_notes(save(tmp_path / "flat.png", np.eye(3, dtype=np.uint8)))[1].stretched


def test_float_image_of_tiny_values_keeps_its_contrast(tmp_path: Path) -> None:
    """Micro-CT: values from -4e-5 to 7e-4, which a cast or a division by 255 would destroy."""
    values = np.linspace(-4e-5, 7e-4, 256, dtype=np.float32).reshape(16, 16)
    image = read_image(save(tmp_path / "a.tif", values), percentiles=(0, 100))
    np.testing.assert_array_equal(image.ravel(), np.arange(256))


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_12_bits_in_16_bit_color_are_scaled_like_gray(tmp_path: Path, suffix: str) -> None:
    """Their high bytes would be 0 to 15. All channels are scaled alike, so hues stay."""
    ramp = np.linspace(0, 4095, 256).round().astype(np.uint16).reshape(16, 16)
    color = np.dstack([ramp, ramp // 2, ramp * 0])
    path = tmp_path / f"a.{suffix}"
    if suffix == "png":
        deep_png(path, color)
    else:
        tifffile.imwrite(path, color, photometric="rgb", compression="zlib")
    image, notes = read_with_notes(path, percentiles=(0, 100))
    np.testing.assert_array_equal(image[..., 0].ravel(), np.arange(256))
    np.testing.assert_allclose(image[..., 1].ravel(), np.arange(256) / 2, atol=1)
    assert not image[..., 2].any()
    assert notes.levels == FEW_LEVELS


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_white_is_bright_at_all_depths(tmp_path: Path, dtype: type) -> None:
    step = 1 if dtype == np.uint8 else 200
    stored: Pixels = (np.arange(256).reshape(16, 16) * step).astype(dtype)
    tifffile.imwrite(tmp_path / "a.tif", stored, photometric="miniswhite")
    image = read_image(tmp_path / "a.tif", percentiles=(0, 100))
    np.testing.assert_array_equal(image.ravel(), np.arange(256)[::-1])


@pytest.mark.parametrize(("levels", "counted"), [(1, 1), (14, 14), (31, 31), (32, 32), (200, 32)])
def test_few_gray_levels_are_counted(levels: int, counted: int) -> None:
    image = (np.arange(256 * 256) % levels).astype(np.uint8).reshape(256, 256, 1)
    assert count_gray_levels(image) == counted


def with_alpha(path: Path, alpha: Pixels) -> Path:
    return save(path, np.dstack([COLOR, alpha.astype(np.uint8)]))


def test_bands_that_hold_something_are_noted(tmp_path: Path) -> None:
    opaque = with_alpha(tmp_path / "a.png", np.full((2, 3), 255))
    assert not read_with_notes(opaque)[1].dropped
    assert read_with_notes(with_alpha(tmp_path / "b.png", GRAY))[1].dropped
    four = np.dstack([COLOR, GRAY])
    for bands in (four, np.dstack([four, GRAY])):
        tifffile.imwrite(tmp_path / "c.tif", bands, photometric="rgb", planarconfig="contig")
        assert read_with_notes(tmp_path / "c.tif")[1].dropped
    Image.new("CMYK", (4, 4), (0, 255, 255, 0)).save(tmp_path / "d.tif")
    assert not read_with_notes(tmp_path / "d.tif")[1].dropped


NAN = np.array([[0.0, np.nan]], np.float32)
HOSTILE: dict[str, tuple[str, Maker, str]] = {
    "nan": ("a.tif", tiff(NAN), "1 of 2 values are NaN or infinite"),
    "infinite": ("a.tif", tiff(np.array([[0, np.inf]], np.float32)), "NaN or infinite"),
    "complex": ("a.tif", tiff(np.ones((3, 3), np.complex64)), "a.tif"),
    "too far apart": ("a.tif", tiff(np.array([[-1e308, 1e308]])), "too far apart"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_file_is_refused_by_name(tmp_path: Path, case: str) -> None:
    name, make, message = HOSTILE[case]
    make(tmp_path / name)
    with pytest.raises(FrugalsegError, match=message) as error:
        read_image(tmp_path / name, max_pixels=10_000_000)
    assert str(tmp_path / name) in str(error.value)


def test_specks_on_an_even_ground_are_not_lost() -> None:
    values = np.zeros((20, 20), np.uint16)
    values[3, 4] = 900
    assert to_uint8(values)[3, 4] == 255
    assert np.count_nonzero(to_uint8(values)) == 1


def test_constant_image_is_black() -> None:
    np.testing.assert_array_equal(to_uint8(np.full((2, 2), 7.5)), np.zeros((2, 2)))


@pytest.mark.parametrize("percentiles", [(99.0, 1.0), (-1.0, 50.0), (0.0, 101.0), (5.0, 5.0)])
def test_percentiles_must_rise(percentiles: tuple[float, float]) -> None:
    with pytest.raises(FrugalsegError, match="percentiles must rise"):
        to_uint8(np.arange(4), percentiles=percentiles)


@pytest.mark.parametrize("value_range", [(3, 3), (0, np.inf), (np.nan, 3)])
def test_value_range_must_rise_and_be_finite(value_range: tuple[float, float]) -> None:
    with pytest.raises(FrugalsegError, match="value_range must rise and be finite"):
        to_uint8(np.arange(4), value_range=value_range)


@given(
    hnp.arrays(np.float32, (5, 7), elements=st.floats(-1e6, 1e6, width=32)),
    st.floats(0, 40),
    st.floats(60, 100),
)
def test_scaling_keeps_the_order_of_values(values: Pixels, low: float, high: float) -> None:
    scaled = to_uint8(values, percentiles=(low, high)).ravel()
    assert (np.diff(scaled[np.argsort(values.ravel())].astype(int)) >= 0).all()


def test_avif(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = np.kron(COLOR, np.ones((16, 16, 1), np.uint8))
    path = save(tmp_path / "a.avif", pixels, quality=100, subsampling="4:4:4", exif=exif)
    read = read_image(path).astype(int)
    assert np.abs(read - np.rot90(pixels, -1)).max() <= 3  # lossy even at its best
    with pytest.raises(FrugalsegError, match="more than the limit of 100"):
        read_image(path, max_pixels=100)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FrugalsegError, match=r"a\.avif: expected a picture"):
        read_image(path)
