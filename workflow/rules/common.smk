import os
from pathlib import Path

from frugalseg.errors import FrugalsegError
from frugalseg import params as parameters
from frugalseg.pipeline import settings, warm

try:
    PARAMS = parameters.parse(config)
    PLANS = settings.plans(PARAMS)
except FrugalsegError as error:
    raise WorkflowError(str(error)) from None

# where `file:` sources are looked for besides the current folder
SEARCH = list(filter(None, [os.environ.get("FRUGALSEG_DATA")]))
SEEDS = PARAMS.seed_list

PREPARED = "data/prepared/{dataset}"
SPLIT = "results/{dataset}/split/seed-{seed}.csv"
LEAKS = "results/{dataset}/split/leaks-seed-{seed}.csv"
ROUND = "results/{dataset}/train/{arm}/seed-{seed}/round-{round}"
EVALUATED = "results/{dataset}/evaluate/{arm}/seed-{seed}"
STATISTICS = "results/{dataset}/statistics"


wildcard_constraints:
    dataset="[A-Za-z0-9_]+",
    arm="[A-Za-z0-9_]+",
    seed=r"\d+",
    round=r"\d+",


def round_file(wildcards, parent, name):
    """Name a file of an arm's round for the data set and seed of `wildcards`; nothing for none."""
    if parent is None:
        return []
    arm, number = parent
    names = {"dataset": wildcards.dataset, "arm": arm, "seed": wildcards.seed}
    return f"{ROUND}/{name}".format(**names, round=number)


def parent_ledger(wildcards):
    plan = PLANS[wildcards.dataset]
    return round_file(
        wildcards, plan.parent(wildcards.arm, int(wildcards.round)), "labels.csv"
    )


def start_model(wildcards):
    plan = PLANS[wildcards.dataset]
    parent = plan.start_model(wildcards.arm, int(wildcards.round))
    return round_file(wildcards, parent, "model.safetensors")


def rounds_of(wildcards):
    return PLANS[wildcards.dataset].arms[wildcards.arm].rounds


def per_run(pattern):
    """Return an input function: `pattern` for every arm and seed of a data set."""
    return lambda wildcards: [
        pattern.format(
            dataset=wildcards.dataset, arm=arm, seed=seed, round=plan.rounds[-1]
        )
        for arm, plan in PLANS[wildcards.dataset].arms.items()
        for seed in SEEDS
    ]


def per_round(name):
    """Return an input function: the file `name` of every round of every run of a data set."""
    return lambda wildcards: [
        f"{ROUND}/{name}".format(
            dataset=wildcards.dataset, arm=arm, seed=seed, round=number
        )
        for arm, plan in PLANS[wildcards.dataset].arms.items()
        for seed in SEEDS
        for number in plan.rounds
    ]


def heavy_jobs(jobs):
    """Count the jobs that import the deep learning libraries."""
    return sum(job.rule.name in {"train", "evaluate"} for job in jobs)
