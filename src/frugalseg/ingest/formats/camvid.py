"""CamVid: masks in the colors of `label_colors.txt` (Brostow et al., 2009)."""

from collections import defaultdict
from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.cityscapes import is_label_file
from frugalseg.ingest.formats.export import Annotated, Export, Format, named_classes, split_of
from frugalseg.ingest.formats.files import Files
from frugalseg.ingest.formats.painted import (
    LABEL_COLORS,
    label_color_files,
    painted_regions,
    read_label_colors,
)

ENDING, ANNOT = "_L", "annot"
"""End of a mask's name, as in the data set; end of its folder's, as other tools export it."""


def recognize(files: Files) -> bool:
    """Say whether there is a list of colors, which exports as Cityscapes have too."""
    return bool(label_color_files(files)) and not any(is_label_file(path) for path in files.images)


def read(files: Files) -> Export:
    """Read the masks: `trainannot/a.png` of `train/a.png`, or if none, `a_L.png` of `a.png`.

    The split is the word train, val or test in the path. Images without a mask are unlabeled.
    `Void` is ignored.

    Raises:
        FrugalsegError: several lists of colors, or a malformed one; a mask without an image.
    """
    (table, *others) = label_color_files(files)
    if others:
        raise FrugalsegError(
            f"{files.root}: {1 + len(others)} files {LABEL_COLORS}. Import one folder at a time."
        )
    colors = read_label_colors(table)
    masks = _masks(files)
    of_image = {image: mask for mask, image in masks.items()}
    if len(of_image) < len(masks):
        raise FrugalsegError(f"{files.root}: several masks of one image.")
    annotated = [
        Annotated(
            path,
            painted_regions(of_image[path], colors) if path in of_image else None,
            split=split_of(*path.relative_to(files.root).parts[:-1]),
        )
        for path in files.images
        if path not in masks
    ]
    return Export(named_classes(list(colors)), annotated, colors)


def _masks(files: Files) -> dict[Path, Path]:
    """Return the masks, each with its image."""
    by_stem: defaultdict[str, list[Path]] = defaultdict(list)
    for path in files.images:
        by_stem[path.stem].append(path)
    annotations = {path: folder for path in files.images if (folder := _folder_of(path, files))}
    if annotations:
        found = {
            path: [image for image in by_stem[path.stem] if image.parent == folder]
            for path, folder in annotations.items()
        }
    else:
        masks = [path for path in files.images if path.stem.endswith(ENDING)]
        found = {path: by_stem[path.stem.removesuffix(ENDING)] for path in masks}
    for path, images in found.items():
        if len(images) != 1:
            raise FrugalsegError(f"{path}: expected one image of this mask, found {len(images)}.")
    return {path: images[0] for path, images in found.items()}


def _folder_of(path: Path, files: Files) -> Path | None:
    """Return the folder of the image whose mask lies in `trainannot/` or the like, else None."""
    names = path.relative_to(files.root).parts[:-1]
    for place, name in enumerate(names):
        if name.endswith(ANNOT):
            own = name.removesuffix(ANNOT)
            return files.root.joinpath(*names[:place], own, *names[place + 1 :])
    return None


FORMAT = Format(recognize, read)
