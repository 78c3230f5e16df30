"""An entry of `datasets`: where images come from and how they become a stack."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    PositiveFloat,
    PositiveInt,
    model_validator,
)

from frugalseg.core.errors import FrugalsegError
from frugalseg.settings.mask import MaskParams
from frugalseg.settings.section import ImageSize, Section, Share, matching
from frugalseg.settings.tags import one_group

MOST_PIXELS = 512 * 512
"""Pixels of the largest image that `image_size: auto` chooses: four times 256 x 256."""


def _with_pattern(options: dict[str, Any]) -> dict[str, Any]:
    """Return `options` of a reader if their `pair`, where they have one, has one group."""
    pattern = options.get("pair")
    if pattern is not None:
        try:
            one_group(str(pattern))
        except ValueError as error:
            raise ValueError(f"pair: {error}") from None
    return options


class LimitParams(Section):
    """The most that an archive or an image may hold; larger ones are refused as bombs."""

    entries: PositiveInt = 200_000
    total_bytes: PositiveInt = 68_719_476_736
    ratio: PositiveFloat = 200.0
    pixels: PositiveInt = 200_000_000


class SplitParams(Section):
    """Shares of images: `test` if there is no official test split, `validation` of the rest.

    Trainings with `validation: split` need validation images; the others train with all images.
    """

    test: Share = 0.25
    validation: Share = 0.0
    leaks: Literal["keep", "drop", "fail"] = "keep"


class TileParams(Section):
    """Tiles of `image_size`; see `frugalseg.ingest.tiles.cut`.

    Before cutting, an image is shrunk by `scale` or resized to `resize` (height, width), which
    need not keep its aspect ratio.
    """

    overlap: Annotated[float, Field(ge=0, lt=1)] = 0.0
    scale: Annotated[float, Field(gt=0, le=1)] = 1.0
    resize: tuple[PositiveInt, PositiveInt] | None = None

    @model_validator(mode="after")
    def _has_one_size(self) -> "TileParams":
        if self.resize is not None and self.scale != 1:
            raise ValueError("give 'scale' (which keeps the aspect ratio) or 'resize', not both")
        return self


class DuplicateParams(Section):
    """Largest distance of near-duplicates: differing bits of 256; null compares pixels only."""

    distance: Annotated[int, Field(ge=0, le=128)] | None = 32


class DataSetParams(Section):
    """Where a data set comes from and how it becomes a stack of images of one size.

    `image_size: auto` is a size that stage `prepare` chooses; see `frugalseg.ingest.image_size`.
    """

    source: str
    reader: str
    sha256: Annotated[str, matching("[0-9a-f]{64}", "64 hex digits in lower case")] | None = None
    md5: Annotated[str, matching("[0-9a-f]{32}", "32 hex digits in lower case")] | None = None
    scene: dict[str, Any] = {}
    classes: tuple[str, ...] | None = None
    options: Annotated[dict[str, Any], AfterValidator(_with_pattern)] = {}
    image_size: ImageSize | Literal["auto"]
    channels: Literal[1, 3] = 3
    fit: Literal["stretch", "pad"] = "stretch"
    tile: TileParams | None = None
    mask: MaskParams = MaskParams()
    split: SplitParams = SplitParams()
    limits: LimitParams = LimitParams()
    duplicates: DuplicateParams = DuplicateParams()
    patch: ImageSize | None = None
    origin: Annotated[str, AfterValidator(one_group)] | None = None

    @model_validator(mode="after")
    def _has_tile_or_fit(self) -> "DataSetParams":
        if self.tile is not None and self.image_size == "auto":
            raise ValueError("'image_size: auto' is for whole images: give the size of a tile")
        if self.tile is not None and "fit" in self.model_fields_set:
            raise ValueError("tiles are not fitted to a size: give 'tile' or 'fit', not both")
        return self

    @property
    def size(self) -> tuple[int, int]:
        """Return the height and width of the stack.

        Raises:
            FrugalsegError: they have yet to be chosen.
        """
        if self.image_size == "auto":
            raise FrugalsegError(
                "datasets.<name>.image_size: 'auto' is a size that rule 'prepare' chooses, and "
                "none was chosen. Set a height and width, or run the whole workflow."
            )
        return self.image_size

    def of_size(self, size: tuple[int, int]) -> "DataSetParams":
        """Return the same data set at this height and width."""
        return self.model_copy(update={"image_size": size})
