"""What to do next, as far as the statistics carry it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from frugalseg.core import paths
from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.forecast import next_target
from frugalseg.statistics.interval import t_interval
from frugalseg.statistics.score_table import select_scores
from frugalseg.statistics.verdict import Verdict

DETAILS = Path(paths.DETAILS).name
"""The second page, seen from the first."""
FEW_SEEDS = 3
"""With fewer seeds than this the first advice is to run more."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of the answer.

    Attributes:
        href: where the numbers behind it are, seen from the first page.
        lead: the beginning of `text` that says it all.
    """

    text: str
    href: str = ""
    verdict: str = ""
    reason: str = ""
    lead: str = ""


def advise(study: Study, arm: str | None) -> Iterator[Sentence]:
    """Yield what to do next.

    Args:
        arm: the arm that the headline speaks of.
    """
    if len(study.seeds) < FEW_SEEDS:
        yield Sentence(
            f"Run more seeds: {wording.plural(len(study.seeds), 'seed')} cannot show how much the "
            "scores vary. Set seeds in params.yaml to 5 or more; existing results are kept."
        )
    if not len(study.contrasts):
        yield Sentence(
            "No contrast was planned, so no difference between arms is claimed. Plan the ones "
            "that matter under contrasts in params.yaml before the next run."
        )
    else:
        yield from _which_arm(study)
    if arm is not None:
        yield from _label_on(study, arm)
    if target := next_target(study):
        yield Sentence(target, f"{DETAILS}#forecast")


def _which_arm(study: Study) -> Iterator[Sentence]:
    """Yield which arm to go on with, as strongly as the contrasts allow.

    That is the first that is better than another and worse than none.
    """
    rows = study.contrasts
    if not {"metric", "verdict"} <= set(rows):
        return
    methods = ~rows["a"].isin(study.full_arms) & ~rows["b"].isin(study.full_arms)
    rows = rows[(rows["metric"] == study.metric) & methods]
    won, lost = (rows[rows["verdict"] == verdict] for verdict in (Verdict.BETTER, Verdict.WORSE))
    better = [*zip(won["a"], won["b"], strict=True), *zip(lost["b"], lost["a"], strict=True)]
    beaten = {loser for _, loser in better}
    best = next((winner for winner, _ in better if winner not in beaten), None)
    if best is not None:
        rivals = [str(loser) for winner, loser in better if winner == best]
        yield Sentence(f"Go on with {best}: it is better than {wording.listed(rivals)}.")
    else:
        arms = list(dict.fromkeys(rows[["a", "b"]].astype(str).to_numpy().ravel()))
        if len(arms) > 1:
            yield Sentence(
                f"No planned contrast shows a better one among {wording.listed(arms)}: choose the "
                "one that is easiest to run."
            )
    further = lost[lost["b"] != best]
    for arm in dict.fromkeys(further["a"].astype(str)):
        rivals = list(further.loc[further["a"] == arm, "b"].astype(str))
        yield Sentence(f"Leave {arm} aside: it is worse than {wording.listed(rivals)}.")


def _label_on(study: Study, arm: str) -> Iterator[Sentence]:
    """Yield whether the last labels of an arm raised its score, beyond its scatter over seeds."""
    rounds = [study.points[study.points["arm"] == name] for name in study.lineage(arm)]
    path = pd.concat(reversed(rounds))
    path = path[path["images"].diff().fillna(1) > 0]
    if len(path) < 2:
        return
    first, last = path.iloc[-2], path.iloc[-1]
    scores = select_scores(study.scores, study.metric).set_index(["arm", "round", "seed"])
    values = scores["value"].sort_index()
    after, before = (values.loc[point["arm"], point["round"]] for point in (last, first))
    low, high = t_interval((after - before).dropna().to_numpy(np.float64))
    step = (
        f"from {wording.count(first['images'])} to {wording.count(last['images'])} labeled images "
        f"{study.metric_label} changed by {wording.signed(float(last['mean'] - first['mean']))} "
        f"{wording.interval(low, high, sign=True)}"
    ).rstrip()
    if (high < 0) if study.lower_is_better else (low > 0):
        yield Sentence(
            f"Label on with {last['arm']}: its last labels helped ({step}).",
            f"{DETAILS}#cost",
        )
    else:
        yield Sentence(
            f"The last labels of {last['arm']} did not clearly help ({step}): look at the mistakes "
            "below before labeling more.",
            "#samples",
        )


def suggest_command(study: Study, arm: str | None) -> str:
    """Return the command that names the images to label next; "" where no arm is to go on with."""
    rounds = study.points.loc[study.points["arm"] == arm, "round"]
    if arm is None or rounds.empty:
        return ""
    model = paths.MODEL.format(
        dataset=study.params.get("dataset", study.name),
        arm=arm,
        seed=study.seeds[0],
        round=int(rounds.max()),
    )
    return f"frugalseg suggest --model {model} --images my-images --n 20 --out next"
