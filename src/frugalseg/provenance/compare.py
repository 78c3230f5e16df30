"""What differs between two trainings, by their `run.json`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
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
"""The entries of a `run.json`, by what they say; what is not named here counts as parameters."""

CAUSES = ("run", "parameters", "inputs", "code", "versions", "hardware")
"""Sections in which a difference may change the model."""

NAMED = {name for names in SECTIONS.values() for name in names}
MISSING = "-"
EXAMPLE = paths.ROUND.format(dataset="builtin", arm="full", seed=0, round=0)


@dataclass(frozen=True)
class Difference:
    """One entry that two runs do not share; `one` and `other` are its values."""

    section: str
    name: str
    one: Any
    other: Any


def read_run(path: Path) -> dict[str, Any]:
    """Return the record of a training, of its folder or of its `run.json`.

    Raises:
        FrugalsegError: there is none, or it is none.
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


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Difference]:
    """Return the entries that differ, by section; nested ones by their dotted names."""
    found = []
    further = sorted((set(one) | set(other)) - NAMED)
    for section, names in SECTIONS.items():
        taken = [*names, *further] if section == "parameters" else names
        a, b = (dict(_flat({n: run[n] for n in taken if n in run})) for run in (one, other))
        for name in [*a, *(name for name in b if name not in a)]:
            values = a.get(name, MISSING), b.get(name, MISSING)
            if values[0] != values[1]:
                found.append(Difference(section, name, *values))
    return found


def weight_difference(one: Path, other: Path) -> float | None:
    """Return the largest difference between two models' weights; None if they cannot be compared.

    Args:
        one, other: `model.safetensors` files.
    """
    if not (one.is_file() and other.is_file()):
        return None
    a, b = load_file(one), load_file(other)
    if {name: tensor.shape for name, tensor in a.items()} != {n: t.shape for n, t in b.items()}:
        return None
    gaps = (np.abs(a[name].astype(np.float64) - b[name]).max(initial=0) for name in a)
    return float(max(gaps, default=0.0))


def _flat(entry: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in entry.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
