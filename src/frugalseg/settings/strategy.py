"""What single strategies can be told in `params.yaml`, as an arm's section of their name."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, model_validator

from frugalseg.settings.section import Section, Share


class BlurParams(Section):
    """A blur, drawn with probability `p`: half Gaussian, half motion.

    `sigma`: smallest and largest standard deviation of the Gaussian, in pixels. `motion`: longest
    path of a motion, in pixels; a path is at least 3 long.
    """

    p: Share = 0.5
    sigma: tuple[PositiveFloat, PositiveFloat] = (0.5, 2.0)
    motion: Annotated[int, Field(ge=3)] = 9

    @model_validator(mode="after")
    def _sigma_is_a_range(self) -> "BlurParams":
        if self.sigma[0] > self.sigma[1]:
            raise ValueError("sigma: expected [smallest, largest]")
        return self


class UnlabeledParams(Section):
    """The unlabeled batches of a strategy that learns from them, and their strong view.

    `batch` is by default the labeled batch's. Their geometry is that of the training section. Only
    the strong view is blurred and changed: `brightness` and `contrast` by at most that share,
    `noise` is the standard deviation of Gaussian noise as a share of the full range, `cutmix` the
    probability of a CutMix box.
    """

    batch: PositiveInt | None = None
    blur: BlurParams = BlurParams()
    brightness: Share = 0.0
    contrast: Share = 0.0
    noise: Share = 0.0
    cutmix: Share = 0.0


class MeanTeacherParams(Section):
    """Mean Teacher; see `frugalseg.strategies.mean_teacher`."""

    ema_decay: Annotated[float, Field(ge=0, lt=1)] = 0.99
    consistency_weight: PositiveFloat = 1.0
    rampup: Literal["sigmoid", "cosine", "linear"] = "sigmoid"
    rampup_steps: NonNegativeInt = 100
    frozen_stages: NonNegativeInt = 0
    keep: Literal["teacher", "student"] = "teacher"


class FixMatchParams(Section):
    """FixMatch and UniMatch; see `frugalseg.strategies.fixmatch`.

    `threshold`: the confidence from which a pseudo-label counts, or `adaptive`: one of each class,
    which grows with the model's confidence (`frugalseg.strategies.adaptive_threshold`), its running
    means keeping a share `threshold_momentum` at each step.
    """

    threshold: Annotated[float, Field(ge=0, lt=1)] | Literal["adaptive"] = 0.95
    threshold_momentum: Annotated[float, Field(ge=0, lt=1)] = 0.9
    weight: PositiveFloat = 1.0
    unimatch: bool = False
    feature_dropout: Annotated[float, Field(ge=0, lt=1)] = 0.5


OPTIONS: dict[str, type[Section]] = {"mean_teacher": MeanTeacherParams, "fixmatch": FixMatchParams}
"""The section of each strategy that has options; it is an arm's key of the same name."""

UNLABELED = frozenset({"mean_teacher", "fixmatch"})
"""The strategies that learn from unlabeled images, whether or not their arm says how."""

LABELED_ONLY = frozenset({"supervised", "weak"})
"""The strategies that never see unlabeled images."""
