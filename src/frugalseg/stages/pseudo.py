"""Stage `pseudo`: masks that a model draws of tagged images, inside what the tags allow."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.device import configure_process, pick_device
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import replacing, write_csv
from frugalseg.data.ledger import read_ledger
from frugalseg.data.stack import open_stack
from frugalseg.data.tags import RevealedTags, tagged_rows
from frugalseg.inference.cams import CamOptions, activation_maps
from frugalseg.inference.pseudo_masks import allowed, pseudo_mask
from frugalseg.ingest.stack_writer import StackWriter
from frugalseg.metrics.otsu import otsu_probability, probability_counts
from frugalseg.models.file import load_model
from frugalseg.models.scaling import Scaling


@dataclass(frozen=True)
class Settings:
    """What an arm's `pseudo` in `params.yaml` says."""

    cams: CamOptions
    threshold: str | float
    band: tuple[float, float]

    @classmethod
    def of(cls, settings: dict[str, Any]) -> "Settings":
        """Build the settings from plain values, as a rule hands them over."""
        guided = settings["guided"] or {"radius": 0, "epsilon": 0.0}
        cams = CamOptions(tuple(settings["scales"]), settings["flips"], **guided)
        low, high = settings["band"]
        return cls(cams, settings["threshold"], (low, high))


def run(
    prepared: Path,
    ledger_file: Path,
    model_file: Path,
    out: Path,
    settings: Settings,
    *,
    threads: int,
) -> None:
    """Write pseudo-masks (`out`, uint8 n x H x W), their listing (.csv) beside it.

    No mask is opened: images, the ledger's tags and the model are all that goes in.
    """
    configure_process(threads)
    stack, ledger = open_stack(prepared), read_ledger(ledger_file)
    rows = {part: tagged_rows(stack.index, ledger, part) for part in ("train", "val")}
    chosen = np.concatenate(list(rows.values()))
    if not len(chosen):
        raise FrugalsegError(
            f"{ledger_file} holds no tags, and pseudo-masks are drawn inside tags. Give the arm "
            "or its start 'tags'."
        )
    device = pick_device()
    model, card = load_model(model_file)
    tags = RevealedTags(stack.index, ledger, len(card["classes"]))
    drawn = activation_maps(
        model.to(device=device, memory_format=torch.channels_last),  # type: ignore[call-overload]
        stack.images,
        chosen,
        settings.cams,
        scaling=Scaling(card["normalize"]),
        device=device,
    )
    with replacing(out) as partial:
        facts = _write(partial, drawn, tags, settings)
    names = stack.index.set_index("row").loc[chosen, "image_id"].to_numpy()
    parts = np.repeat(list(rows), [len(part) for part in rows.values()])
    write_csv(out.with_suffix(".csv"), facts.assign(image_id=names, part=parts))


def _possible(tags: RevealedTags, row: int) -> NDArray[np.bool_]:
    found = tags[np.array([row])]
    return allowed(found.regions[0], found.values[0])


def threshold_of(
    maps: NDArray[np.float32], possible: NDArray[np.bool_], wanted: str | float
) -> float:
    """Return the threshold of one image's maps: Otsu's where a class may be, or a fixed one.

    NaN for an image in which no class may be: nothing is split there.
    """
    if not isinstance(wanted, str):
        return wanted
    inside = maps[possible]
    return otsu_probability(probability_counts(inside)) if len(inside) else float("nan")


def _write(
    path: Path,
    drawn: Iterator[tuple[int, NDArray[np.float32]]],
    tags: RevealedTags,
    settings: Settings,
) -> pd.DataFrame:
    """Write the masks; return each one's threshold and its foreground and ignored shares."""
    facts = []
    with StackWriter(path, tags.size) as writer:
        for row, maps in drawn:
            possible = _possible(tags, row)
            threshold = threshold_of(maps, possible, settings.threshold)
            low, high = (threshold * factor for factor in settings.band)
            mask = pseudo_mask(maps, possible, low=low, high=high)
            writer.append(mask)
            ignored = mask == IGNORE
            facts.append((threshold, ((mask > 0) & ~ignored).mean(), ignored.mean()))
    return pd.DataFrame(facts, columns=["threshold", "foreground", "ignored"])
