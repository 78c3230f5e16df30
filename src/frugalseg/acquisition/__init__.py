"""Acquisition: how labels are chosen. Arrays and tables in, a choice out."""

ACQUISITIONS = {
    "random": "frugalseg.acquisition.random:RANDOM",
    "foreground_random": "frugalseg.acquisition.foreground_random:FOREGROUND_RANDOM",
    "predicted_foreground_random": (
        "frugalseg.acquisition.foreground_random:PREDICTED_FOREGROUND_RANDOM"
    ),
    "entropy": "frugalseg.acquisition.uncertainty:ENTROPY",
    "variation_ratio": "frugalseg.acquisition.uncertainty:VARIATION_RATIO",
    "margin": "frugalseg.acquisition.uncertainty:MARGIN",
    "bald": "frugalseg.acquisition.uncertainty:BALD",
    "power_bald": "frugalseg.acquisition.power_bald:POWER_BALD",
    "coreset": "frugalseg.acquisition.coreset:CORESET",
    "badge": "frugalseg.acquisition.badge:BADGE",
}
