"""`frugalseg suggest`: what to label next, from a folder of images without masks."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from frugalseg.cli.command import Command
from frugalseg.cli.progress import Progress
from frugalseg.cli.values import DEVICE_HELP, count, refuse_existing
from frugalseg.core.errors import FrugalsegError

if TYPE_CHECKING:
    from frugalseg.suggest.candidates import Candidates
    from frugalseg.suggest.session import Suggestions

REGION = 128


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg suggest`."""
    parser.add_argument(
        "--model", type=Path, required=True, metavar="FILE", help="a model.safetensors"
    )
    parser.add_argument(
        "--images", type=Path, required=True, metavar="DIR",
        help="a folder of images, or one with images/, masks/, unlabeled/; images with a mask in "
        "masks/ are left out",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="made if missing")
    parser.add_argument(
        "--n", type=count, default=20, metavar="N", help="images or regions; default: %(default)s"
    )
    parser.add_argument(
        "--regions", type=count, nargs="?", const=REGION, metavar="SIDE",
        help=f"suggest square regions of so many pixels a side ({REGION}), not whole images",
    )  # fmt: skip
    parser.add_argument(
        "--acquire", default="entropy", metavar="NAME",
        help="entropy, margin, variation_ratio, random; of a model with dropout also bald, "
        "power_bald; default: %(default)s",
    )  # fmt: skip
    parser.add_argument(
        "--passes", type=count, metavar="T",
        help="stochastic passes of a model with dropout; default: 10 where they are needed",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="default: %(default)s")
    parser.add_argument(
        "--image-prefix", default="/data/local-files/?d=", metavar="URL",
        help="what comes before an image's name in the tasks; default: Label Studio's local files",
    )  # fmt: skip
    parser.add_argument(
        "--force", action="store_true", help="replace outputs that are there already"
    )
    parser.add_argument("--device", default="auto", metavar="NAME", help=DEVICE_HELP)


def run(options: Namespace) -> str:
    """Suggest and write; raise at the end if images could not be read."""
    from frugalseg.core.device import pick_device
    from frugalseg.core.files import sha256
    from frugalseg.inference.predictor import Predictor
    from frugalseg.suggest.candidates import find_candidates
    from frugalseg.suggest.choose import Chooser, Request
    from frugalseg.suggest.outputs import TABLE, TASKS, clear_overlays, write_lists, write_overlay
    from frugalseg.suggest.session import Session

    refuse_existing([options.out / TABLE, options.out / TASKS], options.force)
    candidates = find_candidates(options.images)
    predictor = Predictor.load(options.model, pick_device(options.device))
    request = Request(options.n, options.acquire, options.regions, options.passes, options.seed)
    session = Session(
        Chooser(predictor, request),
        candidates.images,
        version=sha256(options.model)[:12],
        prefix=options.image_prefix,
    )
    progress = Progress(sys.stderr, len(candidates.images) + options.n)
    try:
        clear_overlays(options.out)
        found = session.run(progress.show, partial(write_overlay, options.out))
        write_lists(options.out, found.table, found.tasks, predictor.classes)
    except OSError as error:
        raise FrugalsegError(f"{options.out} could not be written: {error}.") from error
    finally:
        progress.end()
    return _told(found, candidates, options)


def _told(found: Suggestions, candidates: Candidates, options: Namespace) -> str:
    from frugalseg.suggest.outputs import TABLE

    what = "regions" if options.regions else "images"
    said = (
        f"{len(found.table)} {what} to label next, of {len(candidates.images)} images without a "
        f"mask ({candidates.labeled} have one): {options.out / TABLE}"
    )
    if not found.failures:
        return said
    listed = "\n".join(f"  {failure}" for failure in found.failures)
    raise FrugalsegError(f"{len(found.failures)} images could not be read:\n{listed}\n{said}")


COMMAND = Command(
    summary="Say which images, or regions, to label next, and make Label Studio tasks of them.",
    arguments=add_arguments,
    run=run,
    example="frugalseg suggest --model model.safetensors --images my-images --n 20 --out next",
)
