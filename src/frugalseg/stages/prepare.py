"""Stage `prepare`: from an archive to a memory-mapped stack of images and masks."""

import logging
import os
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import sha256, write_csv, write_json
from frugalseg.ingest.alignment import Alignment, alignment_warning, measure_alignment
from frugalseg.ingest.archive.archives import extract
from frugalseg.ingest.duplicates import find_duplicates, summarize
from frugalseg.ingest.fetch.local_source import PREFIX
from frugalseg.ingest.image_size import SHORT_SIDE, choose_size, measure_masks
from frugalseg.ingest.listing import summarize_pairs
from frugalseg.ingest.mask.files import merge_masks
from frugalseg.ingest.mask.kept import KeptMasks
from frugalseg.ingest.mask.methods import METHODS, MaskRule
from frugalseg.ingest.prepare import Prepared, fit_rule, prepare
from frugalseg.ingest.readers.build import build_reader
from frugalseg.ingest.readers.reader import Reader
from frugalseg.ingest.sample import Item
from frugalseg.ingest.stack_writer import StackWriter
from frugalseg.ingest.survey import Survey
from frugalseg.ingest.tiles import first_tiles
from frugalseg.settings.dataset import DataSetParams
from frugalseg.settings.mask import MaskParams

log = logging.getLogger(__name__)
FILES = ("images.npy", "masks.npy", "index.csv", "duplicates.csv", "card.json")


def run(archive: Path, out: Path, settings: DataSetParams, *, name: str, threads: int) -> None:
    """Write the five files of the stack into the folder `out`, all of them or none."""
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=out, prefix=".partial-") as folder,
        ThreadPoolExecutor(1) as aside,
        _naming_own_files(Path(folder) / "raw", archive, settings.source),
    ):
        work = Path(folder)
        archive_hash = aside.submit(sha256, archive)
        clutter = extract(archive, work / "raw", settings.limits, threads=threads)
        dataset, mask = _build(settings)
        if mask.pattern:
            merge_masks(work / "raw", mask.pattern, dataset.classes, settings.limits.pixels)
        items = dataset.items(work / "raw")
        log.info("%s: %d images found", name, len(items))
        pairs = summarize_pairs(items, work / "raw")
        unread = dataset.unread(work / "raw", items, clutter)
        for line in [rule.text() for rule in pairs] + [kind.text() for kind in unread]:
            log.info("%s: %s", name, line)
        kept, survey = KeptMasks(), Survey(work / "raw")
        rule = fit_rule(dataset, items, mask, threads, kept, survey)
        reason = None
        if settings.image_size == "auto":
            settings, reason = _with_chosen_size(settings, dataset, items, rule, threads)
        prepared = prepare(
            dataset, items, rule, settings, threads=threads, kept=kept, survey=survey
        )
        hashes, table = _write_stack(work, prepared, len(items), settings)
        alignment = _alignment(work, table)
        warnings = survey.warnings(mask, dataset.classes, settings)
        warnings += alignment_warning(alignment)
        for warning in warnings:
            log.warning("%s: %s", name, warning)
        index = table.drop(columns="mask_sha256")
        write_csv(work / "index.csv", index)
        duplicates = find_duplicates(first_tiles(table), **settings.duplicates.model_dump())
        write_csv(work / "duplicates.csv", duplicates)
        card = _card(name, settings, dataset, rule, index) | hashes
        card["mask"] |= survey.facts()
        card["mask"] |= {"alignment": alignment.own} if alignment else {}
        card["levels"]["stretched"] = survey.stretched
        card["mask"] |= mask.model_dump(include={"values", "pattern"}, exclude_none=True)
        card |= {"warnings": warnings, "duplicates": summarize(duplicates)}
        card |= {"pairs": [rule._asdict() for rule in pairs]}
        card |= {"unread": [kind._asdict() for kind in unread]}
        card |= {"image_size_reason": reason} if reason else {}
        write_json(work / "card.json", card | {"archive_sha256": archive_hash.result()})
        for file in FILES:
            os.replace(work / file, out / file)


