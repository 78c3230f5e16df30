"""Whether the planned seeds can decide the planned contrasts, said once when a run starts."""

import logging
from collections.abc import Iterator

from frugalseg.core.text import plural
from frugalseg.params import Params

LARGE_D_Z = 2.0
"""Differences between arms that are larger than this, over their scatter, are rare."""


def warn_of_weak_plans(params: Params, logger: logging.Logger) -> None:
    """Log what `weak_plans` finds."""
    for warning in weak_plans(params):
        logger.warning(warning)


def weak_plans(params: Params) -> Iterator[str]:
    """Yield a warning for each data set in `run` with a contrast that its seeds hardly decide.

    That is one whose difference must exceed `LARGE_D_Z` standard deviations over seeds to be shown
    4 times in 5.
    """
    # scipy takes a second to import, which a dry run should not pay
    from frugalseg.statistics.planning import decision_table

    seeds = len(params.seed_list)
    for dataset in params.run:
        contrasts = params.contrasts.get(dataset, [])
        if not contrasts:
            continue
        needed = decision_table(contrasts, params.statistics, seeds)["d_z"].max()
        if needed <= LARGE_D_Z:
            continue
        count = plural(len(contrasts), "planned contrast")
        problem = (
            f"with {seeds} seeds, the hardest of {count} is decided 4 times in 5 only if its "
            f"difference is {needed:.1f} times its scatter over seeds"
            if seeds > 1
            else f"with 1 seed, none of {count} can be decided"
        )
        yield (
            f"{dataset}: {problem}. Plan more seeds or fewer contrasts, or set statistics.order, "
            f"in params.yaml; `frugalseg power {dataset}` says what a plan can decide."
        )
