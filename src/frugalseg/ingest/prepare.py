"""From the images of a data set, as they lie on disk, to rows of its stack."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.data.fit import FITS
from frugalseg.ingest.mask import masks
from frugalseg.ingest.mask.kept import KeptMasks
from frugalseg.ingest.mask.masks import MaskRule
from frugalseg.ingest.mask.raw import count_levels
from frugalseg.ingest.perceptual import perceptual_hash
from frugalseg.ingest.sample import DataSet, Item, Sample
from frugalseg.ingest.tiles import cut, tile_id
from frugalseg.settings.dataset import TileParams

Pixels = NDArray[np.uint8]
Piece = tuple[Pixels, Pixels, dict[str, Any]]
"""Image and mask of the stack's size, and what the index says of this piece alone."""
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True)
class Prepared:
    """An image or tile of the stack's size, its row of `index.csv`, and its image's mask's hash."""

    image: Pixels
    mask: Pixels
    facts: dict[str, Any]
    mask_sha256: str = ""


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
    dataset: DataSet, items: list[Item], options: dict[str, Any], threads: int, kept: KeptMasks
) -> MaskRule:
    """Make the rule that turns raw masks into classes; reads all masks where it needs them.

    Args:
        kept: takes masks that were read.
    """
    pooled = None
    if masks.needs_histogram(options["method"]):
        pooled = _pooled_histogram(dataset, items, threads, kept)
    return masks.fit(pooled=pooled, classes=dataset.classes, **options)


def prepare(
    dataset: DataSet,
    items: list[Item],
    rule: MaskRule,
    *,
    size: tuple[int, int],
    fit: str,
    channels: int,
    threads: int,
    kept: KeptMasks,
    tiling: TileParams | None = None,
) -> Iterator[Prepared]:
    """Yield every image at `size` (height, width) with `channels` channels, in order.

    Args:
        kept: masks that `fit_rule` has read.
        tiling: how images are cut into tiles of `size`, which are yielded in their place.

    Raises:
        FrugalsegError: after all images were tried, naming every file at fault.
    """

    def one(item: Item) -> list[Prepared] | FrugalsegError:
        try:
            sample = dataset.load(item, kept.take(item))
            mask = _classes(sample, item, rule)
            given = sample, as_channels(sample.image, channels), mask, size
            pieces = [_whole(*given, fit)] if tiling is None else _tiles(*given, tiling)
            return _prepared(sample, mask, pieces)
        except FrugalsegError as error:
            return error

    for several in _collect(ordered_map(one, items, threads)):
        yield from several


def _pooled_histogram(
    dataset: DataSet, items: list[Item], threads: int, kept: KeptMasks
) -> NDArray[np.int64]:
    """Add up the histograms of all raw masks; images are not read, unless a mask is at fault."""

    def of_mask(item: Item) -> NDArray[np.int64] | FrugalsegError:
        return _histogram(item, dataset.load_mask, kept)

    def of_both(item: Item) -> NDArray[np.int64] | FrugalsegError:
        return _histogram(item, lambda one: dataset.load(one).mask, kept)

    labeled = [item for item in items if item.mask is not None]
    try:
        return sum(_collect(ordered_map(of_mask, labeled, threads)), np.zeros(256, np.int64))
    except FrugalsegError:
        # Whoever has to mend files wants to know of all of them, images too.
        deque(_collect(ordered_map(of_both, items, threads)), maxlen=0)
        raise


def _histogram(
    item: Item, load_mask: Callable[[Item], NDArray[Any] | None], kept: KeptMasks
) -> NDArray[np.int64] | FrugalsegError:
    try:
        raw = load_mask(item)
    except FrugalsegError as error:
        return error
    if raw is None:
        return np.zeros(256, np.int64)
    try:
        counts = masks.histogram(raw)
    except FrugalsegError as error:
        return FrugalsegError(f"{item.mask}: {error}")
    kept.keep(item, raw, counts)
    return counts


