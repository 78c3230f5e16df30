"""What was planned before there were results, and what the number of seeds cannot show at all."""

from collections.abc import Iterator

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.table import Section
from frugalseg.statistics.paired import smallest_rank_p


def standing_section(study: Study) -> Section | None:
    """Return how far the contrasts may be believed; None without any."""
    if not len(study.contrasts):
        return None
    sentences = (*_planned(study), *_seeds_added(study), *_rank_tests(study), *_missing(study))
    return Section("What was planned, and what the seeds can show", sentences, key="standing")


def _planned(study: Study) -> Iterator[str]:
    if "standing" not in study.contrasts:
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
            f"{'; '.join(map(wording.contrast_name, late))}. "
            f"{'That is' if len(late) == 1 else 'Those are'} exploratory: results that suggest a "
            "contrast cannot confirm it too, whatever its p-value."
        )
    else:
        yield "All contrasts were planned before there were results: they are confirmatory."


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
