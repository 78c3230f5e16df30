"""Options of single strategies: sections of an arm that are named after the strategy."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt

from frugalseg.settings.section import Range, Section, Share


class BlurParams(Section):
    """A blur with probability `p`: half of the time Gaussian, half of the time motion.

    `sigma` is the range of the Gaussian's standard deviation, in pixels; `motion` the longest path
    of a motion, in pixels. A path is at least 3 pixels long.
    """

    p: Share = 0.5
    sigma: Range = (0.5, 2.0)
    motion: Annotated[int, Field(ge=3)] = 9


class UnlabeledParams(Section):
    """Batches of unlabeled images and their strong view.

    `batch` defaults to the size of the labeled batch. The strong view alone is blurred and changed:
    `brightness` and `contrast` by at most that share, `noise` by Gaussian noise with that standard
    deviation (a share of the full range), `cutmix` by a CutMix box with that probability. Flips,
    rotations and crops are those of the training section.
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


class FrozenParams(Section):
    """The head of `frozen`; see `frugalseg.strategies.frozen`.

    `penalty` weighs the squares of the head's weights, `iterations` are those of L-BFGS, and
    `pixels` is the number of labeled pixels that are drawn for the fit, from mirror images too.
    """

    penalty: Annotated[float, Field(ge=0)] = 0.03
    iterations: PositiveInt = 30
    pixels: PositiveInt = 40_000


OPTIONS: dict[str, type[Section]] = {
    "mean_teacher": MeanTeacherParams,
    "fixmatch": FixMatchParams,
    "frozen": FrozenParams,
}
"""The section of each strategy that has options of its own."""

UNLABELED = frozenset({"mean_teacher", "fixmatch"})
"""The strategies that learn from unlabeled images."""

LABELED_ONLY = frozenset({"supervised", "weak", "frozen"})
"""The strategies that never see unlabeled images."""

DIRECT = frozenset({"frozen"})
"""The strategies that fit at once: without steps, batches, an optimizer or augmentation."""
