"""What to do next: which arm, whether to label on, how many seeds."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.finding import Sentence

RISING = 0.01
"""A curve that gained more than this with its last labels is called still rising."""
MANY_SEEDS = 100
"""More seeds than this are not recommended."""
FEW_SEEDS = 3
"""With fewer seeds than this the first advice is to run more."""


def advise(study: Study, ends: pd.DataFrame) -> Iterator[Sentence]:
    """Yield what to do next.

    Args:
        ends: the last point of every arm with fewer than all labels, best first.
    """
    if len(study.seeds) < FEW_SEEDS:
        yield Sentence(
            f"Run more seeds: {wording.plural(len(study.seeds), 'seed')} cannot show how much the "
            "scores vary. Set seeds in params.yaml to 5 or more; existing results are kept."
        )
    for best in ends["arm"].head(1).astype(str):
        yield from _which_arm(study, best)
        yield from _label_on(study, best)
    yield from _seeds_to_run(study)
    if not len(study.contrasts):
        yield Sentence(
            "No contrast was planned, so no difference between arms is claimed. Plan the ones "
            "that matter under contrasts in params.yaml before the next run."
        )


def _seeds_to_run(study: Study) -> Iterator[Sentence]:
    """Yield which contrasts more seeds would settle, one by one, and which they would not."""
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
                f"are {int(n)}): that many show the claim 4 times in 5, if the true difference is "
                "the one seen now.",
                f"#contrasts-{place}",
            )
    if hopeless:
        yield Sentence(
            "Do not run more seeds for contrasts this close: too many would settle "
            f"{wording.listed(hopeless)}. More labels, or another arm, change more.",
            "#evidence-plans" if len(study.table("plans")) else "#comparisons",
        )


def _which_arm(study: Study, arm: str) -> Iterator[Sentence]:
    """Yield which arm to go on with, as strongly as the contrasts allow."""
    rows = study.contrasts
    if not {"metric", "verdict", "claim", "difference"} <= set(rows):
        return
    rows = rows[(rows["metric"] == study.metric) & ~rows["a"].isin(study.full_arms)]
    if rows.empty:
        return
    won = rows[(rows["verdict"] == "shown") & (rows["claim"] == "superior")]
    beaten = [str(b) for b in won.loc[won["a"] == arm, "b"]]
    if beaten:
        yield Sentence(f"Go on with {arm}: it is shown to be better than {wording.listed(beaten)}.")
    elif len(won):
        first = won.sort_values("difference", ascending=study.lower_is_better).iloc[0]
        yield Sentence(
            f"Go on with {first['a']}, which is shown to be better than {first['b']}; {arm} has "
            "the best mean but is not shown to be better than the arm it was planned against."
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
    gain = float(last["mean"] - first["mean"])
    step = (
        f"from {wording.count(first['images'])} to {wording.count(last['images'])} labeled images "
        f"{study.metric_label} changed by {wording.signed(gain)}"
    )
    if (-gain if study.lower_is_better else gain) > RISING:
        yield Sentence(f"Label on with {last['arm']}: its curve still rises ({step}).", "#cost")
    else:
        yield Sentence(
            f"More labels chosen by {last['arm']} brought little at the end ({step}): look at the "
            "mistakes below before labeling more.",
            "#samples",
        )


def _path(study: Study, arm: str | None) -> pd.DataFrame:
    """Return the points that led to an arm's last one, from the first labels on."""
    parts: list[pd.DataFrame] = []
    while arm is not None:
        parts.insert(0, study.points[study.points["arm"] == arm])
        arm = study.start(arm)
    return pd.concat(parts)
