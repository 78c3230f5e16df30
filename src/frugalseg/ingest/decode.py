"""Untrusted picture files -> arrays as stored; every failure names the file.

Only raster formats are tried (an EPS would start an interpreter), and the size in the header is
checked before a pixel is decoded. Pillow's global settings are left alone, so threads may decode
in parallel.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import TiffImageFile

from frugalseg.core.errors import FrugalsegError

SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jfif", ".bmp", ".tif", ".tiff", ".gif", ".webp", ".avif"}
    | {".ppm", ".pgm", ".pbm"}
)
MAX_PIXELS = 178_956_970
"""Default limit of an image's pixels; Pillow itself refuses more than this."""

_FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "GIF", "WEBP", "AVIF", "PPM")
Image.init()  # Pillow loads its readers when it needs them, without a lock

_AS_STORED = {"1", "L", "I", "F", "I;16", "I;16L", "I;16B"}
_DEEP_COLOR = re.compile(r"RGB[AXa]?X*;16[BLN]")
_OTHER_ORDER = {"B": "L", "L": "B", "N": "L" if sys.byteorder == "big" else "B"}
"""Byte order at the end of Pillow's raw mode (N is the machine's) -> the other one."""
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_UNCOMPRESSED = 1
_PLANES = 2
_MIN_IS_WHITE = 0
_SIGNED = 2
_BITS_TAG, _PLANES_TAG, _BANDS_TAG, _PHOTOMETRIC_TAG, _ORIENTATION_TAG = 258, 284, 277, 262, 274
_NUMBERS_TAG = 339  # TIFF's SampleFormat
_QUARTERS = {1: 0, 2: 0, 3: 2, 4: 2, 5: 1, 6: -1, 7: -1, 8: 1}
"""EXIF orientation -> quarter turns to the left that put the picture upright, once unmirrored."""
_MIRRORED = {2, 4, 5, 7}
_SWAPPING = {5, 6, 7, 8}
"""Orientations that exchange height and width."""


class Picture(NamedTuple):
    """A picture as stored, turned upright.

    Attributes:
        pixels: H x W of bool, uint8, uint16, int32 or float (gray levels, or indices into the
            palette), or H x W x 3 of uint8 or uint16 (RGB; other color spaces are converted).
        alpha: H x W of the type of `pixels`; None if there is none.
        palette: the colors of the indices, uint8, N x 3; None for a picture without a palette.
        is_inverted: 0 is white and the largest value black (TIFF's MinIsWhite).
        orientation: EXIF orientation, 1 to 8, by which the picture was turned; 1 for not at all.
        bands: number of bands in the file, alpha included; of CMYK one less.
    """

    pixels: NDArray[Any]
    alpha: NDArray[Any] | None = None
    palette: NDArray[np.uint8] | None = None
    is_inverted: bool = False
    orientation: int = 1
    bands: int = 1


def decode(path: Path, *, max_pixels: int) -> Picture:
    """Read one picture, its values as stored, turned upright as its EXIF orientation says.

    Args:
        max_pixels: height x width above which the file is refused unread.

    Raises:
        FrugalsegError: naming the file: missing, empty, not a picture, truncated, too large, of
            several frames.
    """
    check_file(path)
    try:
        try:
            return _by_pillow(path, max_pixels)
        except UnidentifiedImageError:
            with path.open("rb") as file:
                if file.read(4) not in _TIFF:
                    raise
        return _by_tifffile(path, max_pixels)
    except FrugalsegError:
        raise
    except Exception as error:  # decoders raise anything at all on hostile bytes
        raise unreadable(path, "a picture", error) from error


def read_orientation(path: Path) -> int:
    """Return the EXIF orientation of a picture, 1 to 8; 1 if it has none or is no picture."""
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            return _orientation(picture)
    except Exception:  # decoders raise anything at all on hostile bytes
        return 1