def _build(settings: DataSetParams) -> tuple[Reader, MaskParams]:
    """Return the reader, and how masks are read: as params.yaml says, or the reader."""
    dataset = build_reader(
        settings.reader,
        classes=settings.classes,
        max_pixels=settings.limits.pixels,
        **settings.options,
    )
    mask = settings.mask if settings.mask.method else dataset.mask
    if dataset.palette is None and mask.method and METHODS[mask.method].by_brightness:
        dataset = replace(dataset, palette="gray")
    return dataset, mask


@contextmanager
def _naming_own_files(unpacked: Path, archive: Path, source: str) -> Iterator[None]:
    """Let errors name the user's files: the unpacked ones are gone when the error is read."""
    own = source.removeprefix(PREFIX) if source.startswith(PREFIX) else str(archive)
    try:
        yield
    except FrugalsegError as error:
        raise FrugalsegError(str(error).replace(str(unpacked), own)) from error


def _with_chosen_size(
    settings: DataSetParams, dataset: Reader, items: list[Item], rule: MaskRule, threads: int
) -> tuple[DataSetParams, str]:
    """Return the settings with the size that the images and their masks ask for, and why."""
    shapes, widths = measure_masks(dataset, items, rule, threads)
    # without any readable mask the files at fault are named when they are read
    chosen = choose_size(shapes or [(SHORT_SIDE, SHORT_SIDE)], widths)
    height, width = chosen.size
    log.info("image_size: %d x %d, because %s", height, width, chosen.reason)
    if chosen.is_coarse:
        log.warning("Thin defects may get lost at this size. `tile: {}` keeps the images' own.")
    return settings.of_size(chosen.size), chosen.reason


def _write_stack(
    work: Path, prepared: Iterable[Prepared], count: int, settings: DataSetParams
) -> tuple[dict[str, str], pd.DataFrame]:
    """Write images and masks as they come, of `count` images; return their hashes and facts."""
    height, width = settings.size
    rows = []
    shape = (height, width, settings.channels)
    with (
        StackWriter(work / "images.npy", shape) as images,
        StackWriter(work / "masks.npy", (height, width)) as targets,
    ):
        for number, item in enumerate(prepared):
            images.append(item.image)
            targets.append(item.mask)
            rows.append({"row": number, **item.facts})
            if (number + 1) % 500 == 0:
                log.info("%d prepared, of %d images", number + 1, count)
    hashes = {"images_sha256": images.sha256, "masks_sha256": targets.sha256}
    return hashes, pd.DataFrame(rows)


def _alignment(work: Path, table: pd.DataFrame) -> Alignment | None:
    images, masks = (np.load(work / f"{name}.npy", mmap_mode="r") for name in ("images", "masks"))
    return measure_alignment(images, masks, table.loc[table["foreground"] > 0, "row"].to_numpy())


def _card(
    name: str, settings: DataSetParams, dataset: Reader, rule: MaskRule, index: pd.DataFrame
) -> dict[str, Any]:
    """Return the facts of the stack that later stages and the report read."""
    labeled = index[index["has_mask"]]
    return {
        "name": name,
        "reader": settings.reader,
        "source": settings.source,
        "license": dataset.license,
        "citation": dataset.citation,
        "homepage": dataset.homepage,
        "archive": {
            "url": dataset.archive_url,
            "md5": dataset.archive_md5,
            "sha256": dataset.archive_sha256,
        },
        "classes": list(dataset.classes),
        "image_size": list(settings.size),
        "channels": settings.channels,
        # a tile is never resized, but padded where it extends beyond the image
        "fit": settings.fit if settings.tile is None else "pad",
        **({} if settings.tile is None else {"tile": settings.tile.model_dump(mode="json")}),
        "levels": {"percentiles": dataset.percentiles, "value_range": dataset.value_range},
        "mask": {
            "method": rule.method,
            "threshold": rule.threshold,
            "separability": rule.separability,
            "own_codes": len(rule.nonzero),
        },
        "images": len(index),
        "labeled": len(labeled),
        "positives": int((labeled["foreground"] > 0).sum()),
        "foreground_share": float(labeled["foreground"].sum() / max(labeled["pixels"].sum(), 1)),
        "counts": {str(k or "none"): int(v) for k, v in index["split"].value_counts().items()},
        "groups": int(index.loc[index["group"] != "", "group"].nunique()),
    }
