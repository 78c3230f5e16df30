"""What in the data may spoil the study, as plain sentences."""

from collections.abc import Iterator

import pandas as pd

from frugalseg.core.text import some
from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.card_tables import CLASS, NAMES
from frugalseg.reporting.wording import plural

FEW_POSITIVES = 10
"""With fewer test images with a defect than this, one image moves the mean Dice by over 0.1."""
LOW_SEPARABILITY = 0.8
"""With less explained variance than this, the gray levels of masks do not form two groups."""
TINY = 9
"""Pixels below which a defect is smaller than 3 x 3."""
TRACE = 0.05
"""A part that holds less than this of the usual pixels of a class hardly shows it."""
TRACE_MEANS = {
    "train": "A model can hardly learn the class from them.",
    "val": "They hardly validate the class.",
    "test": "Scores of the class mean little.",
}


def card_warnings(
    study: Study,
    defects: pd.DataFrame,
    counts: pd.DataFrame,
    sums: pd.DataFrame,
    tags: pd.DataFrame,
) -> Iterator[str]:
    """Yield a sentence for everything that looks wrong: what it means, and what to do.

    Args:
        defects: as `defects.measure` returns them.
        counts, sums, tags: as `card_tables.part_counts`, `class_pixels` and `compare_tags` return
            them.
    """
    yield from study.card.get("warnings") or ()
    yield from _masks(study, defects)
    yield from _tags(tags)
    yield from _absent_classes(study, counts)
    yield from _traces(study, sums)
    yield from _unused(study, counts[counts["part"] == "val"])
    yield from _test_images(counts[counts["part"] == "test"])
    yield from _pairs(study)
    tiny = int((defects["area"] < TINY).sum())
    if tiny > len(defects) / 2:
        yield (
            f"{tiny:,} of {len(defects):,} defects are smaller than {TINY} pixels at this image "
            "size; a larger image_size keeps them."
        )


def _masks(study: Study, defects: pd.DataFrame) -> Iterator[str]:
    masks = int(study.index["has_mask"].astype(bool).sum())
    rule = study.card.get("mask") or {}
    method, separability = str(rule.get("method", "")), rule.get("separability")
    if not masks:
        yield "No image has a mask, so nothing can be learned or measured."
    elif defects.empty:
        hint = (
            "Otsu’s method found a single group of gray levels. If the masks hold the numbers of "
            "the classes, set mask: {method: index}; if every value but 0 is a defect, set mask: "
            "{method: nonzero}."
            if method.startswith("otsu")
            else f"The mask method is {method}; if masks are coded otherwise, set another."
        )
        yield f"All {masks:,} masks came out empty. {hint}"
    elif separability is not None and float(separability) < LOW_SEPARABILITY:
        yield (
            f"The gray levels of the masks do not form two clean groups: separability "
            f"{float(separability):.2f} (1 is a clean cut). Look at the outlines below before "
            "trusting any score."
        )


def _tags(tags: pd.DataFrame) -> Iterator[str]:
    differing = tags.loc[~tags["agrees"], "image_id"].astype(str).tolist()
    if differing:
        yield (
            f"Tag and mask disagree on {plural(len(differing), 'image')}: {some(differing)}. "
            "A tag may be wrong, or a defect too small to survive the resizing."
        )


def _absent_classes(study: Study, counts: pd.DataFrame) -> Iterator[str]:
    for name in study.classes if not counts.empty else ():
        for part in ("train", "val", "test"):
            rows = counts[counts["part"] == part]
            lacking = rows[rows[f"{CLASS}{name}"] == 0]
            if len(lacking):
                yield f"No {NAMES[part]} image holds {name}{_under_seeds(lacking, rows)}."


def _traces(study: Study, sums: pd.DataFrame) -> Iterator[str]:
    """Yield the classes of which a part holds hardly more than the rims of other objects.

    Args:
        sums: as `class_pixels` returns them.
    """
    for name in study.classes if not sums.empty else ():
        key = f"{CLASS}{name}"
        usual = sums[key].sum() / max(sums["masks"].sum(), 1)
        for part, effect in TRACE_MEANS.items():
            rows = sums[sums["part"] == part]
            lacking = rows[(rows[key] > 0) & (rows[key] < TRACE * usual * rows["masks"])]
            if len(lacking):
                most = wording.count(lacking[key].max())
                yield (
                    f"The {NAMES[part]} images hold at most {most} pixels of {name}"
                    f"{_under_seeds(lacking, rows)}, less than {wording.percent(TRACE)} of what as "
                    f"many images usually hold; these may be rims of other objects. {effect}"
                )


def _under_seeds(some: pd.DataFrame, rows: pd.DataFrame) -> str:
    """Return for which seeds `some` of the rows of a part stand; nothing if they are all."""
    return "" if len(some) == len(rows) else f" under seed {', '.join(some['seed'].astype(str))}"


def _unused(study: Study, counts: pd.DataFrame) -> Iterator[str]:
    if len(counts) and not study.params.get("uses_split", True):
        number = plural(int(counts["images"].max()), "validation image")
        yield (
            f"{number} of the official split, and no arm validates on them. Move them to train/ or "
            "set 'validation: split' in a training, in params.yaml."
        )


def _test_images(counts: pd.DataFrame) -> Iterator[str]:
    if counts.empty:
        return
    fewest = int(counts["positives"].min())
    if 0 < fewest < FEW_POSITIVES:
        yield (
            f"Only {plural(fewest, 'test image')} with a defect: a single image moves the mean "
            f"Dice by up to {1 / fewest:.2f}. Differences between arms will hardly show."
        )
    if (counts["negatives"] == 0).any() and fewest > 0:
        yield (
            "No test image is free of defects, so false alarms on defect-free images are not "
            "measured."
        )


def _pairs(study: Study) -> Iterator[str]:
    duplicates, leaks = study.table("duplicates"), study.table("leaks")
    if "same_mask" in duplicates:
        differing = duplicates[duplicates["same_mask"].astype(str) == "False"]
        if len(differing):
            pairs = [f"{a} = {b}" for a, b in differing[["image_id", "other_id"]].to_numpy()]
            yield (
                f"{plural(len(pairs), 'pair')} of duplicate images with different masks: "
                f"{some(pairs)}. At most one of the two masks can be right."
            )
    if len(leaks):
        number = len(leaks[["image_id", "other_id"]].drop_duplicates())
        yield (
            f"The split leaks: {plural(number, 'pair')} of duplicates, or of one group, on two "
            "sides. Scores may be too high; the pairs are listed below."
        )
