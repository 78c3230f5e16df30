"""What to do next: which arm, whether to label on, how many seeds."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from frugalseg.metrics.direction import LOWER_IS_BETTER
from frugalseg.reporting import wording
from frugalseg.reporting.finding import Sentence
from frugalseg.reporting.study import Study

RISING = 0.01
"""A curve that gained more than this with its last labels is called still rising."""
MANY_SEEDS = 100
"""From so many seeds on, running them is no sensible advice."""
FEW_SEEDS = 3
"""With fewer seeds than this the first advice is to run more."""


def advise(study: Study, ends: pd.DataFrame) -> Iterator[Sentence]:
    """Say what to do next.

    Args:
        ends: the last point of every arm with fewer than all labels, best first.
    """
    if len(study.seeds) < FEW_SEEDS:
        yield Sentence(
            f"Run more seeds: with {wording.plural(len(study.seeds), 'seed')} nothing says how "
            "much the scores vary. Set seeds in params.yaml to 5 or more; what is there is kept."
        )
    if len(ends):
        yield from _label_on(study, str(ends["arm"].iloc[0]))
    for place, row in enumerate(study.contrasts.to_dict("records")):
        seeds, n = row.get("seeds_for_80"), row.get("n")
        if str(row.get("verdict")) != "not shown" or wording.missing(seeds):
            continue
        if n is not None and np.isfinite(float(str(seeds))) and float(str(seeds)) > float(n):
            yield _more_seeds(row["a"], row["b"], int(n), float(str(seeds)), place)
    if not len(study.contrasts):
        yield Sentence(
            "No contrast was planned, so no difference between arms is claimed. Plan the ones "
            "that matter under contrasts in params.yaml before the next run."
        )


def _more_seeds(a: str, b: str, n: int, seeds: float, place: int) -> Sentence:
    href = f"#contrasts-{place}"
    if seeds > MANY_SEEDS:
        return Sentence(
            f"Do not run more seeds for {a} against {b}: as the difference looks now it would take "
            f"about {seeds:.0f} (there are {n}). More labels, or another arm, change more.",
            href,
        )
    return Sentence(
        f"To settle {a} against {b}, plan about {seeds:.0f} seeds (there are {n}): that many show "
        "the claim 4 times in 5, if the difference is what it looks like now.",
        href,
    )


def _label_on(study: Study, arm: str) -> Iterator[Sentence]:
    points = study.points
    own = points[points["arm"] == arm]
    start = study.start(arm)
    before = points[points["arm"] == start].tail(1) if start else points.iloc[:0]
    path = pd.concat([before, own])
    path = path[path["images"].diff().fillna(1) > 0]
    if len(path) < 2:
        return
    first, last = path.iloc[-2], path.iloc[-1]
    gain = float(last["mean"] - first["mean"])
    step = (
        f"from {wording.count(first['images'])} to {wording.count(last['images'])} labeled images "
        f"{wording.metric_label(study.metric)} changed by {wording.signed(gain)}"
    )
    rising = -gain if study.metric in LOWER_IS_BETTER else gain
    if rising > RISING:
        yield Sentence(f"Label on with {arm}: its curve still rises ({step}).", "#cost")
    else:
        yield Sentence(
            f"More labels chosen by {arm} brought little at the end ({step}): look at the "
            "mistakes below before labeling more.",
            "#samples",
        )
