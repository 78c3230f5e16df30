"""`frugalseg predict`: class masks of a user's own images, from a model file alone."""

from __future__ import annotations

import errno
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from frugalseg.cli.command import Command
from frugalseg.cli.inputs import Job, find_jobs
from frugalseg.cli.progress import Progress
from frugalseg.errors import FrugalsegError

if TYPE_CHECKING:
    import pandas as pd
    import torch

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
    parser.add_argument(
        "--device", default="auto", metavar="NAME", help="cpu, cuda, cuda:1; default: cuda if there"
    )
    parser.add_argument(
        "--tile", type=_side, nargs=2, metavar=("HEIGHT", "WIDTH"),
        help="pixels, multiples of 32; default: what the model was validated on",
    )  # fmt: skip
    parser.add_argument(
        "--overlap", type=_share, metavar="SHARE", help="of neighboring tiles; default: 0.5"
    )
    parser.add_argument(
        "--threshold", type=_share, metavar="P",
        help="probability from which on a pixel is a defect; default: the model's",
    )  # fmt: skip
    parser.add_argument(
        "--scale", type=_scale, metavar="FACTOR",
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

    from frugalseg.data.image_rows import READABLE
    from frugalseg.files import write_csv
    from frugalseg.inference.outputs import output_files
    from frugalseg.inference.predictor import Predictor

    jobs = find_jobs(options.images, options.out, frozenset(READABLE))
    table_file = options.out / TABLE
    _refuse_existing(
        [table_file, *(file for job in jobs for file in output_files(job.base, probs=True))],
        options.force,
    )
    predictor = Predictor.load(options.model, _device(options.device)).tuned(
        tile=tuple(options.tile) if options.tile else None,
        overlap=options.overlap,
        threshold=options.threshold,
        scale=options.scale,
        value_range=tuple(options.value_range) if options.value_range else None,
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


def _refuse_existing(files: Sequence[Path], force: bool) -> None:
    there = [] if force else [file for file in files if file.exists()]
    if there:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise FrugalsegError(
            f"{there[0]}{more} would be overwritten. Choose another --out, or add --force."
        )


def _device(name: str) -> torch.device:
    import torch

    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise FrugalsegError(
            f"--device {name} cannot be used here: {reason} Try --device cpu."
        ) from error
    return device


def _side(text: str) -> int:
    if not text.isdigit() or int(text) < 32 or int(text) % 32:
        raise ArgumentTypeError(f"expected a multiple of 32, found {text!r}")
    return int(text)


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1:
        raise ArgumentTypeError(f"expected a number of at least 0 and under 1, found {text!r}")
    return value


def _scale(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 16:
        raise ArgumentTypeError(f"expected a number above 0 and up to 16, found {text!r}")
    return value


COMMAND = Command(
    summary="Predict the class masks of your own images, of any size, from a model file alone.",
    arguments=add_arguments,
    run=run,
    example="frugalseg predict --model model.safetensors photos/ --out masks",
)
