"""Acquisition: how labels are chosen. Arrays and tables in, a choice out."""

ACQUISITIONS = {
    "random": "frugalseg.acquisition.random:RANDOM",
    "foreground_random": "frugalseg.acquisition.foreground_random:FOREGROUND_RANDOM",
    "predicted_foreground_random": (
        "frugalseg.acquisition.foreground_random:PREDICTED_FOREGROUND_RANDOM"
    ),
    "entropy": "frugalseg.acquisition.entropy:ENTROPY",
    "variation_ratio": "frugalseg.acquisition.variation_ratio:VARIATION_RATIO",
    "margin": "frugalseg.acquisition.margin:MARGIN",
    "bald": "frugalseg.acquisition.bald:BALD",
    "power_bald": "frugalseg.acquisition.power_bald:POWER_BALD",
    "coreset": "frugalseg.acquisition.coreset:CORESET",
    "badge": "frugalseg.acquisition.badge:BADGE",
}
