"""What was planned before there were results, and what the number of seeds cannot show at all."""

from collections.abc import Iterator

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.part import Part
from frugalseg.statistics.paired import smallest_rank_p


def standing_part(study: Study) -> Part | None:
    """Say how far the contrasts may be believed; None without any."""
    if not len(study.contrasts):
        return None
    sentences = (*_planned(study), *_seeds_added(study), *_rank_tests(study), *_missing(study))
    return Part("standing", "What was planned, and what the seeds can show", sentences)


def _planned(study: Study) -> Iterator[str]:
    if "standing" not in study.contrasts:
        return
    rows = study.contrasts
    names = [f"{a} against {b} ({wording.metric_label(metric)})" for a, b, metric in
             zip(rows["a"], rows["b"], rows["metric"], strict=True)]  # fmt: skip
    late = [n for n, word in zip(names, rows["standing"], strict=True) if word == "exploratory"]
    if (rows["standing"] == "unknown").any():
        yield (
            "Nothing was kept that says which contrasts were planned before there were results: "
            "read them as exploratory."
        )
    elif late:
        yield (
            f"Added or changed after results existed: {'; '.join(late)}. "
            f"{'That is' if len(late) == 1 else 'Those are'} exploratory: what a look at results "
            "has suggested is not confirmed by the same results, whatever its p."
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
    least = sorted({int(n) for n in study.contrasts["n"] if n > 0})
    for n in least:
        smallest = smallest_rank_p(n)
        if smallest > study.alpha:
            yield (
                f"With {wording.plural(n, 'paired seed')} Wilcoxon and sign flips cannot fall "
                f"below p = {smallest:.3g}, whatever the data: that they show nothing at "
                f"{study.alpha:.0%} means nothing."
            )


def _missing(study: Study) -> Iterator[str]:
    if "missing" not in study.contrasts:
        return
    for row in study.contrasts.to_dict("records"):
        if not wording.missing(row["missing"]) and str(row["missing"]):
            yield f"Left out of {row['a']} against {row['b']}: {row['missing']}."
