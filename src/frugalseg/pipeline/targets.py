"""The coarse stages that DVC sees, as targets of the workflow."""

from collections.abc import Callable, Iterator

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.params import Params, Plan, plan
from frugalseg.pipeline import rule_params
from frugalseg.pipeline.rules import STAGES


def targets(stage: str, params: Params, dataset: str | None) -> list[str]:
    """Return the files that one DVC stage has to make; `index` is over all data sets of `run`.

    Raises:
        FrugalsegError: an unknown stage or data set, or none for a stage that is of one.
    """
    if stage not in STAGES:
        raise FrugalsegError(f"Unknown stage {stage!r}. Known: {', '.join(STAGES)}.")
    if stage == "index":
        return [paths.ALL_REPORTS]
    if dataset is None or dataset not in params.datasets:
        raise FrugalsegError(
            f"Stage {stage!r} is of one data set; found {dataset!r}. "
            f"Known: {', '.join(params.datasets)}."
        )
    return list(_FILES[stage](plan(params, dataset), params.seed_list))


def _data(plan: Plan, seeds: list[int]) -> Iterator[str]:
    yield paths.CARD.format(dataset=plan.dataset)
    for seed in seeds:
        yield paths.SPLIT.format(dataset=plan.dataset, seed=seed)


def _train(plan: Plan, seeds: list[int]) -> Iterator[str]:
    for arm in plan.arms.values():
        for seed in seeds:
            for number in arm.rounds:
                yield paths.MODEL.format(
                    dataset=plan.dataset, arm=arm.name, seed=seed, round=number
                )


def _evaluate(plan: Plan, seeds: list[int]) -> Iterator[str]:
    for pattern in (paths.SCORES, paths.METRICS, paths.CONFUSION):
        yield pattern.format(dataset=plan.dataset)
    for arm in plan.arms.values():
        if arm.settings.pseudo is not None:
            for seed in seeds:
                yield paths.REFINED.format(dataset=plan.dataset, arm=arm.name, seed=seed)


def _statistics(plan: Plan, _: list[int]) -> Iterator[str]:
    for table in ("contrasts", *rule_params.tag_tables(plan)):
        yield paths.TABLE.format(dataset=plan.dataset, table=table)


def _report(plan: Plan, _: list[int]) -> Iterator[str]:
    yield paths.PAGE.format(dataset=plan.dataset)


_FILES: dict[str, Callable[[Plan, list[int]], Iterator[str]]] = {
    "data": _data,
    "train": _train,
    "evaluate": _evaluate,
    "statistics": _statistics,
    "report": _report,
}
