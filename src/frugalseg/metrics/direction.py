"""Which way a metric is better."""

LOWER_IS_BETTER = frozenset(
    {
        "aurc",
        "brier",
        "brier_scaled",
        "ece",
        "ece_10",
        "ece_10_scaled",
        "ece_15",
        "ece_15_scaled",
        "foreground_brier",
        "foreground_ece",
        "foreground_ece_scaled",
        "hausdorff",
        "hd95",
        "image_fpr",
        "mae",
        "nll",
        "nll_scaled",
    }
)
"""Metrics of which less is better; of every other metric more is."""
