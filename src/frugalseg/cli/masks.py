"""Write what was drawn in Label Studio as mask files that the data set folder reads.

Example:
  frugalseg masks export.json --model model.safetensors --out my-images/masks
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from frugalseg.cli.values import raise_failures, refuse_existing
from frugalseg.core.errors import FrugalsegError

ANNOTATIONS = ("ground-truth", "latest", "consensus")
"""Keys of `frugalseg.suggest.annotations`, whose import is not needed for `--help`."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg masks`."""
    parser.add_argument("export", type=Path, metavar="JSON", help="Label Studio's export as JSON")
    parser.add_argument(
        "--classes", nargs="+", metavar="NAME", help="class 1, class 2 ... as in the project"
    )
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="a model.safetensors, for its classes"
    )
    parser.add_argument(
        "--images", type=Path, metavar="DIR",
        help="the folder given to `suggest`, for the size of images without a stroke",
    )  # fmt: skip
    parser.add_argument(
        "--annotation", choices=ANNOTATIONS, default=ANNOTATIONS[0],
        help="of several annotations of an image: the one marked as ground truth, or else the "
        "latest (default); the latest; or what more than half of them say, pixel by pixel",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="my-images/masks, made if missing"
    )
    parser.add_argument("--force", action="store_true", help="replace masks that exist")


def run(options: Namespace) -> str:
    """Write the masks; raise at the end if tasks could not be read."""
    import numpy as np
    from PIL import Image

    from frugalseg.core.constants import IGNORE
    from frugalseg.core.files import replacing
    from frugalseg.suggest.drawn import DrawnMask, read_masks

    classes = _classes(options)
    tasks, size_of = _tasks(options.export), _size_of(options.images)
    results = list(read_masks(tasks, classes, size_of, options.annotation))
    drawn = [result for result in results if isinstance(result, DrawnMask)]
    failures = [str(result) for result in results if not isinstance(result, DrawnMask)]
    paths = [options.out / f"{Path(one.name).stem}.png" for one in drawn]
    if len(set(paths)) < len(paths):
        raise FrugalsegError(f"{options.export}: several images of one name. Export fewer tasks.")
    refuse_existing(paths, options.force)
    is_binary = len(classes) == 1 and not any((one.mask == IGNORE).any() for one in drawn)
    try:
        for one, path in zip(drawn, paths, strict=True):
            pixels = one.mask * np.uint8(255) if is_binary else one.mask
            with replacing(path) as partial:
                Image.fromarray(pixels).save(partial, "PNG")
    except OSError as error:
        raise FrugalsegError(f"{options.out} could not be written: {error}.") from error
    values = (
        "0 and 255" if is_binary else "class indices, 255 is ignored: set mask: {method: index}"
    )
    result = f"{len(drawn)} masks in {options.out} ({values})"
    raise_failures(failures, "tasks could not be read", result)
    return result


def _size_of(folder: Path | None) -> Callable[[str], tuple[int, int]] | None:
    from frugalseg.ingest.images import read_image

    if folder is None:
        return None

    def size_of(name: str) -> tuple[int, int]:
        height, width, _ = read_image(folder / name).shape
        return height, width

    return size_of


def _classes(options: Namespace) -> list[str]:
    from frugalseg.models.file import check_card, read_card

    if options.classes:
        return list(options.classes)
    if options.model is None:
        raise FrugalsegError("The classes are not known. Add --classes crack pit, or --model FILE.")
    card = read_card(options.model)
    check_card(options.model, card, ["classes"])
    return list(card["classes"])


def _tasks(path: Path) -> list[dict[str, Any]]:
    from frugalseg.core.files import read_json

    try:
        tasks = read_json(path)
    except (OSError, ValueError) as error:
        raise FrugalsegError(f"{path} cannot be read as JSON: {error}.") from error
    if not isinstance(tasks, list):
        raise FrugalsegError(
            f"{path}: expected a list of tasks. Export them from Label Studio as JSON."
        )
    return tasks
