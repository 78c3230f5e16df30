"""Untrusted picture files -> arrays as stored; every failure names the file.

Only raster formats are tried (an EPS would start an interpreter), and the size in the header is
checked before a pixel is decoded. Pillow's global settings are left alone, so threads may decode
in parallel.
"""

from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.TiffImagePlugin import TiffImageFile

from frugalseg.core.errors import FrugalsegError

Palette = Literal["index", "color"]

SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif", ".webp", ".ppm", ".pgm", ".pbm"}
)
MAX_PIXELS = 178_956_970
"""Default limit of an image's pixels; Pillow itself refuses more than this."""

_FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "GIF", "WEBP", "PPM")
Image.init()  # Pillow loads its readers when it needs them, without a lock

_AS_STORED = {"L", "RGB", "I", "F", "I;16", "I;16L", "I;16B"}
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_UNCOMPRESSED = 1
_PLANES = 2
_BITS_TAG, _PLANES_TAG = 258, 284


def decode(path: Path, *, max_pixels: int, palette: Palette) -> NDArray[Any]:
    """Read one picture, turned upright as its EXIF orientation says.

    Args:
        max_pixels: height x width above which the file is refused unread.
        palette: whether a palette image gives its indices or the colors they stand for.

    Returns:
        H x W of uint8, uint16, int32 or float (gray; one-bit images as 0 and 255), or H x W x 3 of
        uint8, RGB. Alpha is dropped and the colors stay as stored; CMYK and other color spaces
        become RGB; 16-bit color keeps its high byte.

    Raises:
        FrugalsegError: naming the file: missing, empty, not a picture, truncated, too large, of
            several frames.
    """
    check_file(path)
    try:
        try:
            return _by_pillow(path, max_pixels, palette)
        except UnidentifiedImageError:
            with path.open("rb") as file:
                if file.read(4) not in _TIFF:
                    raise
        return _by_tifffile(path, max_pixels)
    except FrugalsegError:
        raise
    except Exception as error:  # decoders raise anything at all on hostile bytes
        raise unreadable(path, "a picture", error) from error


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


def _by_pillow(path: Path, max_pixels: int, palette: Palette) -> NDArray[Any]:
    try:
        picture = Image.open(path, formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise FrugalsegError(
            f"{path}: more pixels than Pillow decodes ({error}). Cut it into tiles."
        ) from error
    with picture:
        check_size(path, *picture.size, max_pixels)
        # cameras write MPO: the photo, followed by its previews
        if picture.format != "MPO" and getattr(picture, "is_animated", False):
            raise _several_pages(path)
        tags = picture.tag_v2 if isinstance(picture, TiffImageFile) else {}
        if tags.get(_PLANES_TAG) == _PLANES and max(tags.get(_BITS_TAG, (8,))) > 8:
            raise UnidentifiedImageError("Pillow mixes up 16-bit planes")
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        return _to_array(picture, palette)


def _several_pages(path: Path) -> FrugalsegError:
    return FrugalsegError(
        f"{path}: holds several frames or pages, expected one picture. Save each as its own file."
    )


def _to_array(picture: Image.Image, palette: Palette) -> NDArray[Any]:
    mode = picture.mode
    if mode in _AS_STORED or (mode == "P" and palette == "index"):
        return np.asarray(picture)
    if mode == "La":
        return np.asarray(picture.convert("LA").getchannel("L"))
    if mode in {"1", "LA"}:
        return np.asarray(picture.convert("L"))
    if mode == "PA" and palette == "index":
        return np.asarray(picture.getchannel(0))
    return np.asarray(picture.convert("RGB"))


def _by_tifffile(path: Path, max_pixels: int) -> NDArray[Any]:
    """Read what Pillow has no mode for (half floats, 64-bit integers, separate color planes)."""
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
    if array.ndim == 3 and page.planarconfig == _PLANES:
        array = np.moveaxis(array, 0, -1)
    channels = () if page.samplesperpixel == 1 else (page.samplesperpixel,)
    if array.shape != (page.imagelength, page.imagewidth, *channels):
        raise ValueError(f"pixels of shape {array.shape}")  # tifffile's result of a damaged file
    if array.ndim == 2:
        return array
    color = array[..., :3]
    return (color >> 8).astype(np.uint8) if color.dtype == np.uint16 else color