def turn(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Turn pixels upright, H x W or H x W x C, by an EXIF orientation from 1 to 8."""
    if orientation in _MIRRORED:
        pixels = pixels[:, ::-1]
    return np.rot90(pixels, _QUARTERS[orientation])


def check_file(path: Path) -> None:
    """Refuse anything but a regular file with content; opening a pipe would hang."""
    if not path.is_file():
        raise FrugalsegError(f"{path}: expected a file, found none. Restore it or leave it out.")
    if path.stat().st_size == 0:
        raise FrugalsegError(f"{path}: the file is empty (0 bytes). Fetch or export it again.")


def check_size(path: Path, width: int, height: int, max_pixels: int) -> None:
    """Refuse a picture of no pixels, or of more than `max_pixels`."""
    if width < 1 or height < 1:
        raise FrugalsegError(f"{path}: its header says {width} x {height} pixels. Export it again.")
    if width * height > max_pixels:
        raise FrugalsegError(
            f"{path}: its header says {width} x {height} pixels, more than the limit of "
            f"{max_pixels}. Cut it into tiles, or raise the limit of pixels."
        )


def unreadable(path: Path, expected: str, error: Exception) -> FrugalsegError:
    """Return the error for a file whose bytes are not what was expected."""
    with path.open("rb") as file:
        first = file.read(8)
    return FrugalsegError(
        f"{path}: expected {expected}, but its {path.stat().st_size} bytes, beginning with "
        f"{first!r}, cannot be read ({type(error).__name__}: {str(error)[:200]}). Fetch or export "
        f"the file again, as one of {', '.join(sorted(SUFFIXES))}, or leave it out."
    )


def _by_pillow(path: Path, max_pixels: int) -> Picture:
    picture = _open(path, max_pixels)
    with picture:
        tags = picture.tag_v2 if isinstance(picture, TiffImageFile) else {}
        tiles = list(picture.tile)  # gone once the picture is loaded, as by asking for its EXIF
        orientation = _orientation(picture)
        _refuse_what_pillow_mixes_up(tiles, tags, orientation)
        bands = int(tags.get(_BANDS_TAG, len(picture.getbands())))
        bands -= picture.mode == "CMYK"  # four bands that become three
        is_inverted = tags.get(_PHOTOMETRIC_TAG) == _MIN_IS_WHITE
        read = _read(picture, is_inverted)
    swapped = [other for tile in tiles if (other := _swapped(tile)) is not None]
    if swapped:  # Pillow gives the first byte of each value, or the second, never both
        with _open(path, max_pixels) as picture:
            picture.tile = swapped
            read = _join_bytes(read, _read(picture, is_inverted))
    return read._replace(bands=bands, orientation=orientation, is_inverted=is_inverted)


def _open(path: Path, max_pixels: int) -> ImageFile:
    try:
        picture = Image.open(path, formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise FrugalsegError(
            f"{path}: more pixels than Pillow decodes ({error}). Cut it into tiles."
        ) from error
    check_size(path, *picture.size, max_pixels)
    # cameras write MPO: the photo, followed by its previews
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        picture.close()
        raise _several_pages(path)
    return picture


def _refuse_what_pillow_mixes_up(
    tiles: Sequence[Any], tags: Mapping[int, Any], orientation: int
) -> None:
    """Raise UnidentifiedImageError for pictures whose pixels Pillow scrambles."""
    if max(tags.get(_BITS_TAG, (8,))) <= 8 and _SIGNED in tags.get(_NUMBERS_TAG, ()):
        raise UnidentifiedImageError("bytes with a sign")
    if tags.get(_PLANES_TAG) == _PLANES and max(tags.get(_BITS_TAG, (8,))) > 8:
        raise UnidentifiedImageError("16-bit planes")
    is_raw = any(tile.codec_name == "raw" for tile in tiles)
    if tags and is_raw and orientation in _SWAPPING:
        raise UnidentifiedImageError("uncompressed rows that have to be turned")


def _orientation(picture: Image.Image) -> int:
    orientation = picture.getexif().get(_ORIENTATION_TAG, 1)
    return orientation if orientation in _QUARTERS else 1


def _swapped(tile: Any) -> Any | None:
    """Return a piece of a file with 16-bit color, read in the other byte order; else None."""
    mode = tile.args if isinstance(tile.args, str) else tile.args and tile.args[0]
    if not isinstance(mode, str) or not _DEEP_COLOR.fullmatch(mode):
        return None
    other = mode[:-1] + _OTHER_ORDER[mode[-1]]
    return tile._replace(args=other if isinstance(tile.args, str) else (other, *tile.args[1:]))


def _join_bytes(high: Picture, low: Picture) -> Picture:
    def join(a: NDArray[Any] | None, b: NDArray[Any] | None) -> NDArray[Any] | None:
        return None if a is None or b is None else a.astype(np.uint16) << 8 | b

    pixels = join(high.pixels, low.pixels)
    return (
        high if pixels is None else high._replace(pixels=pixels, alpha=join(high.alpha, low.alpha))
    )


def _several_pages(path: Path) -> FrugalsegError:
    return FrugalsegError(
        f"{path}: holds several frames or pages, expected one picture. Save each as its own file."
    )


def _read(picture: Image.Image, is_inverted: bool) -> Picture:
    """Decode an open picture and turn it; undo Pillow's inversion of values of up to 8 bits."""
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    mode = picture.mode
    if mode in _AS_STORED:
        stored = np.asarray(picture)
        return Picture(~stored if is_inverted and mode in {"1", "L"} else stored)
    if mode in {"P", "PA"}:
        colors = np.array(picture.getpalette("RGB") or (), np.uint8).reshape(-1, 3)
        return Picture(np.asarray(picture.getchannel(0)), palette=colors)
    if mode in {"La", "LA"}:
        bands = np.asarray(picture.convert("LA"))
        return Picture(bands[..., 0], bands[..., 1])
    if mode == "RGBA":
        bands = np.asarray(picture)
        return Picture(bands[..., :3], bands[..., 3])
    return Picture(np.asarray(picture if mode == "RGB" else picture.convert("RGB")))


def _by_tifffile(path: Path, max_pixels: int) -> Picture:
    """Read what Pillow cannot (half floats, 64-bit integers, separate color planes)."""
    from tifffile import TiffFile

    with TiffFile(path) as file:
        page = file.pages.first
        check_size(path, page.imagewidth, page.imagelength, max_pixels)
        if file.pages.is_multipage or page.imagedepth != 1:
            raise _several_pages(path)
        # tifffile inflates without a limit, so a small file could fill the memory
        if page.compression != _UNCOMPRESSED or page.samplesperpixel not in {1, 3, 4}:
            raise FrugalsegError(
                f"{path}: a TIFF of {page.samplesperpixel} channels of {page.dtype}, compression "
                f"{page.compression}; expected 1, 3 or 4 channels, uncompressed where Pillow does "
                "not know the type. Save it again, as uncompressed float32 or as 8 or 16 bits."
            )
        array = page.asarray()
        is_inverted = page.photometric == _MIN_IS_WHITE
        tag = page.tags.get(_ORIENTATION_TAG)
        palette = page.colormap
    if array.ndim == 3 and page.planarconfig == _PLANES:
        array = np.moveaxis(array, 0, -1)
    bands = page.samplesperpixel
    channels = () if bands == 1 else (bands,)
    if array.shape != (page.imagelength, page.imagewidth, *channels):
        raise ValueError(f"pixels of shape {array.shape}")  # tifffile's result of a damaged file
    orientation = tag.value if tag is not None and tag.value in _QUARTERS else 1
    array = turn(array, orientation)
    return Picture(
        array if bands == 1 else array[..., :3],
        array[..., 3] if bands == 4 else None,
        None if palette is None else (palette.T >> 8).astype(np.uint8),
        is_inverted,
        orientation,
        bands,
    )
