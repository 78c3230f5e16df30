"""The section `datasets` of `params.yaml`: where images come from, and how they become a stack."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PositiveFloat, PositiveInt, model_validator

from frugalseg.settings.section import ImageSize, Section, Share
from frugalseg.settings.tags import one_group


class LimitParams(Section):
    """What an archive or an image may hold before it is refused as a bomb."""

    entries: PositiveInt = 200_000
    total_bytes: PositiveInt = 68_719_476_736
    ratio: PositiveFloat = 200.0
    pixels: PositiveInt = 200_000_000


class MaskParams(Section):
    """How a mask on disk becomes classes; see `frugalseg.ingest.mask.masks`."""

    method: str | None = None
    threshold: float | None = None
    value: int | None = None
    colors: dict[str, tuple[int, int, int]] | None = None


class SplitParams(Section):
    """Shares of images: `test` where no official test split exists, `validation` of the rest."""

    test: Share = 0.25
    validation: Share = 0.15
    leaks: Literal["keep", "drop", "fail"] = "keep"


class TileParams(Section):
    """Tiles of `image_size` at native scale; see `frugalseg.ingest.tiles.Tiling`.

    `scale` shrinks both sides alike before cutting; `resize` (height, width) does not ask for the
    aspect ratio.
    """

    overlap: Annotated[float, Field(ge=0, lt=1)] = 0.0
    scale: Annotated[float, Field(gt=0, le=1)] = 1.0
    resize: tuple[PositiveInt, PositiveInt] | None = None

    @model_validator(mode="after")
    def _one_size(self) -> "TileParams":
        if self.resize is not None and self.scale != 1:
            raise ValueError("give 'scale' (which keeps the aspect ratio) or 'resize', not both")
        return self


class DuplicateParams(Section):
    """Bits, of 256, up to which two perceptual hashes are near; null finds equal pixels only."""

    distance: Annotated[int, Field(ge=0, le=128)] | None = 32


class DataSetParams(Section):
    """Where a data set comes from and how it becomes a stack of images of one size."""

    source: str
    reader: str
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    md5: str | None = Field(default=None, pattern=r"^[0-9a-f]{32}$")
    scene: dict[str, Any] = {}
    classes: tuple[str, ...] | None = None
    options: dict[str, Any] = {}
    image_size: ImageSize
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
    def _tiles_are_not_fitted(self) -> "DataSetParams":
        if self.tile is not None and "fit" in self.model_fields_set:
            raise ValueError("tiles are cut and not fitted: give 'tile' or 'fit', not both")
        return self
