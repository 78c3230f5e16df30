"""Predict the class masks of your own images, of any size, from a model file alone.

Example:
  frugalseg predict --model model.safetensors photos/ --out masks
"""

from __future__ import annotations

import errno
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from frugalseg.cli.inputs import Job, find_jobs
from frugalseg.cli.values import (
    add_prediction_arguments,
    raise_failures,
    refuse_existing,
    scale,
    share,
    tile_side,
)
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.text import plural, some

if TYPE_CHECKING:
    import pandas as pd

    from frugalseg.core.rows import Rows
    from frugalseg.inference.predictor import Band, Predictor

TABLE = "defects.csv"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg predict`."""
    parser.add_argument(
        "images", nargs="+", metavar="IMAGE", help="image files, folders, or patterns in quotes"
    )
    add_prediction_arguments(parser)
    parser.add_argument(
        "--probs", action="store_true", help="keep probabilities, float16, H x W x classes + 1"
    )
    parser.add_argument(
        "--tile", type=tile_side, nargs=2, metavar=("HEIGHT", "WIDTH"),
        help="pixels, multiples of 32; default: what the model was validated on",
    )  # fmt: skip
    parser.add_argument(
        "--overlap", type=share, metavar="SHARE", help="of neighboring tiles; default: 0.5"
    )
    parser.add_argument(
        "--threshold", type=share, metavar="P",
        help="smallest probability of a defect, of several classes against the background alone; "
        "default: the model's",
    )  # fmt: skip
    parser.add_argument(
        "--no-tta", action="store_true",
        help="do not average over the flips that the model was trained with; 2 to 4 times as fast",
    )  # fmt: skip
    parser.add_argument(
        "--scale", type=scale, metavar="FACTOR",
        help="resize images for the network, 1 for not at all; default: as in training; masks "
        "always have the size of their image",
    )  # fmt: skip
    parser.add_argument(
        "--value-range", type=float, nargs=2, metavar=("LOW", "HIGH"),
        help="what becomes black and white in images of more than 8 bits; default: as in training",
    )  # fmt: skip


def run(options: Namespace) -> str:
    """Predict every image; raise at the end if any could not be predicted."""
    import pandas as pd

    from frugalseg.core.device import pick_device
    from frugalseg.core.files import write_csv
    from frugalseg.inference.outputs import output_files
    from frugalseg.inference.predictor import Predictor
    from frugalseg.ingest.image_rows import READABLE

    jobs = find_jobs(options.images, options.out, frozenset(READABLE))
    table_file = options.out / TABLE
    outputs = [file for job in jobs for file in output_files(job.base, probs=True)]
    refuse_existing([table_file, *outputs], options.force)
    predictor = Predictor.load(options.model, pick_device(options.device)).tuned(
        tile=tuple(options.tile) if options.tile else None,
        overlap=options.overlap,
        threshold=options.threshold,
        scale=options.scale,
        value_range=tuple(options.value_range) if options.value_range else None,
        tta=not options.no_tta,
    )
    tables, unlike, failures = _predict_all(jobs, predictor, options)
    if tables:
        try:
            write_csv(table_file, pd.concat(tables, ignore_index=True))
        except OSError as error:
            raise FrugalsegError(f"{table_file} could not be written: {error}.") from error
    raise_failures(failures, f"of {len(jobs)} images could not be predicted")
    report = f"{len(jobs)} images, {sum(map(len, tables))} defects: {table_file}"
    return "\n".join([report, *_warning(unlike, predictor)])


def _warning(unlike: Sequence[str], predictor: Predictor) -> list[str]:
    """Return a line on the images whose brightness was read otherwise than in training."""
    if not unlike:
        return []
    deep, flat = "deeper than 8 bits, and stretched to the range of their own values", "of 8 bits"
    here, there = (flat, deep) if predictor.stretched else (deep, flat)
    return [
        f"Warning: {plural(len(unlike), 'image')} {here}, while those of training were {there}: "
        f"{some(unlike)}. Check the masks, or save the images like those of training."
    ]


def _predict_all(
    jobs: Sequence[Job], predictor: Predictor, options: Namespace
) -> tuple[list[pd.DataFrame], list[str], list[str]]:
    """Return the defects of each image, those unlike training, and why the others could not be."""
    from frugalseg.cli.progress import progress_bar

    tables: list[pd.DataFrame] = []
    unlike: list[str] = []
    failures: list[str] = []
    with progress_bar(len(jobs)) as show:
        for number, job in enumerate(jobs):
            try:
                show(number, str(job.image))
                image = predictor.open(job.image)
                tables.append(_predict_one(job, image, number, predictor, options.probs, show))
                unlike += [str(job.image)] if predictor.is_unlike(image) else []
            except FrugalsegError as error:
                is_named = str(error).startswith(str(job.image))
                failures.append(str(error) if is_named else f"{job.image}: {error}")
            except OSError as error:
                if error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise FrugalsegError(
                        f"no space left in {options.out}, at {job.image}. Neither its outputs nor "
                        f"{TABLE} were written; those of {len(tables)} images are complete. Make "
                        "room and run again with --force."
                    ) from error
                failures.append(f"{job.image}: {error}")
    return tables, unlike, failures


def _predict_one(
    job: Job,
    image: Rows,
    number: int,
    predictor: Predictor,
    probs: bool,
    show: Callable[[float, str], None],
) -> pd.DataFrame:
    from frugalseg.inference.outputs import write_outputs

    def bands() -> Iterator[Band]:
        rows = 0
        for preds, probs_of_band in predictor.bands(image):
            yield preds, probs_of_band
            rows += len(preds)
            show(number + rows / image.shape[0], str(job.image))

    table = write_outputs(job.base, image, bands(), predictor.classes, probs=probs)
    table.insert(0, "image", str(job.image))
    table.insert(1, "defect", range(1, len(table) + 1))
    return table
