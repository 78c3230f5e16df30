"""What would settle the contrasts, and what that costs in core-hours."""

from collections.abc import Iterator

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.table import PAIR, Column, Section, build_table


def plan_section(study: Study) -> Section | None:
    """Return what a further seed costs and how many settle each contrast; None without plans."""
    plans = study.table("plans")
    if not len(plans):
        return None
    hours, note = wording.hours, "of the seeds that do not exist yet"
    columns = [
        *PAIR,
        Column("metric", "Metric"),
        Column("n", "Seeds", wording.count),
        Column("detectable", "Detectable", wording.score, "shown 4 times in 5 by these seeds"),
        Column("seeds_for_80", "Seeds, 80% power", wording.seeds_needed),
        Column("core_hours_80", "Core-hours to it", hours, note),
        Column("seeds_for_90", "Seeds, 90% power", wording.seeds_needed),
        Column("core_hours_90", "Core-hours to it ", hours, note),
    ]
    shown = plans.assign(metric=plans["metric"].map(wording.metric_label))
    caption = "What would settle the contrasts"
    table = build_table("plans", caption, shown, columns, study.styles)
    return Section("What more seeds would show", tuple(_sentences(study)), (table,), key="plans")


def _sentences(study: Study) -> Iterator[str]:
    costs = study.table("costs")
    if len(costs):
        by_arm = dict(zip(costs["arm"], costs["core_hours"].astype(float), strict=True))
        parts = ", ".join(f"{arm} {wording.hours(by_arm[arm])}" for arm in by_arm if arm != "all")
        yield (
            f"A further seed of all arms costs about {wording.hours(by_arm.get('all', 0.0))} "
            f"core-hours by the trainings measured here ({parts})."
        )
    yield (
        "With this many seeds a contrast is shown 4 times in 5 (9 in 10), provided that the "
        "difference and the scatter seen now are the true ones; few seeds estimate them only "
        "roughly. The numbers are for planning the next study: adding seeds to this one until "
        "something shows makes its p-values wrong."
    )
