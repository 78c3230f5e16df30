"""An entry of `training`: losses, optimizer, schedule, batches, augmentation, validation."""

from typing import Annotated, Any, Literal

from pydantic import Field, PositiveFloat, PositiveInt, field_validator

from frugalseg.settings.section import ImageSize, Section, Share


class LossParams(Section):
    """Options of a loss term; `class_weights` begin with the background's."""

    weight: PositiveFloat = 1.0
    gamma: float | None = Field(default=None, ge=0)
    class_weights: tuple[PositiveFloat, ...] | None = Field(default=None, min_length=3)


class WindowParams(Section):
    """A sliding window over whole images; neighbors share `overlap` of their sides."""

    size: ImageSize
    overlap: Annotated[float, Field(ge=0, lt=1)] = 0.5


class WatchParams(Section):
    """How many validation images are predicted during training, at every n-th validation."""

    images: PositiveInt = 2
    every: PositiveInt = 1


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


class TrainingParams(Section):
    """Settings of the training loop.

    `monitor` decides on the best state, the plateau schedule and early stopping: `dice` on
    validation (the likelihood if no class occurs there) or `nll`.
    """

    loss: dict[str, LossParams] = Field(min_length=1)
    optimizer: str = "adamw"
    lr: PositiveFloat
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    schedule: Literal["none", "cosine", "one_cycle", "plateau"] = "none"
    plateau_factor: Annotated[float, Field(gt=0, lt=1)] = 0.5
    plateau_patience: PositiveInt = 4
    min_lr: Annotated[float, Field(ge=0)] = 0.0
    steps: PositiveInt
    batch: PositiveInt
    augment: AugmentParams = AugmentParams()
    normalize: Literal["imagenet", "unit"] = "imagenet"
    validate_every: PositiveInt
    monitor: Literal["dice", "nll"] = "dice"
    validation_patch: ImageSize | None = None
    window: WindowParams | None = None
    early_stopping: PositiveInt | None = None
    watch: WatchParams | None = None
    clip_norm: PositiveFloat | None = None
    amp: bool = True
    threads: PositiveInt = 1

    @field_validator("loss", mode="before")
    @classmethod
    def _list_becomes_mapping(cls, value: Any) -> Any:
        return {name: {} for name in value} if isinstance(value, list) else value
