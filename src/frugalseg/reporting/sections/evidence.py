"""How far the contrasts hold: what was planned, other analyses, and what more seeds would show."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.scope import speaks_of
from frugalseg.reporting.table import PAIR, Column, Section, build_table
from frugalseg.statistics.order import ORDER_NAMES
from frugalseg.statistics.paired import smallest_rank_p


def standing_section(study: Study) -> Section | None:
    """Return how far the contrasts may be believed; None without any."""
    if not len(study.contrasts):
        return None
    sentences = (
        *_families(study),
        *_planned(study),
        *_seeds_added(study),
        *_rank_tests(study),
        *_missing(study),
    )
    return Section("What was planned, and what the seeds can show", sentences, key="standing")


def _families(study: Study) -> Iterator[str]:
    """Yield how often any sentence of the answer may be wrong, by the order of the tests."""
    count, margins = len(study.contrasts), int(study.contrasts.get("p_same", pd.Series()).count())
    weights = [float(contrast.get("weight", 1)) for contrast in study.params.get("contrasts", [])]
    by_weight = ""
    if study.order != "fixed" and len(set(weights)) > 1:
        by_weight = f", with weights {', '.join(f'{weight:g}' for weight in weights)}"
    yield (
        f"Claims are adjusted over {wording.plural(count, 'planned contrast')} by "
        f"{ORDER_NAMES[study.order]}{by_weight}: the chance of any false one is at most "
        f"{study.alpha:.0%}."
    )
    if margins:
        yield (
            "“Practically the same” as an outcome beside better and worse is a family of its own, "
            f"adjusted by Holm over {wording.plural(margins, 'margin')}, with another "
            f"{study.alpha:.0%}: the chance of any false sentence is at most {2 * study.alpha:.0%}."
        )


def _planned(study: Study) -> Iterator[str]:
    if "standing" not in study.contrasts:
        return
    changed = study.contrasts.get("order_changed", pd.Series()).dropna()
    if len(changed) and changed.iloc[0]:
        yield (
            f"How the contrasts are tested was changed after results existed ({changed.iloc[0]}), "
            "so all of them are exploratory: an order that results suggest protects from nothing."
        )
        return
    late = study.contrasts[study.contrasts["standing"] == "exploratory"].to_dict("records")
    if (study.contrasts["standing"] == "unknown").any():
        yield (
            "No record says which contrasts were planned before there were results: read them as "
            "exploratory."
        )
    elif late:
        yield (
            "Added or changed after results existed: "
            f"{'; '.join(map(_late_contrast, late))}. "
            f"{'That is' if len(late) == 1 else 'Those are'} exploratory: results that suggest a "
            "contrast cannot confirm it too, whatever its p-value."
        )
    else:
        yield "All contrasts were planned before there were results: they are confirmatory."


def _late_contrast(row: Mapping[Any, Any]) -> str:
    changed = row.get("changed")
    return wording.contrast_name(row) + ("" if wording.missing(changed) else f" ({changed})")


def _seeds_added(study: Study) -> Iterator[str]:
    if "seeds_added" not in study.contrasts:
        return
    added = study.contrasts["seeds_added"].iloc[0]
    if not wording.missing(added) and str(added):
        yield (
            f"Added after results existed: {wording.plural(len(str(added).split()), 'seed')} "
            f"({', '.join(str(added).split())}). The p-values hold for a number of seeds fixed "
            "beforehand; adding seeds until something shows makes false claims more frequent than "
            f"{study.alpha:.0%}."
        )


def _rank_tests(study: Study) -> Iterator[str]:
    for n in sorted({int(n) for n in study.contrasts["n"] if n > 0}):
        smallest = smallest_rank_p(n)
        if smallest > study.alpha:
            yield (
                f"With {wording.plural(n, 'paired seed')} Wilcoxon’s test and the sign-flip test "
                f"cannot fall below p = {smallest:.3g}, whatever the data, so at "
                f"{study.alpha:.0%} they cannot show anything."
            )


def _missing(study: Study) -> Iterator[str]:
    if "missing" in study.contrasts:
        for row in study.contrasts.to_dict("records"):
            if not wording.missing(row["missing"]) and str(row["missing"]):
                yield f"Left out of {row['a']} against {row['b']}: {row['missing']}."


def new_image_section(study: Study) -> Section | None:
    """Return what the contrasts say about new images; None where nothing was worked out."""
    rows = study.table("new_images")
    if not len(rows) or not len(study.contrasts):
        return None
    sentence = (
        f"The verdicts speak of {speaks_of(study)}. The interval here is for new images like these "
        "too: seeds and images both vary. No verdict rests on it."
    )
    shown = rows.assign(
        metric=rows["metric"].map(wording.metric_label),
        new=wording.intervals(rows, "new_low", "new_high"),
    )
    columns = [
        *PAIR,
        Column("metric", "Metric"),
        Column("difference", "a − b", wording.signed),
        Column("new", f"{study.confidence} interval", note="for new seeds and new images"),
        Column("n", "Seeds", wording.count, "paired seeds"),
        Column("images", "Test images", wording.count),
        Column("groups", "Groups", wording.count, "of test images that change a score"),
        Column("seed_sd", "SD of seeds", wording.score, "how much the difference varies by seed"),
        Column("image_sd", "SD of images", wording.score, "how much it varies by group of images"),
        Column("rest_sd", "SD of the rest", wording.score),
        Column("note", "Note"),
        Column("missing", "Left out"),
    ]
    caption = "The contrasts for new images"
    table = build_table("new-images", caption, shown, columns, study.styles)
    return Section("What holds for new images", (sentence,), (table,), key="new-images")


def posterior_section(study: Study) -> Section | None:
    """Return the posterior of each difference in words; None where there is none."""
    sentences = tuple(_posteriors(study))
    if not sentences:
        return None
    caution = "A posterior does not correct for the number of contrasts; no verdict rests on it."
    return Section("The same contrasts as posteriors", (caution, *sentences), key="posterior")


def _posteriors(study: Study) -> Iterator[str]:
    for row in study.contrasts.to_dict("records"):
        shares = [row.get(f"rope_{place}") for place in ("below", "inside", "above")]
        if any(wording.missing(share) for share in shares):
            continue
        below, inside, above = (f"{float(str(share)):.0%}" for share in shares)
        margin = float(row.get("margin") or 0)
        name = wording.contrast_name(row)
        if margin == 0:
            yield f"{name}: the posterior gives {above} to a higher mean of {row['a']}."
        else:
            yield (
                f"{name}: the posterior gives {below} to a mean lower by more than "
                f"{margin:g}, {inside} to a difference within {margin:g}, {above} to a mean "
                "higher by more."
            )


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
    return Section("What more seeds would show", tuple(_costs(study)), (table,), key="plans")


def _costs(study: Study) -> Iterator[str]:
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
