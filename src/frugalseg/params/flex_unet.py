"""The settings of the project's own U-Net in `params.yaml`."""

from typing import Annotated, Literal

from pydantic import Field, PositiveInt, field_validator

from frugalseg.params.types import Section


class FlexUNetParams(Section):
    """Depth, width and make of the flexible U-Net; see `frugalseg.models.flex_unet`."""

    levels: Annotated[int, Field(ge=2, le=8)] = 5
    filters: PositiveInt = 64
    kernels: tuple[PositiveInt, ...] = Field(default=(3,), min_length=1)
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    dilation: PositiveInt = 1
    norm: Literal["none", "batch", "instance"] = "none"
    upsampling: Literal["bilinear", "transposed"] = "bilinear"

    @field_validator("kernels")
    @classmethod
    def _kernels_are_odd(cls, kernels: tuple[int, ...]) -> tuple[int, ...]:
        if any(side % 2 == 0 for side in kernels):
            raise ValueError("expected odd sides, so that a convolution keeps the image's size")
        return kernels
