"""A made-up study with a plan whose verdicts are known."""

from dataclasses import replace

from frugalseg.reporting.load.study import Study


def planned(study: Study) -> Study:
    """`random` is worse than `full` and better than `mean_teacher`."""
    rows = study.contrasts.iloc[[0] * 3].assign(
        a="random",
        b=["full", "mean_teacher", "entropy"],
        difference=[-0.1, 0.04, 0.0],
        verdict=["worse", "better", "undecided"],
        at="final",
        margin=0.02,
    )
    return replace(study, contrasts=rows)
