"""Acquisition: how labels are chosen. Arrays and tables in, a choice out."""

ACQUISITIONS = {
    "random": "frugalseg.acquisition.random:RANDOM",
}
