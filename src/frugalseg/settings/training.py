"""An entry of `training`: losses, optimizer, schedule, batches, augmentation, validation."""

from enum import StrEnum
from math import ceil
from typing import Annotated, Any, Literal

from pydantic import Field, PositiveFloat, PositiveInt, field_validator, model_validator

from frugalseg.core.errors import FrugalsegError
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


class Flip(StrEnum):
    """A flip of an image: left to right, or upside down."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


class AugmentParams(Section):
    """Random changes to a training image; none by default."""

    hflip: Share = 0.0
    vflip: Share = 0.0
    rot90: bool = False
    affine: AffineParams | None = None
    crop: CropParams | None = None
    brightness: Share = 0.0
    contrast: Share = 0.0

    @property
    def flips(self) -> list[Flip]:
        """Return the flips that images may undergo."""
        used = {Flip.HORIZONTAL: self.hflip, Flip.VERTICAL: self.vflip}
        return [flip for flip, share in used.items() if share]


STEP_PIXELS = 8 * 128 * 128
"""Pixels of the labeled images of a step with `batch: auto`."""
MOST_IMAGES = 16
"""Most images of a batch with `batch: auto`."""


class HoldoutParams(Section):
    """Validation on a share of the labeled images, which then do not train."""

    share: Annotated[float, Field(gt=0, lt=1)]


class CrossParams(Section):
    """The threshold from models of `folds` folds of the labels; the model that is kept sees all."""

    folds: Annotated[int, Field(ge=2)] = 5


class LengthParams(Section):
    """How `steps: auto` finds a length; see `frugalseg.training.length`.

    Attributes:
        start: steps of the first training, which is doubled.
        most: steps of the longest training that is tried.
        gain: doubling goes on while it raises the validation score by this much, or while the loss
            of the shorter training was still falling when it ended.
    """

    start: PositiveInt = 100
    most: PositiveInt = 6400
    gain: Annotated[float, Field(gt=0, lt=1)] = 0.01

    @model_validator(mode="after")
    def _can_double(self) -> "LengthParams":
        if self.most < 2 * self.start:
            raise ValueError("expected 'most' to be at least twice 'start'")
        return self


Validation = Literal["split", "none"] | HoldoutParams | CrossParams


class TrainingParams(Section):
    """Settings of the training loop.

    `validation` says which labels choose the best state and the threshold: `none`, so that all
    labels train, the last state is kept and the threshold is .5; `split` for those of the split's
    part `val`, which every arm buys; a `share` of those bought; or `cross`, which trains a model a
    fold for the threshold and keeps the last state of one that is trained on all labels.

    `ema_decay` validates and keeps the moving average of the weights, not the weights of a step.
    `tta: flips` averages the predictions of the finished model over the flips that it was trained
    with (`augment.hflip`, `augment.vflip`); `none` turns that off.

    `monitor` decides on the best state, the plateau schedule and early stopping: `dice` on
    validation (the likelihood if no class occurs there) or `nll`.

    `batch: auto` takes as many images as `batch_size` says.

    `steps: auto` chooses the number of steps on validation (`LengthParams`). `validate_every: auto`
    validates four times, evenly.
    """

    loss: dict[str, LossParams] = Field(min_length=1)
    optimizer: str = "adamw"
    lr: PositiveFloat
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    schedule: Literal["none", "cosine", "one_cycle", "plateau"] = "none"
    plateau_factor: Annotated[float, Field(gt=0, lt=1)] = 0.5
    plateau_patience: PositiveInt = 4
    min_lr: Annotated[float, Field(ge=0)] = 0.0
    steps: PositiveInt | LengthParams
    batch: PositiveInt | Literal["auto"]
    augment: AugmentParams = AugmentParams()
    normalize: Literal["imagenet", "unit"] = "imagenet"
    validation: Validation = "none"
    validate_every: PositiveInt | Literal["auto"] = "auto"
    monitor: Literal["dice", "nll"] = "dice"
    validation_patch: ImageSize | None = None
    window: WindowParams | None = None
    ema_decay: Annotated[float, Field(ge=0, lt=1)] | None = None
    tta: Literal["flips", "none"] = "flips"
    early_stopping: PositiveInt | None = None
    watch: WatchParams | None = None
    clip_norm: PositiveFloat | None = None
    amp: bool = True
    threads: PositiveInt = 1

    @field_validator("loss", mode="before")
    @classmethod
    def _list_becomes_mapping(cls, value: Any) -> Any:
        return {name: {} for name in value} if isinstance(value, list) else value

    @field_validator("steps", mode="before")
    @classmethod
    def _auto_has_defaults(cls, value: Any) -> Any:
        return {} if value == "auto" else value

    @field_validator("validation", mode="before")
    @classmethod
    def _cross_has_defaults(cls, value: Any) -> Any:
        return {"folds": CrossParams().folds} if value == "cross" else value

    @property
    def length(self) -> int:
        """Return the number of steps.

        Raises:
            FrugalsegError: it has yet to be chosen.
        """
        if isinstance(self.steps, LengthParams):
            raise FrugalsegError(
                "training.<name>.steps: 'auto' is a length that rule 'length' chooses, and this "
                "training was given none. Set a number of steps, or run the whole workflow."
            )
        return self.steps

    def batch_size(self, image_size: tuple[int, int]) -> int:
        """Return the number of labeled images of a step.

        `batch: auto` keeps the pixels of a step about the same: `STEP_PIXELS`, with 2 to
        `MOST_IMAGES` images. As in nnU-Net (Isensee et al. 2021), images come before batches:
        what they need is chosen first, and the batch takes what is left. It does not depend on
        labels, so that it is one number for all arms, nor on the machine.

        Args:
            image_size: height and width of the stack; crops, if there are any, count instead.
        """
        if self.batch != "auto":
            return self.batch
        crop = self.augment.crop
        height, width = image_size if crop is None else crop.size
        return min(max(STEP_PIXELS // (height * width), 2), MOST_IMAGES)

    @property
    def interval(self) -> int:
        """Return the number of steps from one validation to the next."""
        return ceil(self.length / 4) if self.validate_every == "auto" else self.validate_every

    def of_length(self, steps: int) -> "TrainingParams":
        """Return the same training with this number of steps."""
        return self.model_copy(update={"steps": steps})

    @property
    def validates(self) -> bool:
        """Return whether states are compared while training."""
        return self.validation == "split" or isinstance(self.validation, HoldoutParams)

    @property
    def flips(self) -> list[Flip]:
        """Return the flips over which the finished model's predictions are averaged."""
        return self.augment.flips if self.tta == "flips" else []

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
