"""What to do next: which arm, whether to label on, how many seeds."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.finding import Sentence

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
        yield from _which_arm(study, str(ends["arm"].iloc[0]))
        yield from _label_on(study, str(ends["arm"].iloc[0]))
    yield from _seeds_to_run(study)
    if not len(study.contrasts):
        yield Sentence(
            "No contrast was planned, so no difference between arms is claimed. Plan the ones "
            "that matter under contrasts in params.yaml before the next run."
        )


def _seeds_to_run(study: Study) -> Iterator[Sentence]:
    """Say which contrasts more seeds would settle, one by one, and which they would not."""
    hopeless = []
    for place, row in enumerate(study.contrasts.to_dict("records")):
        seeds, n = row.get("seeds_for_80"), row.get("n")
        if str(row.get("verdict")) != "not shown" or wording.missing(seeds) or n is None:
            continue
        needed = float(str(seeds))
        if MANY_SEEDS < needed < np.inf:
            hopeless.append(f"{row['a']} against {row['b']} (about {needed:,.0f})")
        elif float(n) < needed < np.inf:
            yield Sentence(
                f"To settle {row['a']} against {row['b']}, plan about {needed:.0f} seeds (there "
                f"are {int(n)}): that many show the claim 4 times in 5, if the difference is what "
                "it looks like now.",
                f"#contrasts-{place}",
            )
    if hopeless:
        yield Sentence(
            "Do not run more seeds where it is too close to call as it looks now: too many would "
            f"settle {_listed(hopeless)}. More labels, or another arm, change more.",
            "#evidence-plans" if len(study.table("plans")) else "#comparisons",
        )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _which_arm(study: Study, arm: str) -> Iterator[Sentence]:
    """Say which arm to go on with, as strongly as the contrasts allow."""
    rows = study.contrasts
    if not {"metric", "verdict", "claim", "difference"} <= set(rows):
        return
    rows = rows[(rows["metric"] == study.metric) & ~rows["a"].isin(study.full_arms)]
    if rows.empty:
        return
    won = rows[(rows["verdict"] == "shown") & (rows["claim"] == "superior")]
    against = [str(b) for b in won.loc[won["a"] == arm, "b"]]
    if against:
        yield Sentence(f"Go on with {arm}: it is shown to be better than {_listed(against)}.")
    elif len(won):
        first = won.sort_values("difference", ascending=study.metric in LOWER_IS_BETTER).iloc[0]
        yield Sentence(
            f"Go on with {first['a']}, which is shown to be better than {first['b']}; {arm} has "
            "the best mean but is not shown to be better than what it was planned against."
        )
    else:
        yield Sentence(
            f"Choose the arm that is easiest to run: {arm} has the best mean, but no way of "
            "choosing labels or of learning is shown to be better than the one it was planned "
            "against."
        )


def _label_on(study: Study, arm: str) -> Iterator[Sentence]:
    path = _path(study, arm)
    path = path[path["images"].diff().fillna(1) > 0]
    if len(path) < 2:
        return
    first, last = path.iloc[-2], path.iloc[-1]
    buyer = str(last["arm"])
    gain = float(last["mean"] - first["mean"])
    step = (
        f"from {wording.count(first['images'])} to {wording.count(last['images'])} labeled images "
        f"{wording.metric_label(study.metric)} changed by {wording.signed(gain)}"
    )
    rising = -gain if study.metric in LOWER_IS_BETTER else gain
    if rising > RISING:
        yield Sentence(f"Label on with {buyer}: its curve still rises ({step}).", "#cost")
    else:
        yield Sentence(
            f"More labels chosen by {buyer} brought little at the end ({step}): look at the "
            "mistakes below before labeling more.",
            "#samples",
        )


def _path(study: Study, arm: str) -> pd.DataFrame:
    """Return the points that led to an arm's last one, from the first labels on."""
    points = study.points
    parts: list[pd.DataFrame] = []
    name: str | None = arm
    while name is not None:
        parts.insert(0, points[points["arm"] == name])
        name = study.start(name)
    return pd.concat(parts)
