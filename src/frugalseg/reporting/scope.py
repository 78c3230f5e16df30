"""What the intervals of a study speak of: further seeds on its test images, or new images too."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.statistics.verdict import Verdict

DECIDED = (Verdict.BETTER, Verdict.WORSE, Verdict.SAME, Verdict.NOT_WORSE)


def speaks_of(study: Study) -> str:
    """Return what the intervals over seeds speak of, in words."""
    count = shared_test_images(study)
    if not count:
        return "further seeds, each on its own test images"
    return f"further seeds on these {wording.plural(count, 'test image')}"


def shared_test_images(study: Study) -> int:
    """Return the number of test images, 0 if the seeds differ; tiles count as their whole image."""
    parts = study.parts
    if "part" not in parts:
        return 0
    tests = parts[parts["part"] == "test"]
    if "source_id" in study.index:
        names = study.index.set_index("image_id")["source_id"]
        tests = tests.assign(image_id=tests["image_id"].map(names))
    of_seeds = {frozenset(rows) for _, rows in tests.groupby("seed")["image_id"]}
    return len(of_seeds.pop()) if len(of_seeds) == 1 else 0


def with_new_images(study: Study) -> pd.DataFrame:
    """Return the contrasts with `new_low` and `new_high`, NaN where there is no such interval."""
    beside = study.table("new_images").reindex(columns=["new_low", "new_high"])
    return study.contrasts.reset_index(drop=True).join(beside)


def for_new_images(row: Mapping[Any, Any]) -> str:
    """Return the interval for new images of a row of `with_new_images`, as the end of a sentence.

    Where the verdict does not hold for new images, a sentence says so.
    """
    new = wording.interval(row["new_low"], row["new_high"], sign=True)
    if not new:
        return "."
    if reached := _reached(row):
        return f". For new images this is open: their interval {new} includes {reached}."
    return f", for new images {new}."


def _reached(row: Mapping[Any, Any]) -> str:
    """Return what the interval for new images includes though the verdict excludes it; or ""."""
    claim, verdict = row.get("claim"), str(row.get("verdict", ""))
    if verdict not in DECIDED:
        return ""
    margin, name = float(row.get("margin") or 0), "the margin"
    bounds: tuple[float, ...]
    if claim == "equivalent" or verdict == Verdict.SAME:
        bounds = (-margin, margin)
    elif claim == "not_worse":
        bounds = (margin if row["metric"] in LOWER_IS_BETTER else -margin,)
    else:
        bounds, name = (0.0,), "0"
    low, high = row["new_low"], row["new_high"]
    return name if any(low < bound < high for bound in bounds) else ""
