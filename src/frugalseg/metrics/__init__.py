"""Metrics: pure functions of per-image counts, confusion, calibration, and matched objects."""

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

CALIBRATION_METRICS = {
    "ece_10": "frugalseg.metrics.calibration:ece_10",
    "ece_15": "frugalseg.metrics.calibration:ece_15",
    "foreground_ece": "frugalseg.metrics.calibration:foreground_ece",
    "brier": "frugalseg.metrics.calibration:brier",
    "nll": "frugalseg.metrics.calibration:nll",
    "ece_10_scaled": "frugalseg.metrics.calibration:ece_10_scaled",
    "ece_15_scaled": "frugalseg.metrics.calibration:ece_15_scaled",
    "foreground_ece_scaled": "frugalseg.metrics.calibration:foreground_ece_scaled",
    "brier_scaled": "frugalseg.metrics.calibration:brier_scaled",
    "nll_scaled": "frugalseg.metrics.calibration:nll_scaled",
}

CLASS_METRICS = {
    "miou": "frugalseg.metrics.confusion:miou",
    "miou_foreground": "frugalseg.metrics.confusion:miou_foreground",
    "mdice": "frugalseg.metrics.confusion:mdice",
    "pixel_accuracy": "frugalseg.metrics.confusion:pixel_accuracy",
    "mpa": "frugalseg.metrics.confusion:mpa",
    "dice_coef_multiclass": "frugalseg.metrics.confusion:dice_coef_multiclass",
}

OBJECT_METRICS = {
    "object_f1": "frugalseg.metrics.objects:object_f1",
    "object_dice": "frugalseg.metrics.objects:object_dice",
}
