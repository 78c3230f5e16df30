"""Read the images of a data set and turn them into rows of its stack."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.data.fit import FITS
from frugalseg.data.tags import tag_text
from frugalseg.ingest.duplicates import perceptual_hash
from frugalseg.ingest.mask import masks
from frugalseg.ingest.mask.kept import KeptMasks
from frugalseg.ingest.mask.methods import METHODS, MaskRule, UnknownValuesError
from frugalseg.ingest.mask.raw import count_levels
from frugalseg.ingest.mask.values import Kind, MaskValues, measure
from frugalseg.ingest.readers.reader import Reader
from frugalseg.ingest.sample import Item, Sample
from frugalseg.ingest.survey import Survey
from frugalseg.ingest.tiles import Tile, cut, tile_id
from frugalseg.settings.dataset import DataSetParams
from frugalseg.settings.mask import MaskParams

Pixels = NDArray[np.uint8]
A = TypeVar("A")
B = TypeVar("B")


class Prepared(NamedTuple):
    """An image or tile of the stack's size, uint8 H x W x C, and its mask, uint8 H x W.

    Attributes:
        facts: its row of `index.csv`, and `mask_sha256`, the hash of its image's whole mask.
    """

    image: Pixels
    mask: Pixels
    facts: dict[str, Any]


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
    dataset: Reader,
    items: list[Item],
    params: MaskParams,
    threads: int,
    kept: KeptMasks,
    survey: Survey,
) -> MaskRule:
    """Make the rule that turns raw masks into classes; `otsu` reads all masks.

    A mask that cannot be read is left out: `prepare` names it with all other files at fault.

    Args:
        kept: takes the masks that were read.
        survey: takes their values.

    Raises:
        FrugalsegError: classes that do not fit, or masks that no one threshold can read.
    """

    def count(item: Item) -> NDArray[np.int64]:
        with suppress(FrugalsegError):
            if (raw := dataset.load_mask(item)) is not None:
                values, counts = measure(raw, item.mask)
                survey.add_values(item, values)
                if counts is not None:
                    kept.keep(item, raw, counts)
                    return counts
        return np.zeros(256, np.int64)

    if params.method != "otsu":
        return masks.fit(params, classes=dataset.classes)
    pooled = sum(ordered_map(count, items, threads), np.zeros(256, np.int64))
    rule = masks.fit(params, pooled, classes=dataset.classes)
    return replace(rule, nonzero=survey.own_codes(rule.threshold, dataset.classes))


def prepare(
    dataset: Reader,
    items: list[Item],
    rule: MaskRule,
    settings: DataSetParams,
    *,
    threads: int,
    kept: KeptMasks,
    survey: Survey,
) -> Iterator[Prepared]:
    """Yield every image at the size of the stack, in order; in its place its tiles, if it is cut.

    Args:
        kept: masks that `fit_rule` has read.
        survey: takes what the files hold.

    Raises:
        FrugalsegError: after all images were tried, naming every file at fault.
    """

    def one(item: Item) -> list[Prepared] | FrugalsegError:
        try:
            sample = dataset.load(item, kept.take(item))
            survey.add_image(item, sample.notes)
            if sample.mask is not None and item.image_id not in survey.files:
                survey.add_values(item, _values(sample.mask, item, rule.method))
            return _pieces(item, sample, rule, settings, survey)
        except FrugalsegError as error:
            return error

    errors: list[FrugalsegError] = []
    for result in ordered_map(one, items, threads):
        if isinstance(result, FrugalsegError):
            errors.append(result)
        else:
            yield from result
    unknown = [error for error in errors if isinstance(error, UnknownValuesError)]
    others = [error for error in errors if not isinstance(error, UnknownValuesError)]
    if errors:
        lines = [*others, *([UnknownValuesError.joined(unknown)] if unknown else [])]
        text = "\n".join(f"  - {line}" for line in lines)
        raise FrugalsegError(f"{len(errors)} file(s) cannot be used:\n{text}")


def _values(raw: NDArray[Any], item: Item, method: str) -> MaskValues:
    """Return the values of a raw mask, as far as its method asks for them.

    Raises:
        FrugalsegError: class numbers in a picture whose values are noisy.
    """
    if method == "colors":
        return MaskValues(Kind.COLOR)
    reads = METHODS[method]
    values, _ = measure(raw, item.mask, by_area=reads.by_area, by_number=reads.by_number)
    if values.is_lossy and len(values.levels) > 2 and reads.is_exact:
        raise FrugalsegError(
            f"{item.mask}: a JPEG or lossy WebP picture, whose noise turns class numbers into "
            f"others; it holds {values}. Export the mask as PNG."
        )
    return values


def _pieces(
    item: Item, sample: Sample, rule: MaskRule, settings: DataSetParams, survey: Survey
) -> list[Prepared]:
    """Return the image or its tiles with their facts.

    Hashes are of the whole image as stored: two blank tiles are not duplicates.
    """
    mask = None
    if sample.mask is not None:
        mask = masks.apply(rule, sample.mask, item)
    elif item.image_label == ():
        mask = np.zeros(sample.image.shape[:2], np.uint8)
    levels = None if mask is None else count_levels(mask)
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
    pieces = []
    for tile in _tiles(image, mask, settings):
        own = count_levels(tile.mask)
        facts = {
            "image_id": item.image_id,
            "group": item.group or "",
            "image_label": label_text(item.image_label, levels),
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
                "image_label": label_text(tag, None if mask is None else own),
                "source_id": item.image_id,
                "source_height": height,
                "source_width": width,
                "tile_y": tile.y,
                "tile_x": tile.x,
            }
        facts |= {"foreground": int(own[1:IGNORE].sum()), "pixels": int(own[:IGNORE].sum())}
        pieces.append(Prepared(tile.image, tile.mask, facts | shared))
    if mask is not None and levels is not None:
        stack = [sum(piece.facts[key] for piece in pieces) for key in ("foreground", "pixels")]
        survey.add_mask(item, mask, levels, (stack[0], stack[1]))
    return pieces


def _tiles(image: Pixels, mask: Pixels | None, settings: DataSetParams) -> Iterator[Tile]:
    if settings.tile is None:
        fitted = FITS[settings.fit](image, mask, settings.size)
        height, width = image.shape[:2]
        yield Tile(0, 0, height, width, *fitted)
    else:
        yield from cut(image, mask, settings.size, settings.tile)


def as_channels(image: Pixels, channels: int) -> Pixels:
    """Return an image with 1 (luma, ITU-R 601) or 3 channels (gray repeated)."""
    if image.shape[2] == channels:
        return image
    if channels == 3:
        return np.repeat(image, 3, axis=2)
    luma = image.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    return np.rint(luma)[..., None].astype(np.uint8)


def label_text(tag: tuple[int, ...] | None, levels: NDArray[np.int64] | None) -> str:
    """Write an image's tag: `0` for no defect, its classes as `1+3`, nothing if not known.

    Args:
        tag: as its reader gives it; None if it follows from the mask.
        levels: histogram of its mask, int64, 256; None without a mask.
    """
    if tag is None and levels is not None:
        tag = tuple(np.flatnonzero(levels[1:IGNORE]) + 1)
    return "" if tag is None else tag_text(tag)


def pixel_hash(image: Pixels) -> str:
    """Return the SHA-256 of an image's shape and pixels, which does not depend on its file."""
    shape = "x".join(map(str, image.shape)).encode()
    hashed = hashlib.sha256(shape + b":")
    hashed.update(np.ascontiguousarray(image).data)
    return hashed.hexdigest()
