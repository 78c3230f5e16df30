"""Stage `prepare`: from an archive to a memory-mapped stack of images and masks."""

import logging
import os
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from frugalseg.core.files import sha256, write_csv, write_json
from frugalseg.ingest.archive.archives import extract
from frugalseg.ingest.duplicates import find_duplicates, summarize
from frugalseg.ingest.mask.files import merge_masks
from frugalseg.ingest.mask.kept import KeptMasks
from frugalseg.ingest.mask.methods import BY_BRIGHTNESS, MaskRule
from frugalseg.ingest.prepare import Prepared, fit_rule, prepare
from frugalseg.ingest.readers.build import build_reader
from frugalseg.ingest.readers.reader import Reader
from frugalseg.ingest.stack_writer import StackWriter
from frugalseg.ingest.survey import Survey
from frugalseg.ingest.tiles import first_tiles
from frugalseg.settings.dataset import DataSetParams

log = logging.getLogger(__name__)
FILES = ("images.npy", "masks.npy", "index.csv", "duplicates.csv", "card.json")


def run(archive: Path, out: Path, settings: DataSetParams, *, name: str, threads: int) -> None:
    """Write the five files of the stack into the folder `out`, all of them or none."""
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=out, prefix=".partial-") as folder,
        ThreadPoolExecutor(1) as aside,
    ):
        work = Path(folder)
        archive_hash = aside.submit(sha256, archive)
        extract(archive, work / "raw", settings.limits, threads=threads)
        dataset = build_reader(
            settings.reader,
            classes=settings.classes,
            max_pixels=settings.limits.pixels,
            **settings.options,
        )
        mask = _mask_options(settings, dataset)
        if dataset.palette is None and mask["method"] in BY_BRIGHTNESS:
            dataset = replace(dataset, palette="gray")
        if mask["method"] == "files":
            merge_masks(work / "raw", mask["pattern"], dataset.classes, settings.limits.pixels)
        items = dataset.items(work / "raw")
        log.info("%s: %d images found", name, len(items))
        kept, survey = KeptMasks(), Survey(work / "raw")
        rule = fit_rule(dataset, items, mask, threads, kept, survey)
        prepared = prepare(
            dataset, items, rule, settings, threads=threads, kept=kept, survey=survey
        )
        hashes, table = _write_stack(work, prepared, len(items), settings)
        warnings = survey.warnings(mask, dataset.classes, settings)
        for warning in warnings:
            log.warning("%s: %s", name, warning)
        index = table.drop(columns="mask_sha256")
        write_csv(work / "index.csv", index)
        pairs = find_duplicates(first_tiles(table), **settings.duplicates.model_dump())
        write_csv(work / "duplicates.csv", pairs)
        card = _card(name, settings, dataset, rule, index) | hashes
        card["mask"] |= survey.facts() | {
            key: mask[key] for key in ("values", "pattern") if key in mask
        }
        card["warnings"] = warnings
        card["duplicates"] = summarize(pairs)
        write_json(work / "card.json", card | {"archive_sha256": archive_hash.result()})
        for file in FILES:
            os.replace(work / file, out / file)


def _mask_options(settings: DataSetParams, dataset: Reader) -> dict[str, Any]:
    """Return the mask method and its options: of params.yaml, or else of the reader."""
    options = settings.mask.model_dump(exclude_none=True)
    if "method" in options:
        return options
    if "values" in options:
        return {"method": "values", **options}
    return {"method": dataset.mask_method, **dataset.mask_options} | options


def _write_stack(
    work: Path, prepared: Iterable[Prepared], count: int, settings: DataSetParams
) -> tuple[dict[str, str], pd.DataFrame]:
    """Write images and masks as they come, of `count` images; return their hashes and facts."""
    height, width = settings.image_size
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
        "image_size": list(settings.image_size),
        "channels": settings.channels,
        # a tile is never resized, but padded where it extends beyond the image
        "fit": settings.fit if settings.tile is None else "pad",
        **({} if settings.tile is None else {"tile": settings.tile.model_dump(mode="json")}),
        "levels": {"percentiles": dataset.percentiles, "value_range": dataset.value_range},
        "mask": {
            "method": rule.method,
            "threshold": rule.threshold,
            "separability": rule.separability,
        },
        "images": len(index),
        "labeled": len(labeled),
        "positives": int((labeled["foreground"] > 0).sum()),
        "foreground_share": float(labeled["foreground"].sum() / max(labeled["pixels"].sum(), 1)),
        "counts": {str(k or "none"): int(v) for k, v in index["split"].value_counts().items()},
        "groups": int(index.loc[index["group"] != "", "group"].nunique()),
    }
