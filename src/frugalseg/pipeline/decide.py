"""Seeds by looks: run and test until every planned contrast is decided or the hours are spent.

A look is a run of the workflow up to the contrasts; `decisions.json` then says which arms get
further seeds. The workflow itself stays as static as with a fixed number of seeds, and a run that
was killed goes on where it was.
"""

import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

import pandas as pd

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.text import plural
from frugalseg.params import Params, Plan, plan
from frugalseg.params.decisions import (
    Decisions,
    Finding,
    Look,
    keep_decisions,
    read_decisions,
    seeds_of_arms,
)
from frugalseg.pipeline.runner import make
from frugalseg.statistics.sequential.looks import Looks
from frugalseg.statistics.sequential.replay import next_seeds

SECONDS_PER_HOUR = 3600

log = logging.getLogger(__name__)


def decide(
    params: Params, config: Sequence[str], options: Sequence[str], *, hours: float | None = None
) -> int:
    """Run the looks of every data set that `run` names, then all reports; return the exit status.

    Args:
        params: with looks.
        config: options of Snakemake that change the configuration.
        options: other options of Snakemake.
        hours: the most that a data set may take; by default `seeds.hours`.

    Raises:
        FrugalsegError: no looks are planned, or one alone takes longer than the hours.
    """
    if params.looks is None:
        raise FrugalsegError(
            f"seeds: expected looks, found {params.seeds}. To look until the contrasts are "
            "decided, write `seeds: {looks: [5, 8, 12, 17, 24, 34, 50]}` in params.yaml."
        )
    looks = Looks(tuple(params.looks.looks), params.looks.spending)
    too_long = []
    for dataset in params.run:
        table = paths.TABLE.format(dataset=dataset, table="contrasts")
        run = partial(make, None, [table], config, options)
        study = plan(params, dataset)
        status, problem = _decide(study, params, looks, run, hours or params.looks.hours)
        if status:
            return status
        too_long += [problem] if problem else []
    status = make(None, [paths.ALL_REPORTS], config, options)
    if too_long:
        raise FrugalsegError("\n".join(too_long))
    return status


def _decide(
    this: Plan, params: Params, looks: Looks, run: Callable[[], int], hours: float | None
) -> tuple[int, str]:
    """Look at one data set until it is decided or `hours` are spent.

    Returns:
        The exit status, and a problem if not even one look can be made within the hours.
    """
    started = time.monotonic()
    starts = {name: arm.start for name, arm in this.arms.items() if arm.start}
    while True:
        seeds = {arm: len(own) for arm, own in seeds_of_arms(params, this).items()}
        if status := run():
            return status, ""
        contrasts = _read(this.dataset, "contrasts")
        decisions = _with_look(read_decisions(this.dataset), contrasts, seeds)
        keep_decisions(this.dataset, decisions)
        _log_look(this.dataset, contrasts, decisions)
        further = next_seeds(contrasts, looks, seeds, starts)
        if further == seeds:
            return 0, ""
        needed = estimated_hours(_read(this.dataset, "costs"), seeds, further)
        if hours is not None and needed > hours:
            return 0, (
                f"{this.dataset}: the next look takes about {needed:.2g} hours, more than the "
                f"{hours:g} it may take at all. Raise seeds.hours in params.yaml, or --hours."
            )
        spent = (time.monotonic() - started) / SECONDS_PER_HOUR
        if hours is not None and spent + needed > hours:
            log.info(
                "%s: %.2g of %g hours are spent, and the next look takes about %.2g. "
                "`frugalseg decide` goes on from here.", this.dataset, spent, hours, needed,
            )  # fmt: skip
            return 0, ""
        keep_decisions(this.dataset, decisions.model_copy(update={"seeds": further}))


def _read(dataset: str, table: str) -> pd.DataFrame:
    return pd.read_csv(paths.TABLE.format(dataset=dataset, table=table))


def _with_look(
    before: Decisions | None, contrasts: pd.DataFrame, seeds: Mapping[str, int]
) -> Decisions:
    """Return the decisions with what `contrasts` found, unless the last look is the same."""
    names = list(Finding.model_fields)
    rows = contrasts[names].astype(object).where(contrasts[names].notna(), None)
    found = [Finding.model_validate(row) for row in rows.to_dict("records")]
    looks = before.looks if before else []
    if not looks or looks[-1].contrasts != found:
        date = datetime.now(UTC).isoformat(timespec="seconds")
        looks = [*looks, Look(seeds=max(seeds.values()), date=date, contrasts=found)]
    return Decisions(seeds=dict(seeds), looks=looks)


def _log_look(dataset: str, contrasts: pd.DataFrame, decisions: Decisions) -> None:
    look = decisions.looks[-1]
    decided = contrasts[contrasts["decided"]]
    lines = [f"  {row.a} - {row.b}, {row.metric}: {row.verdict}" for row in decided.itertuples()]
    count = f"{len(decided)} of {plural(len(contrasts), 'contrast')} decided"
    log.info("%s", "\n".join([f"{dataset}, {plural(look.seeds, 'seed')}: {count}", *lines]))


def estimated_hours(
    costs: pd.DataFrame, seeds: Mapping[str, int], further: Mapping[str, int]
) -> float:
    """Return about how many hours the next look takes on all cores of this machine.

    Args:
        costs: the columns `arm` and `core_hours`, those of a seed.
        seeds: arm -> its seeds so far.
        further: arm -> its seeds at the next look.
    """
    per_seed = costs.set_index("arm")["core_hours"]
    total = sum(per_seed.get(arm, 0.0) * (count - seeds[arm]) for arm, count in further.items())
    return float(total) / (os.cpu_count() or 1)
