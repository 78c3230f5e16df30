"""Metrics: pure functions of per-image counts."""

METRICS = {
    "dice": "frugalseg.metrics.overlap:dice",
    "dice_pooled": "frugalseg.metrics.counts:pooled_dice",
    "dice_empty_one": "frugalseg.metrics.overlap:dice_empty_one",
    "dice_empty_undefined": "frugalseg.metrics.overlap:dice_empty_undefined",
    "iou": "frugalseg.metrics.overlap:iou",
    "iou_pooled": "frugalseg.metrics.overlap:iou_pooled",
    "accuracy": "frugalseg.metrics.overlap:accuracy",
    "precision": "frugalseg.metrics.overlap:precision",
    "recall": "frugalseg.metrics.overlap:recall",
    "image_fpr": "frugalseg.metrics.overlap:image_fpr",
}
