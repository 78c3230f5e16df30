"""Say which images, or regions, to label next, and make Label Studio tasks of them.

Example:
  frugalseg suggest --model model.safetensors --images my-images --n 20 --out next
"""

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from frugalseg.cli.values import (
    KINDS,
    add_prediction_arguments,
    count,
    raise_failures,
    refuse_existing,
)
from frugalseg.core.errors import FrugalsegError

REGION = 128


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg suggest`."""
    parser.add_argument(
        "--images", type=Path, required=True, metavar="DIR",
        help="a folder of images, or one with images/, masks/, unlabeled/; images with a mask in "
        "masks/ are left out",
    )  # fmt: skip
    add_prediction_arguments(parser)
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
    parser.add_argument(
        "--kind", choices=KINDS,
        help="what to draw, if not masks: the labeling interface of Label Studio offers that",
    )  # fmt: skip
    parser.add_argument(
        "--pair", metavar="REGEX", help="pairs images and masks, as options: {pair: REGEX} does"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="default: %(default)s")
    parser.add_argument(
        "--image-prefix", default="/data/local-files/?d=", metavar="URL",
        help="what comes before an image's name in the tasks; default: Label Studio's local files",
    )  # fmt: skip


def run(options: Namespace) -> str:
    """Suggest and write; raise at the end if images could not be read."""
    from frugalseg.cli.progress import progress_bar
    from frugalseg.core.device import pick_device
    from frugalseg.core.files import sha256
    from frugalseg.inference.predictor import Predictor
    from frugalseg.suggest.candidates import find_candidates
    from frugalseg.suggest.choose import Chooser, Request
    from frugalseg.suggest.outputs import TABLE, TASKS, clear_overlays, write_lists, write_overlay
    from frugalseg.suggest.session import Session

    if options.kind and options.regions:
        raise FrugalsegError("--kind and --regions exclude each other: regions get masks.")
    refuse_existing([options.out / TABLE, options.out / TASKS], options.force)
    images, labeled = find_candidates(options.images, options.pair)
    predictor = Predictor.load(options.model, pick_device(options.device))
    request = Request(options.n, options.acquire, options.regions, options.passes, options.seed)
    session = Session(
        Chooser(predictor, request),
        images,
        version=sha256(options.model)[:12],
        prefix=options.image_prefix,
    )
    try:
        with progress_bar(len(images) + options.n) as show:
            clear_overlays(options.out)
            suggestions = session.run(show, partial(write_overlay, options.out))
            lists = suggestions.table, suggestions.tasks, predictor.classes
            write_lists(options.out, *lists, options.kind)
    except OSError as error:
        raise FrugalsegError(f"{options.out} could not be written: {error}.") from error
    result = (
        f"{len(suggestions.table)} {'regions' if options.regions else 'images'} to label next, of "
        f"{len(images)} images without a mask ({labeled} have one): "
        f"{options.out / TABLE}"
    )
    raise_failures(suggestions.failures, "images could not be read", result)
    return result
