"""Read the images of a data set and turn them into rows of its stack."""

import hashlib
import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.data.fit import FITS
from frugalseg.data.tags import tag_text
from frugalseg.ingest.duplicates import perceptual_hash
from frugalseg.ingest.mask import masks
from frugalseg.ingest.mask.masks import MaskRule
from frugalseg.ingest.mask.raw import count_levels
from frugalseg.ingest.readers.reader import Reader
from frugalseg.ingest.sample import Item, Sample
from frugalseg.ingest.tiles import Tile, cut, tile_id
from frugalseg.settings.dataset import DataSetParams

Pixels = NDArray[np.uint8]
A = TypeVar("A")
B = TypeVar("B")


ROOM = 64 * 2**20
"""Most bytes that are kept: the masks of 2,000 images of 512 x 512 pixels."""


class Prepared(NamedTuple):
    """An image or tile of the stack's size, uint8 H x W x C, and its mask, uint8 H x W.

    Attributes:
        facts: its row of `index.csv`, and `mask_sha256`, the hash of its image's whole mask.
    """

    image: Pixels
    mask: Pixels
    facts: dict[str, Any]


class KeptMasks:
    """Masks of at most two levels, a bit a pixel; safe to use from threads.

    A threshold for all masks needs all of them before the first can be used. Decoding a mask's
    picture once more takes ten times as long as unpacking its bits.
    """

    def __init__(self, room: int = ROOM) -> None:
        """Start empty, with room for `room` bytes."""
        self._masks: dict[str, tuple[NDArray[np.uint8], NDArray[np.uint8], tuple[int, ...]]] = {}
        self._room, self._lock = room, Lock()

    def keep(self, item: Item, raw: NDArray[Any], counts: NDArray[np.int64]) -> None:
        """Keep an item's raw mask if it has at most two levels and there is room.

        Args:
            raw: as stored, see `read_mask`.
            counts: its histogram, int64, 256.
        """
        levels = np.flatnonzero(counts).astype(np.uint8)
        if raw.ndim != 2 or raw.dtype != np.uint8 or len(levels) > 2:
            return
        bits = np.packbits(raw == levels[-1])
        with self._lock:
            if bits.nbytes <= self._room:
                self._room -= bits.nbytes
                self._masks[item.image_id] = bits, levels, raw.shape

    def take(self, item: Item) -> NDArray[np.uint8] | None:
        """Return an item's raw mask and forget it; None if it was not kept."""
        if (packed := self._masks.pop(item.image_id, None)) is None:
            return None
        bits, levels, shape = packed
        with self._lock:
            self._room += bits.nbytes
        raw = np.unpackbits(bits, count=math.prod(shape)).reshape(shape)
        raw *= levels[-1] - levels[0]  # in place: several times as fast as np.where
        raw += levels[0]
        return raw


