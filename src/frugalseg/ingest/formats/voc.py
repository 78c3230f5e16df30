"""Pascal VOC: masks in the colors of the classes (Everingham et al., IJCV 2010)."""

from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.export import Annotated, Color, Export, Format, named_classes
from frugalseg.ingest.formats.files import Files, read_lines
from frugalseg.ingest.formats.painted import BLACK, painted_regions, read_color

MASKS, SETS, LABELMAP = "SegmentationClass", "ImageSets/Segmentation", "labelmap.txt"
NAMES = (
    *("background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat"),
    *("chair", "cow", "diningtable", "dog", "horse", "motorbike", "person", "pottedplant"),
    *("sheep", "sofa", "train", "tvmonitor"),
)
"""Classes of the data set itself, which has no label map."""
VOID: Color = (224, 224, 192)


def recognize(files: Files) -> bool:
    """Say whether there is a folder of masks."""
    return bool(_folders(files))


def read(files: Files) -> Export:
    """Read the masks; images without one are unlabeled. Splits are lists in `ImageSets/`.

    Raises:
        FrugalsegError: several folders of masks, a malformed label map, or an image that is
            missing. A color without a class is told when the mask is read.
    """
    (folder, *others) = _folders(files)
    if others:
        raise FrugalsegError(
            f"{files.root}: {1 + len(others)} folders {MASKS}. Import one at a time."
        )
    home = folder.parent
    colors = _colors(home / LABELMAP)
    splits = {
        stem: split
        for split in ("train", "val", "test")
        for stem in _lines(home / SETS / f"{split}.txt")
    }
    masks = {path.stem: path for path in files.images if path.parent == folder}
    annotated = []
    for path in files.images:
        if path.parent.name.startswith("Segmentation"):
            continue
        mask = masks.pop(path.stem, None)
        regions = None if mask is None else painted_regions(mask, colors)
        annotated.append(Annotated(path, regions, split=splits.get(path.stem)))
    if masks:
        raise FrugalsegError(
            f"{next(iter(masks.values()))}: no image of its name. Add JPEGImages/."
        )
    return Export(named_classes(list(colors)), annotated, colors)


def _folders(files: Files) -> list[Path]:
    parents = {path.parent for path in files.images}
    return sorted(parent for parent in parents if parent.name == MASKS)


def color_map(count: int) -> list[Color]:
    """Return the colors of classes 0, 1 ... of VOC: their bits in turn make red, green and blue.

    Example:
        >>> color_map(3)
        [(0, 0, 0), (128, 0, 0), (0, 128, 0)]
    """
    colors = []
    for number in range(count):
        red, green, blue = (
            sum((number >> (3 * bit + channel) & 1) << (7 - bit) for bit in range(8))
            for channel in range(3)
        )
        colors.append((red, green, blue))
    return colors


def _colors(path: Path) -> dict[str, Color]:
    """Read `name:red,green,blue:parts:actions` lines."""
    if not path.is_file():
        return dict(zip(NAMES, color_map(len(NAMES)), strict=True)) | {"void": VOID}
    colors: dict[str, Color] = {}
    for number, line in enumerate(_lines(path), 1):
        name, _, rest = line.partition(":")
        try:
            red, green, blue = rest.split(":")[0].split(",")
            colors[name] = read_color(red, green, blue)
        except ValueError as error:
            raise FrugalsegError(
                f"{path}, line {number}: expected name:red,green,blue, found {line[:100]!r}."
            ) from error
    return {"background": BLACK} | colors


def _lines(path: Path) -> list[str]:
    lines = read_lines(path) if path.is_file() else []
    return [line for line in lines if line and not line.startswith("#")]


FORMAT = Format(recognize, read)
