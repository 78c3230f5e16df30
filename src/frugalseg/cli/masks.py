"""Write what was drawn in Label Studio as mask files that the data set folder reads.

Example:
  frugalseg masks export.json --model model.safetensors --out my-images/masks
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from frugalseg.cli.values import KINDS, raise_failures, refuse_existing
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
        help="the folder given to `suggest`, for images without a stroke, and for boxes",
    )  # fmt: skip
    parser.add_argument(
        "--kind", choices=KINDS, help="what was drawn, if not masks (docs/label-kinds.md)"
    )
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
    tasks, image_of = _tasks(options.export), _image_of(options.images)
    results = list(read_masks(tasks, classes, image_of, options.annotation, options.kind))
    drawn = [result for result in results if isinstance(result, DrawnMask)]
    failures = [str(result) for result in results if not isinstance(result, DrawnMask)]
    paths = [options.out / f"{Path(one.name).stem}.png" for one in drawn]
    if len(set(paths)) < len(paths):
        raise FrugalsegError(f"{options.export}: several images of one name. Export fewer tasks.")
    refuse_existing(paths, options.force)
    codes = _codes(classes)
    has_ignored = any((one.mask == IGNORE).any() for one in drawn)
    _refuse_other_codes(options.out, paths, codes, has_ignored)
    table = np.zeros(IGNORE + 1, np.uint8)
    table[: len(classes) + 1] = [codes[name] for name in ("background", *classes)]
    table[IGNORE] = codes["ignore"]
    try:
        for one, path in zip(drawn, paths, strict=True):
            with replacing(path) as partial:
                Image.fromarray(table[one.mask]).save(partial, "PNG")
    except OSError as error:
        raise FrugalsegError(f"{options.out} could not be written: {error}.") from error
    text = ", ".join(f"{name}: {code}" for name, code in codes.items())
    needs_line = has_ignored or len(classes) > 1
    values = f"set mask: {{values: {{{text}}}}}" if needs_line else "0 and 255"
    result = f"{len(drawn)} masks in {options.out} ({values})"
    raise_failures(failures, "tasks could not be read", result)
    return result


def _codes(classes: Sequence[str]) -> dict[str, int]:
    """Return the value of each class in a mask file, always the same for the same classes.

    Of one class they are those that people draw, and `ignore` lies between: masks with and without
    unlabeled pixels may lie in one folder.
    """
    from frugalseg.core.constants import DRAWN, UNLABELED

    if len(classes) == 1:
        return {"background": 0, classes[0]: DRAWN, "ignore": UNLABELED}
    numbers = {name: number for number, name in enumerate(classes, start=1)}
    return {"background": 0, **numbers, "ignore": 255}


def _refuse_other_codes(
    folder: Path, new: Sequence[Path], codes: Mapping[str, int], has_ignored: bool
) -> None:
    """Refuse to write into a folder whose other masks are coded in another way."""
    from frugalseg.ingest.decode import SUFFIXES
    from frugalseg.ingest.mask.raw import read_mask
    from frugalseg.ingest.mask.values import Kind, measure
    from frugalseg.ingest.pairing import MASK_SUFFIXES, list_files

    for path in list_files(folder, SUFFIXES | MASK_SUFFIXES):
        if path in new:
            continue
        values = measure(read_mask(path, palette="gray"), path)[0]
        # 0 and one other value can be told, unless pixels are ignored or there are more classes
        is_clear = values.kind is Kind.TWO and len(codes) == len(("background", "class", "ignore"))
        if not (set(values.levels) <= set(codes.values()) or (is_clear and not has_ignored)):
            raise FrugalsegError(
                f"{path} holds {values}, but these masks would hold {sorted(codes.values())}. Name "
                "another folder, or export all tasks and add --force."
            )


def _image_of(folder: Path | None) -> Callable[[str], Any] | None:
    from frugalseg.ingest.images import read_image

    return None if folder is None else lambda name: read_image(folder / name)


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
