"""An entry of `training`: losses, optimizer, schedule, batches, augmentation, validation."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, PositiveFloat, PositiveInt, field_validator, model_validator

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


class Flip(StrEnum):
    """A flip of an image: left to right, or upside down."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


class HoldoutParams(Section):
    """Validation on a share of the labeled images, which then do not train."""

    share: Annotated[float, Field(gt=0, lt=1)]


class CrossParams(Section):
    """The threshold from models of `folds` folds of the labels; the model that is kept sees all."""

    folds: Annotated[int, Field(ge=2)] = 5


Validation = Literal["split", "none"] | HoldoutParams | CrossParams


class TrainingParams(Section):
    """Settings of the training loop.

    `validation` says which labels choose the best state and the threshold: those of the split's
    part `val`, which every arm buys; `none`, so that all labels train, the last state is kept and
    the threshold is .5; a `share` of those bought; or `cross`, which trains a model a fold for the
    threshold and keeps the last state of one that is trained on all labels.

    `ema_decay` validates and keeps the moving average of the weights, not the weights of a step.
    `tta: flips` averages the predictions of the finished model over the flips that it was trained
    with (`augment.hflip`, `augment.vflip`).

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
    validation: Validation = "split"
    validate_every: PositiveInt
    monitor: Literal["dice", "nll"] = "dice"
    validation_patch: ImageSize | None = None
    window: WindowParams | None = None
    ema_decay: Annotated[float, Field(ge=0, lt=1)] | None = None
    tta: Literal["flips", "none"] = "none"
    early_stopping: PositiveInt | None = None
    watch: WatchParams | None = None
    clip_norm: PositiveFloat | None = None
    amp: bool = True
    threads: PositiveInt = 1

    @field_validator("loss", mode="before")
    @classmethod
    def _list_becomes_mapping(cls, value: Any) -> Any:
        return {name: {} for name in value} if isinstance(value, list) else value

    @field_validator("validation", mode="before")
    @classmethod
    def _cross_has_defaults(cls, value: Any) -> Any:
        return {"folds": CrossParams().folds} if value == "cross" else value

    @property
    def validates(self) -> bool:
        """Return whether states are compared while training."""
        return self.validation == "split" or isinstance(self.validation, HoldoutParams)

    @property
    def flips(self) -> list[Flip]:
        """Return the flips over which the finished model's predictions are averaged."""
        used = {Flip.HORIZONTAL: self.augment.hflip, Flip.VERTICAL: self.augment.vflip}
        return [flip for flip, share in used.items() if share and self.tta == "flips"]

    @model_validator(mode="after")
    def _states_are_compared(self) -> "TrainingParams":
        needed = {
            "early_stopping": self.early_stopping is not None,
            "watch": self.watch is not None,
            "schedule: plateau": self.schedule == "plateau",
        }
        used = [name for name, is_used in needed.items() if is_used]
        if used and not self.validates:
            raise ValueError(
                f"{', '.join(used)} needs a validation while training: set 'validation' to "
                "'split' or to a share such as {share: 0.3}"
            )
        return self
