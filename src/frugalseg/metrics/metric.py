"""The registry of metrics: what computes each, from what, its label, note and direction.

The registry is not in `__init__`, which code digests leave out: a changed direction or label must
rerun the statistics and pages that use it.
"""

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["counts", "calibration", "scaled calibration", "confusion", "objects"]


@dataclass(frozen=True)
class Metric:
    """One metric.

    Attributes:
        function: `module:name` of a pure function to a float, NaN where the metric is not defined.
        kind: what the function takes: `Counts`, the `histograms` of `calibration` (`scaled`: after
            temperature scaling), a `confusion` or `Objects`.
        label: the name in figures and tables.
        note: what it measures, in half a sentence; "lower is better" is added where it holds.
        better: the direction that claims, rankings and advice go by.

    Example: a function of counts, and its record.

        >>> import numpy as np
        >>> from frugalseg.metrics.counts import Counts
        >>> def miss_rate(counts: Counts) -> float:
        ...     return float(counts.fn.sum() / (counts.tp + counts.fn).sum())
        >>> miss_rate(Counts(*np.array([[3], [0], [1], [6]])))
        0.25
        >>> record = Metric(
        ...     "frugalseg.metrics.overlap:miss_rate",
        ...     "counts", "Miss rate", "share of the defect pixels that were missed", "lower",
        ... )
    """

    function: str
    kind: Kind
    label: str
    note: str
    better: Literal["higher", "lower"] = "higher"


_CALIBRATION = {
    "ece_10": Metric(
        "frugalseg.metrics.calibration:ece_10", "calibration", "ECE, 10 bins",
        "mean gap between confidence and accuracy, 10 bins", "lower",
    ),
    "ece_15": Metric(
        "frugalseg.metrics.calibration:ece_15", "calibration", "ECE, 15 bins",
        "mean gap between confidence and accuracy, 15 bins", "lower",
    ),
    "foreground_ece": Metric(
        "frugalseg.metrics.calibration:foreground_ece", "calibration", "Foreground ECE",
        "mean gap between the foreground's probability and its share", "lower",
    ),
    "brier": Metric(
        "frugalseg.metrics.calibration:brier", "calibration", "Brier score",
        "squared error of the probabilities, summed over classes, 0 to 2", "lower",
    ),
    "nll": Metric(
        "frugalseg.metrics.calibration:nll", "calibration", "NLL",
        "negative log-likelihood of a pixel's true class, nats", "lower",
    ),
}  # fmt: skip


def _scaled(metric: Metric) -> Metric:
    """Return the same metric after temperature scaling."""
    note = f"{metric.note}; after temperature scaling"
    return replace(metric, kind="scaled calibration", label=f"{metric.label}, tempered", note=note)


METRICS = {
    "dice": Metric(
        "frugalseg.metrics.overlap:dice", "counts", "Dice",
        "mean over the test images that hold a defect; images without one are left out",
    ),
    "dice_pooled": Metric(
        "frugalseg.metrics.counts:pooled_dice", "counts", "Dice, pooled",
        "all test pixels counted together",
    ),
    "dice_empty_one": Metric(
        "frugalseg.metrics.overlap:dice_empty_one", "counts", "Dice, empty = 1",
        "mean over all test images; nothing there and nothing found counts as 1",
    ),
    "dice_empty_undefined": Metric(
        "frugalseg.metrics.overlap:dice_empty_undefined", "counts", "Dice, empty undefined",
        "mean over the test images where something is there or was found",
    ),
    "iou": Metric(
        "frugalseg.metrics.overlap:iou", "counts", "IoU",
        "mean over the test images that hold a defect",
    ),
    "iou_pooled": Metric(
        "frugalseg.metrics.overlap:iou_pooled", "counts", "IoU, pooled",
        "all test pixels counted together",
    ),
    "accuracy": Metric(
        "frugalseg.metrics.overlap:accuracy", "counts", "Accuracy",
        "share of all pixels that are right; high for predicting nothing at all",
    ),
    "precision": Metric(
        "frugalseg.metrics.overlap:precision", "counts", "Precision",
        "share of the found pixels that are defect",
    ),
    "recall": Metric(
        "frugalseg.metrics.overlap:recall", "counts", "Recall",
        "share of the defect pixels that were found",
    ),
    "image_fpr": Metric(
        "frugalseg.metrics.overlap:image_fpr", "counts", "Image false-positive rate",
        "share of the defect-free images in which something was found", "lower",
    ),
    "object_f1": Metric(
        "frugalseg.metrics.objects:object_f1", "objects", "Object F1",
        "F1 of connected components; found if half of it is covered",
    ),
    "object_dice": Metric(
        "frugalseg.metrics.objects:object_dice", "objects", "Object Dice",
        "Dice of connected components with what overlaps them most, weighted by area",
    ),
    "miou": Metric(
        "frugalseg.metrics.confusion:miou", "confusion", "mIoU with background",
        "mean over background and classes; all test pixels counted together",
    ),
    "miou_foreground": Metric(
        "frugalseg.metrics.confusion:miou_foreground", "confusion", "mIoU without background",
        "mean over classes; all test pixels counted together",
    ),
    "mdice": Metric(
        "frugalseg.metrics.confusion:mdice", "confusion", "Mean Dice with background",
        "mean over background and classes; all test pixels counted together",
    ),
    "pixel_accuracy": Metric(
        "frugalseg.metrics.confusion:pixel_accuracy", "confusion", "Pixel accuracy",
        "share of the pixels whose class was found; high for predicting nothing",
    ),
    "mpa": Metric(
        "frugalseg.metrics.confusion:mpa", "confusion", "Mean pixel accuracy (MPA)",
        "mean over background and classes of the share of their pixels that was found",
    ),
    "dice_coef_multiclass": Metric(
        "frugalseg.metrics.confusion:dice_coef_multiclass", "confusion", "dice_coef_multiclass",
        "soft Dice with the background pooled in, as reference study 5 has it: the mean "
        "probability of a pixel's true class, and no mean over classes",
    ),
    **_CALIBRATION,
    **{f"{name}_scaled": _scaled(metric) for name, metric in _CALIBRATION.items()},
}  # fmt: skip
"""Every metric by its name in `params.yaml` and `scores.csv`, in the order of tables."""

FUNCTIONS = {name: metric.function for name, metric in METRICS.items()}
LOWER_IS_BETTER = frozenset(name for name, metric in METRICS.items() if metric.better == "lower")
