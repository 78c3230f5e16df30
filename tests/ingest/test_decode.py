"""Pictures of every kind come in as stored; what cannot be read is an error that names the file."""

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from file_makers import COLOR, GRAY, Maker, Pixels, chunk, deep_png, save, tiff, written
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.decode import SUFFIXES, check_size, decode, read_orientation
from frugalseg.ingest.images import read_image


def png_header(width: int, height: int, color: int = 0) -> bytes:
    """Return a PNG whose header says any size, over a few bytes of data."""
    header = struct.pack(">IIBBBBB", width, height, 8, color, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif", "webp", "gif", "pgm"])
def test_gray_or_color_survives_a_lossless_file(tmp_path: Path, suffix: str) -> None:
    path = save(tmp_path / f"a.{suffix}", GRAY, None, lossless=True)  # webp alone heeds it
    image = read_image(path)
    assert image.dtype == np.uint8
    np.testing.assert_array_equal(image, np.broadcast_to(GRAY[..., None], image.shape))


def test_every_suffix_is_that_of_a_format_that_is_read(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        path = save(tmp_path / f"a{suffix}", GRAY, "1" if suffix == ".pbm" else None)
        assert decode(path, max_pixels=100).pixels.shape[:2] == GRAY.shape, suffix


def test_color_keeps_its_channels(tmp_path: Path) -> None:
    np.testing.assert_array_equal(read_image(save(tmp_path / "a.png", COLOR)), COLOR)


def test_palette_image_gives_colors(tmp_path: Path) -> None:
    picture = Image.fromarray(np.array([[0, 1]], np.uint8), "P")
    picture.putpalette([10, 20, 30, 200, 100, 50])
    picture.save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_image(tmp_path / "a.png"), [[[10, 20, 30], [200, 100, 50]]])


def test_alpha_is_dropped_and_colors_stay_as_stored(tmp_path: Path) -> None:
    alpha = np.dstack([COLOR, np.array([[0, 51, 255]] * 2, np.uint8)])
    np.testing.assert_array_equal(read_image(save(tmp_path / "a.png", alpha)), COLOR)


def test_gray_with_alpha_stays_gray(tmp_path: Path) -> None:
    pixels = np.dstack([GRAY, np.full_like(GRAY, 7)])
    np.testing.assert_array_equal(read_image(save(tmp_path / "a.png", pixels))[..., 0], GRAY)


def test_one_bit_image_is_black_and_white(tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", np.array([[0, 255]], np.uint8), "1")
    np.testing.assert_array_equal(read_image(path)[..., 0], [[0, 255]])


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    Image.new("CMYK", (4, 4), (0, 255, 255, 0)).save(tmp_path / "a.tif")
    np.testing.assert_array_equal(read_image(tmp_path / "a.tif")[0, 0], [255, 0, 0])


def test_exif_orientation_turns_the_image_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying on its left side: shown turned clockwise by 90 degrees
    path = save(tmp_path / "a.png", COLOR, exif=exif)
    np.testing.assert_array_equal(read_image(path), np.rot90(COLOR, -1))


@pytest.mark.parametrize("dtype", [np.float16, np.float64, np.uint32, np.int16, np.uint64, np.int8])
def test_tiff_types_beyond_pillow_are_read_by_tifffile(tmp_path: Path, dtype: type) -> None:
    tifffile.imwrite(tmp_path / "a.tif", np.array([[0, 20, 100]], dtype))
    image = read_image(tmp_path / "a.tif", percentiles=(0, 100))
    np.testing.assert_array_equal(image[..., 0], [[0, 51, 255]])


def test_bytes_with_a_sign_do_not_wrap(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", np.array([[-128, 0, 127]], np.int8))
    image = read_image(tmp_path / "a.tif", percentiles=(0, 100))
    np.testing.assert_array_equal(image[..., 0], [[0, 128, 255]])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_planes_of_a_tiff_become_channels(tmp_path: Path, dtype: type) -> None:
    """The colors reach from 0 to 255, so scaling by the extremes leaves them as they are."""
    planes: Pixels = np.moveaxis(COLOR, -1, 0).astype(dtype) * (np.iinfo(dtype).max // 255)
    tifffile.imwrite(tmp_path / "a.tif", planes, photometric="rgb", planarconfig="separate")
    image = read_image(tmp_path / "a.tif", percentiles=(0, 100))
    np.testing.assert_array_equal(image, COLOR)


DEEP = np.random.default_rng(0).integers(0, 65536, (5, 7, 4)).astype(np.uint16)
TIFFS: dict[str, dict[str, Any]] = {
    "uncompressed": {},
    "big endian": {"byteorder": ">"},
    "compressed": {"compression": "zlib"},
    "compressed big endian": {"byteorder": ">", "compression": "zlib", "predictor": True},
}


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("case", ["png", *TIFFS])
def test_16_bit_color_keeps_both_bytes(tmp_path: Path, case: str, channels: int) -> None:
    deep = DEEP[..., :channels]
    path = tmp_path / ("a.png" if case == "png" else "a.tif")
    if case == "png":
        deep_png(path, deep)
    else:
        extra: dict[str, Any] = {"extrasamples": ["unassalpha"]} if channels == 4 else {}
        tifffile.imwrite(path, deep, photometric="rgb", **extra, **TIFFS[case])
    picture = decode(path, max_pixels=100)
    np.testing.assert_array_equal(picture.pixels, deep[..., :3])
    if channels == 4:
        assert picture.alpha is not None
        np.testing.assert_array_equal(picture.alpha, deep[..., 3])


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_orientation_of_a_tiff_turns_its_rows(
    tmp_path: Path, orientation: int, compression: str | None
) -> None:
    """Pillow scrambles uncompressed rows that have to become columns."""
    tag = (274, "H", 1, orientation, True)
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, GRAY, compression=compression, extratags=[tag])
    stored = Image.fromarray(GRAY)
    exif = stored.getexif()
    exif[274] = orientation
    stored.info["exif"] = exif.tobytes()
    picture = decode(path, max_pixels=100)
    np.testing.assert_array_equal(picture.pixels, np.asarray(ImageOps.exif_transpose(stored)))
    assert picture.orientation == read_orientation(path) == orientation


def test_orientation_of_what_is_no_picture_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_bytes(b"no picture")
    assert read_orientation(tmp_path / "a.npy") == 1


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.uint16, np.float32, np.float64])
def test_min_is_white_is_read_as_stored(tmp_path: Path, dtype: type) -> None:
    stored: Pixels = np.array([[0, 1, 1]]).astype(dtype)
    tifffile.imwrite(tmp_path / "a.tif", stored, photometric="miniswhite")
    picture = decode(tmp_path / "a.tif", max_pixels=100)
    assert picture.is_inverted
    np.testing.assert_array_equal(picture.pixels, stored)


def test_reading_does_not_depend_on_the_thread(tmp_path: Path) -> None:
    paths = [save(tmp_path / f"{n}.png", np.full((64, 64), n, np.uint8)) for n in range(32)]
    with ThreadPoolExecutor(4) as pool:
        assert [int(image[0, 0, 0]) for image in pool.map(read_image, paths)] == list(range(32))


def test_limits_of_pillow_stay_as_they_are(tmp_path: Path) -> None:
    before = Image.MAX_IMAGE_PIXELS
    read_image(save(tmp_path / "a.png", GRAY), max_pixels=10**12)
    assert before == Image.MAX_IMAGE_PIXELS


def test_limit_is_inclusive(tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", GRAY)
    assert read_image(path, max_pixels=6).shape == (2, 3, 1)
    with pytest.raises(FrugalsegError, match=r"a\.png.*3 x 2 pixels.*limit of 5"):
        read_image(path, max_pixels=5)


def animated(path: Path) -> None:
    frames = [Image.new("L", (4, 4), value) for value in (0, 200)]
    frames[0].save(path, save_all=True, append_images=frames[1:])


def truncated(path: Path) -> None:
    rng = np.random.default_rng(0)
    save(path, rng.integers(0, 255, (64, 64, 3), dtype=np.uint8))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def bomb_tiff(path: Path) -> None:
    tifffile.imwrite(path, np.zeros((4, 5), np.float16))
    width = struct.pack("<HHI", 256, 4, 1)
    data = path.read_bytes()
    assert width + struct.pack("<I", 5) in data
    path.write_bytes(
        data.replace(width + struct.pack("<I", 5), width + struct.pack("<I", 4_000_000_000))
    )


HOSTILE: dict[str, tuple[str, Maker, str]] = {
    "missing": ("a.png", lambda path: None, "expected a file, found none"),
    "folder": ("a.png", lambda path: path.mkdir(), "expected a file, found none"),
    "empty": ("a.png", written(b""), r"empty \(0 bytes\)"),
    "one byte": ("a.png", written(b"\x89"), "cannot be read"),
    "signature only": ("a.png", written(b"\x89PNG\r\n\x1a\n"), "cannot be read"),
    "text renamed to png": ("a.png", written(b"Hello, world"), "beginning with b'Hello, w'"),
    "text renamed to tif": ("a.tif", written(b"Hello, world"), "cannot be read"),
    "page of a web server": ("a.jpg", written(b"<!DOCTYPE html><html>"), "b'<!DOCTYP'"),
    "truncated png": ("a.png", truncated, "cannot be read"),
    "truncated jpg": ("a.jpg", truncated, "cannot be read"),
    "truncated bmp": ("a.bmp", truncated, "cannot be read"),
    "truncated tif": ("a.tif", truncated, "cannot be read"),
    "truncated gif": ("a.gif", truncated, "cannot be read"),
    "truncated webp": ("a.webp", truncated, "cannot be read"),
    "png bomb": ("a.png", written(png_header(100_000, 100_000)), "more pixels than Pillow decodes"),
    "png over our limit": ("a.png", written(png_header(13_000, 13_000)), "13000 x 13000 pixels"),
    "png of no pixels": ("a.png", written(png_header(0, 5)), "a.png"),
    "png that lies": ("a.png", written(png_header(3000, 3000)), "cannot be read"),
    "tiff bomb": ("a.tif", bomb_tiff, "4000000000 x 4 pixels"),
    "tiff header only": ("a.tif", written(b"II*\0\x08\0\0\0"), "cannot be read"),
    "tiff loop": ("a.tif", written(b"II*\0\x08\0\0\0\0\0\x08\0\0\0"), "0 x 0 pixels"),
    "ppm bomb": ("a.ppm", written(b"P6 90000 90000 255\n"), "more pixels than Pillow decodes"),
    "bmp bomb": (
        "a.bmp",
        written(
            b"BM"
            + struct.pack("<IHHI", 54, 0, 0, 54)
            + struct.pack("<IiiHHIIiiII", 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0)
        ),
        "more pixels than Pillow decodes",
    ),
    "animated gif": ("a.gif", animated, "several frames"),
    "animated png": ("a.png", animated, "several frames"),
    "animated webp": ("a.webp", animated, "several frames"),
    "pages of a tif": ("a.tif", animated, "several frames or pages"),
    "pages of half floats": (
        "a.tif",
        tiff(np.zeros((2, 9, 9), np.float16)),
        "several frames or pages",
    ),
    "compressed half floats": (
        "a.tif",
        tiff(np.zeros((9, 9), np.float16), compression="zlib"),
        "compression 8",
    ),
    "two channels": (
        "a.tif",
        tiff(np.zeros((9, 9, 2), np.float32), planarconfig="contig", photometric="minisblack"),
        "2 channels",
    ),
    "script of a printer": ("a.png", written(b"%!PS-Adobe-3.0 EPSF-3.0\n"), "cannot be read"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_file_is_refused_by_name(tmp_path: Path, case: str) -> None:
    name, make, message = HOSTILE[case]
    make(tmp_path / name)
    with pytest.raises(FrugalsegError, match=message) as error:
        read_image(tmp_path / name, max_pixels=10_000_000)
    assert str(tmp_path / name) in str(error.value)


@given(st.binary(max_size=64), st.sampled_from([b"\x89PNG\r\n\x1a\n", b"II*\0", b"GIF89a", b"BM"]))
def test_any_bytes_are_an_image_or_an_error_of_ours(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, magic: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "a.png"
    path.write_bytes(magic + data)
    with suppress(FrugalsegError):
        assert read_image(path, max_pixels=10_000).size <= 30_000


def test_values_are_decoded_as_stored(tmp_path: Path) -> None:
    deep = np.array([[0, 300, 65535]], np.uint16)
    found = decode(save(tmp_path / "a.png", deep), max_pixels=3).pixels
    assert found.dtype == np.uint16
    np.testing.assert_array_equal(found, deep)


def test_indices_come_with_their_palette(tmp_path: Path) -> None:
    picture = Image.fromarray(np.array([[1, 0]], np.uint8), "P")
    picture.putpalette([10, 20, 30, 200, 100, 50])
    picture.save(tmp_path / "a.png")
    read = decode(tmp_path / "a.png", max_pixels=2)
    assert read.palette is not None
    np.testing.assert_array_equal(read.pixels, [[1, 0]])
    np.testing.assert_array_equal(read.palette[:2], [[10, 20, 30], [200, 100, 50]])


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (3, 4), (12, 1)])
def test_size_outside_the_limits_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(FrugalsegError, match=rf"a\.png: .*{size[0]} x {size[1]} pixels"):
        check_size(Path("a.png"), *size, max_pixels=11)
