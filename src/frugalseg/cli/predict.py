"""`frugalseg predict`: class masks of a user's own images, from a model file alone."""

from __future__ import annotations

import errno
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from frugalseg.cli.command import Command
from frugalseg.cli.inputs import Job, find_jobs
from frugalseg.cli.progress import Progress
from frugalseg.cli.values import (
    DEVICE_HELP,
    refuse_existing,
    scale,
    share,
    tile_side,
)
from frugalseg.core.errors import FrugalsegError

if TYPE_CHECKING:
    import pandas as pd

    from frugalseg.inference.predictor import Predictor

TABLE = "defects.csv"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg predict`."""
    parser.add_argument(
        "images", nargs="+", metavar="IMAGE", help="image files, folders, or patterns in quotes"
    )
    parser.add_argument(
        "--model", type=Path, required=True, metavar="FILE", help="a model.safetensors"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="made if missing")
    parser.add_argument(
        "--probs", action="store_true", help="keep probabilities, float16, H x W x classes + 1"
    )
    parser.add_argument(
        "--force", action="store_true", help="replace outputs that are there already"
    )
    parser.add_argument("--device", default="auto", metavar="NAME", help=DEVICE_HELP)
    parser.add_argument(
        "--tile", type=tile_side, nargs=2, metavar=("HEIGHT", "WIDTH"),
        help="pixels, multiples of 32; default: what the model was validated on",
    )  # fmt: skip
    parser.add_argument(
        "--overlap", type=share, metavar="SHARE", help="of neighboring tiles; default: 0.5"
    )
    parser.add_argument(
        "--threshold", type=share, metavar="P",
        help="probability from which on a pixel is a defect; default: the model's",
    )  # fmt: skip
    parser.add_argument(
        "--no-tta", action="store_true",
        help="do not average over the flips that the model was trained with; 2 to 4 times as fast",
    )  # fmt: skip
    parser.add_argument(
        "--scale", type=scale, metavar="FACTOR",
        help="by which images are resized for the network, 1 for not at all; default: as training "
        "images were; masks have the size of their image always",
    )  # fmt: skip
    parser.add_argument(
        "--value-range", type=float, nargs=2, metavar=("LOW", "HIGH"),
        help="what becomes black and white in images of more than 8 bits; default: as in training",
    )  # fmt: skip


def run(options: Namespace) -> str:
    """Predict every image; raise at the end if any could not be."""
    import pandas as pd

    from frugalseg.core.device import pick_device
    from frugalseg.core.files import write_csv
    from frugalseg.inference.outputs import output_files
    from frugalseg.inference.predictor import Predictor
    from frugalseg.ingest.image_rows import READABLE

    jobs = find_jobs(options.images, options.out, frozenset(READABLE))
    table_file = options.out / TABLE
    refuse_existing(
        [table_file, *(file for job in jobs for file in output_files(job.base, probs=True))],
        options.force,
    )
    predictor = Predictor.load(options.model, pick_device(options.device)).tuned(
        tile=tuple(options.tile) if options.tile else None,
        overlap=options.overlap,
        threshold=options.threshold,
        scale=options.scale,
        value_range=tuple(options.value_range) if options.value_range else None,
        tta=not options.no_tta,
    )
    found, failures = _predict_all(jobs, predictor, options)
    if found:
        try:
            write_csv(table_file, pd.concat(found, ignore_index=True))
        except OSError as error:
            raise FrugalsegError(f"{table_file} could not be written: {error}.") from error
    if failures:
        told = "\n".join(f"  {failure}" for failure in failures)
        raise FrugalsegError(
            f"{len(failures)} of {len(jobs)} images could not be predicted:\n{told}"
        )
    count = sum(len(table) for table in found)
    return f"{len(jobs)} images, {count} defects: {table_file}"


def _predict_all(
    jobs: Sequence[Job], predictor: Predictor, options: Namespace
) -> tuple[list[pd.DataFrame], list[str]]:
    """Return the defects of each image that could be predicted, and why the others could not."""
    found: list[pd.DataFrame] = []
    failures: list[str] = []
    progress = Progress(sys.stderr, len(jobs))
    try:
        for done, job in enumerate(jobs):
            progress.show(done, str(job.image))
            try:
                found.append(_predict_one(job, done, predictor, options, progress))
            except FrugalsegError as error:
                text = str(error)
                known = text.startswith(str(job.image))
                failures.append(text if known else f"{job.image}: {text}")
            except OSError as error:
                if error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise FrugalsegError(
                        f"no space left in {options.out}, at {job.image}. Its outputs were not "
                        f"written, nor {TABLE}; those of {len(found)} images are whole. Make room "
                        "and run again with --force."
                    ) from error
                failures.append(f"{job.image}: {error}")
    finally:
        progress.end()
    return found, failures


def _predict_one(
    job: Job, done: int, predictor: Predictor, options: Namespace, progress: Progress
) -> pd.DataFrame:
    from frugalseg.inference.outputs import write_outputs

    image = predictor.open(job.image)
    bands = progress.watched(
        predictor.bands(image),
        image.shape[0],
        lambda share: progress.show(done + share, str(job.image)),
    )
    table = write_outputs(job.base, image, bands, predictor.classes, probs=options.probs)
    table.insert(0, "image", str(job.image))
    table.insert(1, "defect", range(1, len(table) + 1))
    return table


COMMAND = Command(
    summary="Predict the class masks of your own images, of any size, from a model file alone.",
    arguments=add_arguments,
    run=run,
    example="frugalseg predict --model model.safetensors photos/ --out masks",
)
