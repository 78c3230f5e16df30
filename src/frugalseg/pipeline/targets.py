"""The coarse stages that DVC sees, as targets of the workflow."""

from frugalseg.errors import FrugalsegError
from frugalseg.params import Params, plan

STAGES = ("data", "train", "evaluate", "statistics", "report")


def targets(stage: str, params: Params, dataset: str | None) -> list[str]:
    """Return the files that one DVC stage has to make; `report` is over all data sets of `run`.

    Raises:
        FrugalsegError: an unknown stage or data set, or none for a stage that is of one.
    """
    if stage not in STAGES:
        raise FrugalsegError(f"Unknown stage {stage!r}. Known: {', '.join(STAGES)}.")
    if stage == "report":
        return ["reports/all"]
    if dataset not in params.datasets:
        raise FrugalsegError(
            f"Stage {stage!r} is of one data set; found {dataset!r}. "
            f"Known: {', '.join(params.datasets)}."
        )
    results = f"results/{dataset}"
    made = {
        "data": [
            f"data/prepared/{dataset}/card.json",
            *(f"{results}/split/seed-{seed}.csv" for seed in params.seed_list),
        ],
        "train": [
            f"{results}/train/{arm.name}/seed-{seed}/round-{number}/model.safetensors"
            for arm in plan(params, dataset).arms.values()
            for seed in params.seed_list
            for number in arm.rounds
        ],
        "evaluate": [f"{results}/{n}" for n in ("scores.csv", "metrics.json", "confusion.csv")],
        "statistics": [f"{results}/statistics/contrasts.csv"],
    }
    return made[stage]
