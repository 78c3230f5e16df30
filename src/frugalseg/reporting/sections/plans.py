"""What would settle the contrasts, and what that costs in core-hours."""

from collections.abc import Iterator

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import style_arms
from frugalseg.reporting.part import Part
from frugalseg.reporting.table import Column, build_table


def plan_part(study: Study) -> Part | None:
    """Say what a further seed costs and how many would settle each contrast; None without any."""
    plans = study.table("plans")
    if not len(plans):
        return None
    columns = [
        Column("a", "a", arm=True),
        Column("b", "b", arm=True),
        Column("metric", "Metric"),
        Column("n", "Seeds", wording.count),
        Column("detectable", "Detectable", wording.score, "shown 4 times in 5 by these seeds"),
        Column("seeds_for_80", "Seeds, 80% power", _seeds),
        Column("core_hours_80", "Core-hours to it", _hours, "of the seeds that are not there yet"),
        Column("seeds_for_90", "Seeds, 90% power", _seeds),
        Column("core_hours_90", "Core-hours to it ", _hours, "of the seeds not there yet"),
    ]
    shown = plans.assign(metric=[wording.metric_label(str(metric)) for metric in plans["metric"]])
    table = build_table(
        "plans", "What would settle the contrasts", shown, columns,
        style_arms(study.arms, study.full_arms),
    )  # fmt: skip
    return Part("plans", "What more seeds would show", tuple(_sentences(study)), (table,))


def _sentences(study: Study) -> Iterator[str]:
    costs = study.table("costs")
    if len(costs):
        by_arm = dict(zip(costs["arm"], costs["core_hours"].astype(float), strict=True))
        parts = ", ".join(f"{arm} {_hours(by_arm[arm])}" for arm in by_arm if arm != "all")
        yield (
            f"A further seed of all arms costs about {_hours(by_arm.get('all', 0.0))} core-hours "
            f"by the trainings measured here ({parts})."
        )
    yield (
        "The seeds are those with which a contrast would be shown 4 times in 5 (9 in 10) if the "
        "difference and the scatter seen now were the truth, which few seeds know only roughly. "
        "They are a plan for the next study: seeds added to this one until something shows make "
        "its p-values wrong."
    )


def _seeds(value: float) -> str:
    return "none" if value == float("inf") else wording.count(value)


def _hours(value: float) -> str:
    if wording.missing(value) or value == float("inf"):
        return "–"
    return f"{value:.2g}" if value < 10 else f"{value:,.0f}"
