"""An entry of `models`: a network."""

from typing import Annotated, Any, Literal

from pydantic import Field, NonNegativeInt, PositiveInt, field_validator, model_validator

from frugalseg.settings.section import Section, matching


class FlexUNetParams(Section):
    """Depth, width and layers of the flexible U-Net; see `frugalseg.models.flex_unet`."""

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


class DropoutParams(Section):
    """Dropout with probability `p` in the encoder's last two stages, the decoder or the head."""

    p: Annotated[float, Field(gt=0, lt=1)]
    where: Literal["encoder", "decoder", "head"]


class ModelParams(Section):
    """A network: an architecture over an `encoder`, or the flexible U-Net, which has its own.

    Another `seed` draws other initial weights. The first `frozen_stages` of the encoder keep their
    pretrained weights and batch statistics.
    """

    arch: str
    encoder: str | None = None
    weights: Annotated[
        str,
        matching(
            "imagenet|bundled|none|file:.*",
            "'imagenet', 'bundled', 'none' or 'file:PATH.safetensors'",
        ),
    ] = "imagenet"
    decoder_channels: tuple[PositiveInt, ...] | None = None
    seed: NonNegativeInt = 0
    dropout: DropoutParams | None = None
    frozen_stages: NonNegativeInt = 0
    flex: FlexUNetParams | None = None

    @model_validator(mode="before")
    @classmethod
    def _flex_unet_has_defaults_of_its_own(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("arch") == "flex_unet":
            return {"weights": "none", "flex": {}, **value}
        return value

    @model_validator(mode="after")
    def _fields_fit_the_architecture(self) -> "ModelParams":
        is_flex = self.arch == "flex_unet"
        if is_flex and (self.encoder or self.decoder_channels or self.weights != "none"):
            raise ValueError(
                "flex_unet takes no 'encoder', 'decoder_channels' or 'weights': use 'flex'"
            )
        if not is_flex and (self.encoder is None or self.flex is not None):
            raise ValueError(f"{self.arch} needs an 'encoder' and takes no 'flex'")
        if self.arch == "frozen_head" and self.decoder_channels:
            raise ValueError("frozen_head has no decoder: remove 'decoder_channels'")
        if self.frozen_stages and self.weights == "none":
            raise ValueError(
                "random weights cannot be kept: remove 'frozen_stages' or set 'weights'"
            )
        if self.frozen_stages and self.arch == "frozen_head":
            raise ValueError("frozen_head trains no stage: remove 'frozen_stages'")
        return self