def ordered_map(function: Callable[[A], B], items: Iterable[A], threads: int) -> Iterator[B]:
    """Apply `function` in threads and yield results in order, with few of them in memory."""
    waiting: deque[Future[B]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def fit_rule(
    dataset: Reader, items: list[Item], options: dict[str, Any], threads: int, kept: KeptMasks
) -> MaskRule:
    """Make the rule that turns raw masks into classes; `otsu` reads all masks.

    A mask that cannot be read is left out: `prepare` names it with all other files at fault.

    Args:
        options: `method` and the options of `frugalseg.ingest.mask.masks.fit`.
        kept: takes the masks that were read.
    """

    def count(item: Item) -> NDArray[np.int64]:
        with suppress(FrugalsegError):
            if (raw := dataset.load_mask(item)) is not None:
                counts = masks.histogram(raw)
                kept.keep(item, raw, counts)
                return counts
        return np.zeros(256, np.int64)

    pooled = None
    if options["method"] == "otsu":
        pooled = sum(ordered_map(count, items, threads), np.zeros(256, np.int64))
    return masks.fit(pooled=pooled, classes=dataset.classes, **options)


def prepare(
    dataset: Reader,
    items: list[Item],
    rule: MaskRule,
    settings: DataSetParams,
    *,
    threads: int,
    kept: KeptMasks,
) -> Iterator[Prepared]:
    """Yield every image at the size of the stack, in order; in its place its tiles, if it is cut.

    Args:
        kept: masks that `fit_rule` has read.

    Raises:
        FrugalsegError: after all images were tried, naming every file at fault.
    """

    def one(item: Item) -> list[Prepared] | FrugalsegError:
        try:
            return _pieces(item, dataset.load(item, kept.take(item)), rule, settings)
        except FrugalsegError as error:
            return error

    errors = []
    for result in ordered_map(one, items, threads):
        if isinstance(result, FrugalsegError):
            errors.append(f"  - {result}")
        else:
            yield from result
    if errors:
        raise FrugalsegError(f"{len(errors)} file(s) cannot be used:\n" + "\n".join(errors))


def _pieces(item: Item, sample: Sample, rule: MaskRule, settings: DataSetParams) -> list[Prepared]:
    """Return the image or its tiles with their facts.

    Hashes are of the whole image as stored: two blank tiles are not duplicates.
    """
    mask = None
    if sample.mask is not None:
        mask = masks.apply(rule, sample.mask, item)
    elif item.image_label == ():
        mask = np.zeros(sample.image.shape[:2], np.uint8)
    image = as_channels(sample.image, settings.channels)
    shared = {
        "split": item.split or "",
        "has_mask": mask is not None,
        "sha256": pixel_hash(sample.image),
        "phash": perceptual_hash(sample.image),
        "mask_sha256": "" if mask is None else pixel_hash(mask),
    }
    size = settings.size
    height, width = image.shape[:2]
    if settings.tile is None:
        fitted = FITS[settings.fit](image, mask, size)
        tiles = [Tile(0, 0, height, width, *fitted)]
    else:
        tiles = list(cut(image, mask, size, settings.tile))
    pieces = []
    for tile in tiles:
        facts = {
            "image_id": item.image_id,
            "group": item.group or "",
            "image_label": label_text(item.image_label, mask),
            "height": tile.height,
            "width": tile.width,
            "stack_height": size[0],
            "stack_width": size[1],
        }
        if settings.tile is not None:
            # of a tag, which is of the whole image, only "no defect" holds for a tile
            tag = () if item.image_label == () else None
            facts |= {
                "image_id": tile_id(item.image_id, tile.y, tile.x),
                "group": item.group or item.image_id,
                "image_label": label_text(tag, None if mask is None else tile.mask),
                "source_id": item.image_id,
                "source_height": height,
                "source_width": width,
                "tile_y": tile.y,
                "tile_x": tile.x,
            }
        levels = count_levels(tile.mask)
        facts |= {
            "foreground": int(levels[1:IGNORE].sum()),
            "pixels": int(levels[:IGNORE].sum()),
        }
        pieces.append(Prepared(tile.image, tile.mask, facts | shared))
    return pieces


def as_channels(image: Pixels, channels: int) -> Pixels:
    """Return an image with 1 (luma, ITU-R 601) or 3 channels (gray repeated)."""
    if image.shape[2] == channels:
        return image
    if channels == 3:
        return np.repeat(image, 3, axis=2)
    luma = image.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    return np.rint(luma)[..., None].astype(np.uint8)


def label_text(tag: tuple[int, ...] | None, mask: Pixels | None) -> str:
    """Write an image's tag: `0` for no defect, its classes as `1+3`, nothing if not known."""
    if tag is None and mask is not None:
        tag = tuple(np.flatnonzero(count_levels(mask)[1:IGNORE]) + 1)
    return "" if tag is None else tag_text(tag)


def pixel_hash(image: Pixels) -> str:
    """Return the SHA-256 of an image's shape and pixels, which does not depend on its file."""
    shape = "x".join(map(str, image.shape)).encode()
    hashed = hashlib.sha256(shape + b":")
    hashed.update(np.ascontiguousarray(image).data)
    return hashed.hexdigest()
