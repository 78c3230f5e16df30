"""`frugalseg masks`: what was drawn in Label Studio, as mask files."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from frugalseg.cli.command import Command
from frugalseg.cli.values import refuse_existing
from frugalseg.core.errors import FrugalsegError


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
        help="the folder that `suggest` was given, for the size of images without a stroke",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="my-images/masks, made if missing"
    )
    parser.add_argument("--force", action="store_true", help="replace masks that are there already")


def run(options: Namespace) -> str:
    """Write the masks; raise at the end if tasks could not be read."""
    import numpy as np
    from PIL import Image

    from frugalseg.core.constants import IGNORE
    from frugalseg.core.files import replacing
    from frugalseg.suggest.drawn import DrawnMask, read_masks

    classes = _classes(options)
    found = list(read_masks(_tasks(options.export), classes, _size_of(options.images)))
    drawn = [one for one in found if isinstance(one, DrawnMask)]
    failures = [str(one) for one in found if not isinstance(one, DrawnMask)]
    paths = [options.out / f"{Path(one.name).stem}.png" for one in drawn]
    if len(set(paths)) < len(paths):
        raise FrugalsegError(f"{options.export}: several images of one name. Export fewer tasks.")
    refuse_existing(paths, options.force)
    plain = len(classes) == 1 and not any((one.mask == IGNORE).any() for one in drawn)
    try:
        for one, path in zip(drawn, paths, strict=True):
            pixels = one.mask * np.uint8(255) if plain else one.mask
            with replacing(path) as partial:
                Image.fromarray(pixels).save(partial, "PNG")
    except OSError as error:
        raise FrugalsegError(f"{options.out} could not be written: {error}.") from error
    how = "0 and 255" if plain else "class indices, 255 is ignored: set mask: {method: index}"
    said = f"{len(drawn)} masks in {options.out} ({how})"
    if failures:
        told = "\n".join(f"  {failure}" for failure in failures)
        raise FrugalsegError(f"{len(failures)} tasks could not be read:\n{told}\n{said}")
    return said


def _size_of(images: Path | None) -> Callable[[str], tuple[int, int]] | None:
    from frugalseg.ingest.images import read_image

    def size_of(name: str) -> tuple[int, int]:
        height, width, _ = read_image(folder / name).shape
        return height, width

    if images is None:
        return None
    folder = images
    return size_of


def _classes(options: Namespace) -> list[str]:
    from frugalseg.models.file import check_card, read_card

    if options.classes:
        return list(options.classes)
    if options.model is None:
        raise FrugalsegError("Say which classes there are: --classes crack pit, or --model FILE.")
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


COMMAND = Command(
    summary="Write what was drawn in Label Studio as mask files that the data set folder reads.",
    arguments=add_arguments,
    run=run,
    example="frugalseg masks export.json --model model.safetensors --out my-images/masks",
)
