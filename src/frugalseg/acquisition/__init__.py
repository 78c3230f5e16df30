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
    "clasp_pe": "frugalseg.acquisition.clasp_pe:CLASP_PE",
    "coreset": "frugalseg.acquisition.coreset:CORESET",
    "badge": "frugalseg.acquisition.badge:BADGE",
}

STARTS = {
    "random": "frugalseg.acquisition.random:RANDOM",
    "tags": "frugalseg.acquisition.stratified:STRATIFIED",
    "typical": "frugalseg.acquisition.typical:TYPICAL",
    "coverage": "frugalseg.acquisition.coverage:COVERAGE",
    "kcenter": "frugalseg.acquisition.coreset:CORESET",
}
"""How an arm's first labels are chosen, when there is no model yet. Each gives an order of the pool
whose beginnings are nested, so that fewer first labels are part of more."""
