"""From the images of a data set, as they lie on disk, to rows of its stack."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from frugalseg.data import masks
from frugalseg.data.fit import FITS
from frugalseg.data.masks import MaskRule
from frugalseg.data.perceptual import perceptual_hash
from frugalseg.data.sample import IGNORE, DataSet, Item, Sample
from frugalseg.errors import FrugalsegError

Pixels = NDArray[np.uint8]
A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True)
class Prepared:
    """One image brought to the size of the stack, its row of `index.csv`, and its mask's hash."""

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
    dataset: DataSet, items: list[Item], options: dict[str, Any], threads: int
) -> MaskRule:
    """Make the rule that turns raw masks into classes; reads all masks where it needs them."""
    pooled = None
    if masks.needs_histogram(options["method"]):
        labeled = [item for item in items if item.mask is not None]
        histograms = ordered_map(lambda item: _histogram(dataset, item), labeled, threads)
        pooled = sum(_collect(histograms), np.zeros(256, np.int64))
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
) -> Iterator[Prepared]:
    """Yield every image at `size` (height, width) with `channels` channels, in order.

    Raises:
        FrugalsegError: after all images were tried, naming every file at fault.
    """

    def one(item: Item) -> Prepared | FrugalsegError:
        try:
            return _prepare_one(dataset.load(item), item, rule, size, fit, channels)
        except FrugalsegError as error:
            return error

    yield from _collect(ordered_map(one, items, threads))


def _histogram(dataset: DataSet, item: Item) -> NDArray[np.int64] | FrugalsegError:
    try:
        raw = dataset.load(item).mask
    except FrugalsegError as error:
        return error
    try:
        return masks.histogram(raw) if raw is not None else np.zeros(256, np.int64)
    except FrugalsegError as error:
        return FrugalsegError(f"{item.mask}: {error}")


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


def _prepare_one(
    sample: Sample, item: Item, rule: MaskRule, size: tuple[int, int], fit: str, channels: int
) -> Prepared:
    height, width = sample.image.shape[:2]
    raw = sample.mask
    mask = masks.apply(rule, raw, item) if raw is not None else None
    if mask is None and sample.image_label == ():  # known to hold no defect: its mask is empty
        mask = np.zeros((height, width), np.uint8)
    image, target = FITS[fit](as_channels(sample.image, channels), mask, size)
    facts = {
        "image_id": sample.image_id,
        "split": sample.split or "",
        "group": sample.group or "",
        "image_label": label_text(sample.image_label, mask),
        "has_mask": mask is not None,
        "foreground": int(((target > 0) & (target != IGNORE)).sum()),
        "pixels": int((target != IGNORE).sum()),
        "height": height,
        "width": width,
        "stack_height": size[0],
        "stack_width": size[1],
        "sha256": pixel_hash(sample.image),
        "phash": perceptual_hash(sample.image),
    }
    return Prepared(image, target, facts, pixel_hash(mask) if mask is not None else "")


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
        known = tuple(int(value) for value in np.unique(mask) if 0 < value < IGNORE)
    return "" if known is None else "+".join(map(str, known)) or "0"


def pixel_hash(image: Pixels) -> str:
    """Return the SHA-256 of an image's shape and pixels, whatever file format they came in."""
    shape = "x".join(map(str, image.shape)).encode()
    return hashlib.sha256(shape + b":" + np.ascontiguousarray(image).tobytes()).hexdigest()
