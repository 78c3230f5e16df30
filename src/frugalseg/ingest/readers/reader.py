"""What all readers share: their facts, their options, and reading one item's pixels."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.decode import MAX_PIXELS, Palette
from frugalseg.ingest.images import PERCENTILES, read_image
from frugalseg.ingest.mask.masks import read_mask
from frugalseg.ingest.pairing import Pairs, image_ids
from frugalseg.ingest.sample import Item, Sample


@dataclass(frozen=True)
class Reader:
    """A data set reader; its fields are the options that `params.yaml` may give it.

    Attributes:
        mask_method, mask_options: how its raw masks become classes unless params say otherwise,
            see `frugalseg.ingest.mask.masks.fit`.
        mask_variable: the matrix of a `.mat` file that is the mask.
        archive_url, archive_md5, archive_sha256: its archive, as far as public and known: a
            `source` for `params.yaml`, and the checksums of what it leads to.
        classes: names of the foreground classes.
        max_pixels: pixels above which an image or mask is refused unread.
        percentiles, value_range: how images deeper than 8 bits are scaled, see `read_image`.
        palette: whether palette masks are read as indices or as colors.
    """

    name: ClassVar[str]
    license: ClassVar[str]
    citation: ClassVar[str]
    homepage: ClassVar[str]
    archive_url: ClassVar[str | None] = None
    archive_md5: ClassVar[str | None] = None
    archive_sha256: ClassVar[str | None] = None
    mask_method: ClassVar[str] = "otsu"
    mask_options: ClassVar[Mapping[str, Any]] = {}
    mask_variable: ClassVar[str | None] = None

    classes: tuple[str, ...] = ("defect",)
    max_pixels: int = MAX_PIXELS
    percentiles: tuple[float, float] = PERCENTILES
    value_range: tuple[float, float] | None = None
    palette: Palette = "index"

    def items(self, root: Path) -> list[Item]:
        """List the images below `root`; see `DataSet.items`."""
        raise NotImplementedError

    def load(self, item: Item, mask: NDArray[Any] | None = None) -> Sample:
        """Read one item's image and raw mask; safe to call from threads.

        Args:
            mask: the item's raw mask, if it was read before.

        Raises:
            FrugalsegError: naming the file that cannot be read, or both where their sizes differ.
        """
        image = read_image(
            item.image,
            max_pixels=self.max_pixels,
            percentiles=self.percentiles,
            value_range=self.value_range,
        )
        mask = self.load_mask(item) if mask is None else mask
        if mask is not None and mask.shape[:2] != image.shape[:2]:
            raise FrugalsegError(
                f"{item.mask}: a mask of {mask.shape[0]} x {mask.shape[1]} pixels (height x "
                f"width) for {item.image} of {image.shape[0]} x {image.shape[1]}. "
                "Give the mask the size of its image."
            )
        return Sample(item.image_id, image, mask, item.split, item.group, item.image_label)

    def load_mask(self, item: Item) -> NDArray[Any] | None:
        """Read one item's raw mask alone; safe to call from threads, see `load`."""
        if item.mask is None:
            return None
        return read_mask(
            item.mask,
            max_pixels=self.max_pixels,
            palette=self.palette,
            variable=self.mask_variable,
        )


def make_items(pairs: Pairs, prefix: str = "", split: str | None = None) -> list[Item]:
    """Return an item for each (image, mask); its id is `prefix` and the image's stem."""
    ids = image_ids(f"{prefix}{image.stem}" for image, _ in pairs)
    return [
        Item(image_id, image, mask, split)
        for image_id, (image, mask) in zip(ids, pairs, strict=True)
    ]