def _collect(results: Iterable[A | FrugalsegError]) -> Iterator[A]:
    """Yield results; at the end raise all errors among them as one."""
    errors = []
    for result in results:
        if isinstance(result, FrugalsegError):
            errors.append(str(result))
        else:
            yield result
    if errors:
        raise FrugalsegError(
            f"{len(errors)} file(s) cannot be used:\n" + "\n".join(f"  - {text}" for text in errors)
        )


def _classes(sample: Sample, item: Item, rule: MaskRule) -> Pixels | None:
    """Return a sample's mask as classes; empty where it is known to hold no defect."""
    if sample.mask is not None:
        return masks.apply(rule, sample.mask, item)
    return np.zeros(sample.image.shape[:2], np.uint8) if sample.image_label == () else None


def _whole(
    sample: Sample, image: Pixels, mask: Pixels | None, size: tuple[int, int], fit: str
) -> Piece:
    own = {
        "image_id": sample.image_id,
        "group": sample.group or "",
        "image_label": label_text(sample.image_label, mask),
        **_sizes(image.shape, size),
    }
    return *FITS[fit](image, mask, size), own


def _tiles(
    sample: Sample, image: Pixels, mask: Pixels | None, size: tuple[int, int], tiling: TileParams
) -> Iterator[Piece]:
    """Yield an image's tiles; they are a group, unless the image has one already.

    Of a tag, which speaks of the whole image, a tile knows only that there is nothing.
    """
    known = () if sample.image_label == () else None
    for tile in cut(image, mask, size, tiling):
        own = {
            "image_id": tile_id(sample.image_id, tile.y, tile.x),
            "group": sample.group or sample.image_id,
            "image_label": label_text(known, None if mask is None else tile.mask),
            **_sizes((tile.height, tile.width), size),
            "source_id": sample.image_id,
            "source_height": image.shape[0],
            "source_width": image.shape[1],
            "tile_y": tile.y,
            "tile_x": tile.x,
        }
        yield tile.image, tile.mask, own


def _sizes(shape: tuple[int, ...], size: tuple[int, int]) -> dict[str, int]:
    names = ("height", "width", "stack_height", "stack_width")
    return dict(zip(names, (*shape[:2], *size), strict=True))


def _prepared(sample: Sample, mask: Pixels | None, pieces: Iterable[Piece]) -> list[Prepared]:
    """Join what each piece has of its own with what all pieces of an image share.

    Hashes are of the whole image as it came: two blank tiles are no duplicates.
    """
    shared = {
        "split": sample.split or "",
        "has_mask": mask is not None,
        "sha256": pixel_hash(sample.image),
        "phash": perceptual_hash(sample.image),
    }
    mask_hash = pixel_hash(mask) if mask is not None else ""
    found = []
    for image, target, own in pieces:
        levels = count_levels(target)
        counted = {
            "foreground": int(levels[1:IGNORE].sum()),
            "pixels": int(levels[:IGNORE].sum()),
        }
        found.append(Prepared(image, target, own | counted | shared, mask_hash))
    return found


def as_channels(image: Pixels, channels: int) -> Pixels:
    """Return an image with 1 (luma, ITU-R 601) or 3 channels (gray repeated)."""
    if image.shape[2] == channels:
        return image
    if channels == 3:
        return np.repeat(image, 3, axis=2)
    luma = image.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    return np.rint(luma)[..., None].astype(np.uint8)


def label_text(known: tuple[int, ...] | None, mask: Pixels | None) -> str:
    """Write an image's tag: `0` for no defect, its classes as `1+3`, nothing if not known."""
    if known is None and mask is not None:
        known = tuple(np.flatnonzero(count_levels(mask)[1:IGNORE]) + 1)
    return "" if known is None else "+".join(map(str, known)) or "0"


def pixel_hash(image: Pixels) -> str:
    """Return the SHA-256 of an image's shape and pixels, whatever file format they came in."""
    shape = "x".join(map(str, image.shape)).encode()
    hashed = hashlib.sha256(shape + b":")
    hashed.update(np.ascontiguousarray(image).data)
    return hashed.hexdigest()
