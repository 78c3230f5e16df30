"""Which way a metric is better."""

LOWER_IS_BETTER = frozenset(
    {
        "brier",
        "brier_scaled",
        "ece_10",
        "ece_10_scaled",
        "ece_15",
        "ece_15_scaled",
        "foreground_ece",
        "foreground_ece_scaled",
        "image_fpr",
        "nll",
        "nll_scaled",
    }
)
"""Metrics of which less is better; of every other metric more is."""
