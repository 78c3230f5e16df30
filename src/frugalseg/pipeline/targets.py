"""The coarse stages that DVC runs, as targets of the workflow."""

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.params import Params, plan
from frugalseg.params.decisions import seeds_of_arms
from frugalseg.pipeline import rule_params


def targets(stage: str, params: Params, dataset: str | None) -> list[str]:
    """Return the files that one DVC stage makes; `index` is for all data sets of `run`.

    Raises:
        FrugalsegError: an unknown data set, or none for a stage that needs one.
    """
    if stage == "index":
        return [paths.ALL_REPORTS]
    if dataset is None or dataset not in params.datasets:
        raise FrugalsegError(
            f"Stage {stage!r} is for one data set; found {dataset!r}. "
            f"Known: {', '.join(params.datasets)}."
        )
    planned = plan(params, dataset)
    runs = [
        (planned.arms[arm], {"dataset": dataset, "arm": arm, "seed": str(seed)})
        for arm, seeds in seeds_of_arms(params, planned).items()
        for seed in seeds
    ]
    splits = dict.fromkeys(paths.SPLIT.format(**run) for _, run in runs)
    data = (paths.SCORES, paths.METRICS, paths.CONFUSION)
    tables = ("contrasts", *rule_params.tag_tables(planned))
    files = {
        "data": [paths.CARD.format(dataset=dataset), *splits],
        "train": [paths.MODEL.format(**run, round=n) for arm, run in runs for n in arm.rounds],
        "evaluate": [
            *(pattern.format(dataset=dataset) for pattern in data),
            *(paths.REFINED.format(**run) for arm, run in runs if arm.settings.pseudo is not None),
        ],
        "statistics": [paths.TABLE.format(dataset=dataset, table=table) for table in tables],
        "report": [pattern.format(dataset=dataset) for pattern in (paths.PAGE, paths.DETAILS)],
    }
    return files[stage]
