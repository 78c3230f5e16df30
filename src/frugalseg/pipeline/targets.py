"""The coarse stages that DVC sees, as targets of the workflow."""

from frugalseg.core.errors import FrugalsegError
from frugalseg.params import Params, plan
from frugalseg.pipeline import rule_params

STAGES = ("data", "train", "evaluate", "statistics", "report", "index")

RULES = {
    **dict.fromkeys(("download", "prepare", "split"), "data"),
    **dict.fromkeys(("label", "pseudo", "train"), "train"),
    **dict.fromkeys(("evaluate", "refine", "score"), "evaluate"),
    **dict.fromkeys(("test", "ladder", "shortcut"), "statistics"),
    **dict.fromkeys(("plot", "jobs", "report"), "report"),
    "index": "index",
}
"""The stage that holds what a rule makes."""


def targets(stage: str, params: Params, dataset: str | None) -> list[str]:
    """Return the files that one DVC stage has to make; `index` is over all data sets of `run`.

    Raises:
        FrugalsegError: an unknown stage or data set, or none for a stage that is of one.
    """
    if stage not in STAGES:
        raise FrugalsegError(f"Unknown stage {stage!r}. Known: {', '.join(STAGES)}.")
    if stage == "index":
        return ["reports/all"]
    if dataset not in params.datasets:
        raise FrugalsegError(
            f"Stage {stage!r} is of one data set; found {dataset!r}. "
            f"Known: {', '.join(params.datasets)}."
        )
    results, planned = f"results/{dataset}", plan(params, dataset)
    made = {
        "data": [
            f"data/prepared/{dataset}/card.json",
            *(f"{results}/split/seed-{seed}.csv" for seed in params.seed_list),
        ],
        "train": [
            f"{results}/train/{arm.name}/seed-{seed}/round-{number}/model.safetensors"
            for arm in planned.arms.values()
            for seed in params.seed_list
            for number in arm.rounds
        ],
        "evaluate": [
            f"{results}/scores.csv",
            f"{results}/metrics.json",
            f"{results}/confusion.csv",
            *(
                f"{results}/evaluate/{arm.name}/seed-{seed}/refined.parquet"
                for arm in planned.arms.values()
                if arm.settings.pseudo is not None
                for seed in params.seed_list
            ),
        ],
        "statistics": [
            f"{results}/statistics/{name}.csv"
            for name in ("contrasts", *rule_params.tag_tables(planned))
        ],
        "report": [f"reports/{dataset}/index.html"],
    }
    return made[stage]
