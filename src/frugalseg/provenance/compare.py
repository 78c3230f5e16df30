"""The differences between two trainings, by their `run.json`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from safetensors.numpy import load_file

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json

SECTIONS = {
    "run": ("dataset", "arm", "seed", "round"),
    "parameters": ("strategy", "model", "training", "options", "unlabeled", "tags"),
    "inputs": ("inputs",),
    "code": ("code",),
    "versions": ("versions",),
    "hardware": ("machine", "device", "threads"),
    "results": ("steps", "best_step", "validation_dice", "validation_nll", "threshold"),
    "cost": ("seconds", "peak_memory_mib"),
}
"""The entries of a `run.json` by section; those not listed here count as parameters."""

CAUSES = ("run", "parameters", "inputs", "code", "versions", "hardware")
"""Sections whose differences may change the model."""

NAMED = {name for names in SECTIONS.values() for name in names}
MISSING = "-"
EXAMPLE = paths.ROUND.format(dataset="builtin", arm="full", seed=0, round=0)

Differences = dict[str, dict[str, tuple[Any, Any]]]
"""By section and dotted name, the values of the first and the second run."""


def read_run(path: Path) -> dict[str, Any]:
    """Return the record of a training, given its folder or its `run.json`.

    Raises:
        FrugalsegError: no such file, or another kind of file.
    """
    file = paths.within(path, paths.TRAIN_RECORD) if path.is_dir() else path
    try:
        record = read_json(file)
    except (OSError, ValueError) as error:
        raise FrugalsegError(
            f"{file}: expected the run.json of a training, found {error}. Name a folder such as "
            f"{EXAMPLE}, or the file in it."
        ) from None
    if not isinstance(record, dict) or "arm" not in record:
        raise FrugalsegError(f"{file}: expected the run.json of a training, found another file.")
    return record


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> Differences:
    """Return the entries that differ; sections without differences are left out."""
    unnamed = sorted((set(one) | set(other)) - NAMED)
    by_section = {}
    for section, names in SECTIONS.items():
        taken = [*names, *unnamed] if section == "parameters" else names
        a, b = (
            pd.json_normalize({n: run[n] for n in taken if n in run}, sep=".").to_dict("records")[0]
            for run in (one, other)
        )
        pairs = {str(name): (a.get(name, MISSING), b.get(name, MISSING)) for name in a | b}
        by_section[section] = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return {section: entries for section, entries in by_section.items() if entries}


def weight_difference(one: Path, other: Path) -> float | None:
    """Return the largest difference between the weights of two `model.safetensors` files.

    None if one is missing, or the models have different tensors.
    """
    if not (one.is_file() and other.is_file()):
        return None
    a, b = load_file(one), load_file(other)
    if {name: tensor.shape for name, tensor in a.items()} != {n: t.shape for n, t in b.items()}:
        return None
    gaps = (np.abs(a[name].astype(np.float64) - b[name]).max(initial=0) for name in a)
    return float(max(gaps, default=0.0))
