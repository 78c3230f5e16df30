"""Names and numbers as people read them."""

import math
from collections.abc import Mapping

METRIC_LABELS: Mapping[str, str] = {
    "dice": "Dice",
    "dice_pooled": "Dice, pooled",
    "dice_empty_one": "Dice, empty = 1",
    "dice_empty_undefined": "Dice, empty undefined",
    "iou": "IoU",
    "iou_pooled": "IoU, pooled",
    "precision": "Precision",
    "recall": "Recall",
    "accuracy": "Accuracy",
    "image_fpr": "Image false-positive rate",
    "object_f1": "Object F1",
    "object_dice": "Object Dice",
    "miou": "mIoU with background",
    "miou_foreground": "mIoU without background",
    "mdice": "Mean Dice with background",
    "pixel_accuracy": "Pixel accuracy",
    "mpa": "Mean pixel accuracy (MPA)",
    "dice_coef_multiclass": "dice_coef_multiclass",
    "ece_15": "ECE, 15 bins",
    "ece_15_scaled": "ECE, 15 bins, tempered",
    "ece_10": "ECE, 10 bins",
    "ece_10_scaled": "ECE, 10 bins, tempered",
    "foreground_ece": "Foreground ECE",
    "foreground_ece_scaled": "Foreground ECE, tempered",
    "brier": "Brier score",
    "brier_scaled": "Brier score, tempered",
    "nll": "NLL",
    "nll_scaled": "NLL, tempered",
}

METRIC_NOTES: Mapping[str, str] = {
    "dice": "mean over the test images that hold a defect; images without one are left out",
    "dice_pooled": "all test pixels counted together",
    "dice_empty_one": "mean over all test images; nothing there and nothing found counts as 1",
    "dice_empty_undefined": "mean over the test images where something is there or was found",
    "iou": "mean over the test images that hold a defect",
    "iou_pooled": "all test pixels counted together",
    "precision": "share of the found pixels that are defect",
    "recall": "share of the defect pixels that were found",
    "accuracy": "share of all pixels that are right; high for predicting nothing at all",
    "image_fpr": "share of the defect-free images in which something was found; lower is better",
    "object_f1": "F1 of connected components; found if half of it is covered",
    "object_dice": "Dice of connected components with what overlaps them most, weighted by area",
    "miou": "mean over background and classes; all test pixels counted together",
    "miou_foreground": "mean over classes; all test pixels counted together",
    "mdice": "mean over background and classes; all test pixels counted together",
    "pixel_accuracy": "share of the pixels whose class was found; high for predicting nothing",
    "mpa": "mean over background and classes of the share of their pixels that was found",
    "dice_coef_multiclass": (
        "soft Dice with the background pooled in, as reference study 5 has it: the mean "
        "probability of a pixel's true class, and no mean over classes"
    ),
    **{
        f"{metric}{ending}": f"{note}; {after}lower is better"
        for ending, after in (("", ""), ("_scaled", "after temperature scaling; "))
        for metric, note in {
            "ece_15": "mean gap between confidence and accuracy, 15 bins",
            "ece_10": "mean gap between confidence and accuracy, 10 bins",
            "foreground_ece": "mean gap between the foreground's probability and its share",
            "brier": "squared error of the probabilities, summed over classes, 0 to 2",
            "nll": "negative log-likelihood of a pixel's true class, nats",
        }.items()
    },
}

_GLYPHS: Mapping[str, str] = {
    "shown": "✔",
    "shown not to be worse than the margin": "✔",
    "shown to differ by less than the margin": "✔",
    "the opposite is shown": "✘",
    "not shown": "○",
    "cannot be shown with this many seeds": "○",
}


def verdict_glyph(verdict: str) -> str:
    """Return a sign for the verdict, for the quick look; the words stand beside it."""
    return _GLYPHS.get(verdict, "·")


def metric_label(metric: str) -> str:
    """Return the metric's name in words; an unknown one as it is."""
    return METRIC_LABELS.get(metric, metric.replace("_", " "))


def missing(value: object) -> bool:
    """Return whether a cell holds nothing."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def score(value: object) -> str:
    """Write a score with two decimals more than its first: 0.6123 -> 0.612; nothing -> a dash."""
    return "–" if missing(value) else f"{float(str(value)):.3f}"


def readable(value: object) -> str:
    """Write any number short enough to read; whole ones in full."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def plural(number: int, noun: str) -> str:
    """Return `1 arm`, `2 arms`."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def signed(value: float) -> str:
    """Write a difference with its sign; a true minus, so that columns line up."""
    return "–" if missing(value) else f"{value:+.3f}".replace("-", "−")


def interval(low: float, high: float, *, sign: bool = False) -> str:
    """Write an interval as [low, high], or nothing where it is not defined."""
    if missing(low) or missing(high):
        return ""
    write = signed if sign else score
    return f"[{write(low)}, {write(high)}]"


def p_value(value: float) -> str:
    """Write a p-value the way journals do."""
    if missing(value):
        return "–"
    return "<\u00a00.001" if value < 0.001 else f"{value:.3f}"


def p_is(value: float) -> str:
    """Write a p-value with its sign, for a sentence: `p = 0.012`, `p < 0.001`."""
    text = p_value(value)
    return f"p {text}" if text.startswith("<") else f"p = {text}"


def percent(share: float) -> str:
    """Write a share as a percentage: no decimals from 10 % on, one below."""
    if missing(share):
        return "–"
    return f"{share:.0%}" if share >= 0.0995 or share == 0 else f"{share:.1%}"


def count(number: float) -> str:
    """Write a count, averaged over seeds or not: 48, 48.4, 12,000."""
    if missing(number):
        return "–"
    whole = abs(number - round(number)) < 0.05 or abs(number) >= 100
    return f"{number:,.0f}" if whole else f"{number:,.1f}"


def duration(seconds: float) -> str:
    """Write a duration in the unit a person would use."""
    if missing(seconds):
        return "–"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def shorten(text: str, length: int = 18) -> str:
    """Cut a long name for a figure; the full one stands in the caption and the table."""
    return text if len(text) <= length else text[: length - 1] + "…"
