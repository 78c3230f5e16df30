"""How masks were read: the method in words, what the files hold, what of it is left."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.table import Column, Section, Table, build_table

_METHODS = {
    "nonzero": "every value but 0 is a defect",
    "threshold": "one threshold for all masks",
    "equals": "one gray level is the defect",
    "index": "values are the numbers of the classes",
    "values": "every value stands for a class, as the parameters say",
    "files": "several files for an image, one for each class or object",
    "colors": "colors stand for classes",
    "otsu": "one threshold for all masks (Otsu 1979)",
    "otsu_image": "a threshold for each mask (Otsu 1979)",
}


def mask_text(rule: Mapping[str, Any]) -> str:
    """Return the mask method of a card in words."""
    method, threshold = str(rule.get("method", "")), rule.get("threshold")
    text = f"{method}: {_METHODS.get(method, 'as the parameters say')}"
    if threshold is None:
        empty = "; a single group of gray levels, so every mask is empty"
        return text + (empty if method == "otsu" else "")
    return f"{text}; values above {float(threshold):g} are defect"


def mask_sections(rule: Mapping[str, Any]) -> Iterator[Section]:
    """Yield what the mask files hold and what of it is left; nothing for a card without it.

    Args:
        rule: `mask` of the stack's card.
    """
    table = mask_table(rule)
    if table is None:
        return
    texts = ["What the mask files hold, and how many of them came out without a defect."]
    if own_codes := rule.get("own_codes"):
        share = int(own_codes) / int(sum(kind["masks"] for kind in rule["files"]))
        texts.append(
            f"In {wording.plural(int(own_codes), 'mask')} ({wording.percent(share)}) everything "
            "but 0 is the defect: they hold 0 and one other value, which the threshold of all "
            "masks would miss."
        )
    separability = rule.get("separability")
    if separability is not None:
        texts.append(
            f"Over all files together, the threshold explains {float(separability):.3f} of the "
            "variance of the gray levels; that says nothing about a single file."
        )
    kept = rule.get("area_kept")
    if kept is not None:
        texts.append(
            f"{wording.percent(float(kept))} of the defect area of the original masks is left at "
            "the size of the prepared images."
        )
    alignment = rule.get("alignment")
    if alignment is not None:
        texts.append(
            f"In {wording.percent(float(alignment))} of the comparisons the outline of a mask "
            "follows the edges of its own image more than those of another one (by chance 50%)."
        )
    yield Section("How masks were read", tuple(texts), (table,))


def mask_table(rule: Mapping[str, Any]) -> Table | None:
    """Return a row for every set of values in mask files; None if the card has none.

    Args:
        rule: `mask` of the stack's card; `files` has the values, the masks that hold them, and how
            many of these came out empty.
    """
    data = pd.DataFrame(rule.get("files") or [], columns=["values", "masks", "empty"])
    if data.empty:
        return None
    data.insert(2, "share", data["masks"] / data["masks"].sum())
    columns = [
        Column("values", "Values in the file"),
        Column("masks", "Masks", wording.count),
        Column("share", "Share", wording.percent),
        Column("empty", "Without a defect", wording.count),
    ]
    return build_table("masks", "Values of the mask files", data, columns)
