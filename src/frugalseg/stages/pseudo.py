"""Stage `pseudo`: a model's masks of tagged images, limited to what the tags allow."""

from collections.abc import Iterator
from pathlib import Path

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
from frugalseg.inference.pseudo_masks import activation_maps, allowed_classes, pseudo_mask
from frugalseg.ingest.stack_writer import StackWriter
from frugalseg.metrics.otsu import otsu_probability, probability_counts
from frugalseg.models.file import load_model
from frugalseg.models.scaling import Scaling
from frugalseg.settings.tags import PseudoParams


def run(
    prepared: Path,
    ledger_file: Path,
    model_file: Path,
    out: Path,
    settings: PseudoParams,
    *,
    threads: int,
) -> None:
    """Write pseudo-masks (`out`, uint8 n x H x W) and their listing (.csv) beside them.

    No mask is opened: the inputs are the images, the ledger's tags and the model.
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
        settings,
        scaling=Scaling(card["normalize"]),
        device=device,
    )
    with replacing(out) as partial:
        facts = _write(partial, drawn, tags, settings)
    names = stack.index.set_index("row").loc[chosen, "image_id"].to_numpy()
    parts = np.repeat(list(rows), [len(part) for part in rows.values()])
    write_csv(out.with_suffix(".csv"), facts.assign(image_id=names, part=parts))


def threshold_of(
    maps: NDArray[np.float32], allowed: NDArray[np.bool_], setting: str | float
) -> float:
    """Return the threshold of one image's maps: Otsu's where a class is allowed, or a fixed one.

    NaN for an image in which no class is allowed: nothing is split there.
    """
    if not isinstance(setting, str):
        return setting
    inside = maps[allowed]
    return otsu_probability(probability_counts(inside)) if len(inside) else float("nan")


def _write(
    path: Path,
    drawn: Iterator[tuple[int, NDArray[np.float32]]],
    tags: RevealedTags,
    settings: PseudoParams,
) -> pd.DataFrame:
    """Write the masks; return each one's threshold and its foreground and ignored shares."""
    facts = []
    with StackWriter(path, tags.size) as writer:
        for row, maps in drawn:
            of_image = tags[np.array([row])]
            allowed = allowed_classes(of_image.regions[0], of_image.values[0])
            threshold = threshold_of(maps, allowed, settings.threshold)
            low, high = (threshold * factor for factor in settings.band)
            mask = pseudo_mask(maps, allowed, low=low, high=high)
            writer.append(mask)
            ignored = mask == IGNORE
            facts.append((threshold, ((mask > 0) & ~ignored).mean(), ignored.mean()))
    return pd.DataFrame(facts, columns=["threshold", "foreground", "ignored"])
