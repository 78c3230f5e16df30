"""The section `augment` of a training: random changes to a training image."""

from typing import Annotated

from pydantic import Field

from frugalseg.settings.section import ImageSize, Section, Share


class AffineParams(Section):
    """Random shift (share of the side), scale (+- share) and rotation (+- degrees)."""

    p: Share = 0.5
    shift: Share = 0.0
    scale: Annotated[float, Field(ge=0, lt=1)] = 0.0
    rotate: Annotated[float, Field(ge=0, le=180)] = 0.0


class CropParams(Section):
    """Random crops; a share `foreground` of a batch surrounds a labeled foreground pixel."""

    size: ImageSize
    foreground: Share = 0.5
    jitter: Share = 0.25


class AugmentParams(Section):
    """Random changes to a training image; none by default."""

    hflip: Share = 0.0
    vflip: Share = 0.0
    rot90: bool = False
    affine: AffineParams | None = None
    crop: CropParams | None = None
    brightness: Share = 0.0
    contrast: Share = 0.0
