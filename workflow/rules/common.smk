import inspect
import os
import sys
from pathlib import Path

from snakemake.common import overwrite_function_params
from snakemake.resources import Resource

from frugalseg import params as parameters
from frugalseg.core.errors import FrugalsegError
from frugalseg.pipeline import digest, fork_server, resources, rule_params, runner

try:
    if workflow.is_main_process:
        sys.stderr.write(runner.begin())
    digest.remember(write=workflow.is_main_process)
    PARAMS = parameters.load(
        Path("params.yaml"),
        *workflow.overwrite_configfiles,
        overrides=workflow.config_settings.config,
    )
    PLANS = rule_params.plans(PARAMS)
except FrugalsegError as error:
    raise WorkflowError(str(error)) from None

# where `file:` sources are looked for besides the current folder
SEARCH = list(filter(None, [os.environ.get("FRUGALSEG_DATA")]))
SEEDS = PARAMS.seed_list
TRAININGS = resources.trainings(PARAMS, PLANS)

PREPARED = "data/prepared/{dataset}"
SPLIT = "results/{dataset}/split/seed-{seed}.csv"
LEAKS = "results/{dataset}/split/leaks-seed-{seed}.csv"
ROUND = "results/{dataset}/train/{arm}/seed-{seed}/round-{round}"
EVALUATED = "results/{dataset}/evaluate/{arm}/seed-{seed}"
STATISTICS = "results/{dataset}/statistics"
TABLES = ["contrasts", "curve", "budgets", "labels", "ranking", "pairs"]
TABLES += ["sensitivity", "plans", "costs"]
# no output of a rule: those are deleted before a job, and this is only ever added to
REGISTRATION = "results/{dataset}/preregistration.json"


wildcard_constraints:
    dataset="[A-Za-z0-9_]+",
    arm="[A-Za-z0-9_]+",
    seed=r"\d+",
    round=r"\d+",


def of_job(function):
    """Note a function's parameters, which Snakemake looks up at each of many calls."""
    overwrite_function_params(function, inspect.signature(function).parameters)
    return function


# Snakemake's own: it is looked up twice for each of a job's resources
of_job(Resource.evaluate)


def lift_default_limit(workflow):
    """Let jobs start without a rate unless one was asked for.

    With a rate, Snakemake looks for jobs to start once a second, and with every job that has ended
    once more a second, each time in a thread of its own: 400 jobs leave 400 of them.
    """
    limit = workflow.scheduling_settings.max_jobs_per_timespan
    if limit is not None and (limit.max_jobs, limit.timespan) == (100, 1):
        workflow.scheduler.job_rate_limiter = None


def once(function, other="arm"):
    """Return a parameter function whose value is worked out once for a data set and arm.

    `other` names what its value depends on besides the data set.
    """
    known = {}

    @of_job
    def value(wildcards):
        key = wildcards.dataset, wildcards.get(other)
        if key not in known:
            known[key] = function(wildcards)
        return known[key]

    return value


def round_file(wildcards, parent, name):
    """Name a file of an arm's round for the data set and seed of `wildcards`; nothing for none."""
    if parent is None:
        return []
    arm, number = parent
    names = {"dataset": wildcards.dataset, "arm": arm, "seed": wildcards.seed}
    return f"{ROUND}/{name}".format(**names, round=number)


@of_job
def parent_ledger(wildcards):
    plan = PLANS[wildcards.dataset]
    return round_file(
        wildcards, plan.parent(wildcards.arm, int(wildcards.round)), "labels.csv"
    )


@of_job
def start_model(wildcards):
    plan = PLANS[wildcards.dataset]
    parent = plan.start_model(wildcards.arm, int(wildcards.round))
    return round_file(wildcards, parent, "model.safetensors")


@of_job
def choosing_model(wildcards):
    plan = PLANS[wildcards.dataset]
    parent = plan.choosing_model(wildcards.arm, int(wildcards.round))
    return round_file(wildcards, parent, "model.safetensors")


def stack_file(wildcards, name, needed):
    """Name a file of the stack if it is needed; nothing otherwise."""
    return f"{PREPARED}/{name}".format(dataset=wildcards.dataset) if needed else []


@of_job
def pool_images(wildcards):
    """Name the images where a choice looks at them."""
    plan, number = PLANS[wildcards.dataset], int(wildcards.round)
    kinds = "maps", "embeddings", "gradients"
    looks = rule_params.asks(plan, wildcards.arm, number, *kinds)
    return stack_file(wildcards, "images.npy", looks)


@of_job
def training_threads(wildcards):
    return PLANS[wildcards.dataset].arms[wildcards.arm].training.threads


@of_job
def label_threads(wildcards):
    return training_threads(wildcards) if choosing_model(wildcards) else 1


@of_job
def split_of_unlabeled(wildcards):
    """Name the split for an arm that learns from unlabeled images; nothing for others."""
    arm = PLANS[wildcards.dataset].arms[wildcards.arm]
    return [] if arm.unlabeled is None else SPLIT.format(**wildcards)


@of_job
def rounds_of(wildcards):
    return PLANS[wildcards.dataset].arms[wildcards.arm].rounds


def of_rounds(name):
    """Return an input function: the file `name` of every round of a run."""
    return of_job(
        lambda wildcards: [
            round_file(wildcards, (wildcards.arm, number), name)
            for number in rounds_of(wildcards)
        ]
    )


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
    heavy = {"train", "evaluate", "pseudo", "refine"}
    return sum(job.rule.name in heavy for job in jobs)


@of_job
def oracle_masks(wildcards):
    """Name the masks where they answer: to tags of tiles, and to a choice that looks at labels."""
    plan, number = PLANS[wildcards.dataset], int(wildcards.round)
    looks = rule_params.asks(plan, wildcards.arm, number, "masks")
    tagged = plan.arms[wildcards.arm].tags is not None
    return stack_file(wildcards, "masks.npy", looks or tagged)


@of_job
def bought_masks(wildcards):
    """Name the masks only where an arm's ledger can hold any."""
    bought = PLANS[wildcards.dataset].buys_masks(wildcards.arm)
    return stack_file(wildcards, "masks.npy", bought)


@of_job
def pseudo_masks(wildcards):
    drawn = PLANS[wildcards.dataset].arms[wildcards.arm].settings.pseudo is not None
    return (
        round_file(wildcards, (wildcards.arm, wildcards.round), "pseudo.npy")
        if drawn
        else []
    )


@of_job
def pseudo_model(wildcards):
    plan = PLANS[wildcards.dataset]
    number = plan.arms[wildcards.arm].rounds[0]
    parent = plan.pseudo_model(wildcards.arm, number)
    return round_file(wildcards, parent, "model.safetensors")


@of_job
def pseudo_listing(wildcards):
    number = PLANS[wildcards.dataset].arms[wildcards.arm].rounds[0]
    return round_file(wildcards, (wildcards.arm, number), "pseudo.csv")


def every_run(wildcards):
    """Return arm and seed of every run of a data set."""
    return [(arm, seed) for arm in PLANS[wildcards.dataset].arms for seed in SEEDS]


def runs_with(dataset, choose):
    """Return arm and seed of every run of the arms that `choose` (plan, name) chooses."""
    plan = PLANS[dataset]
    return [(arm, seed) for arm in plan.arms if choose(plan, arm) for seed in SEEDS]


def draws(plan, arm):
    return plan.arms[arm].settings.pseudo is not None


def of_runs(pattern, choose):
    """Return an input function: `pattern` for every run of the chosen arms of a data set."""
    return lambda wildcards: [
        pattern.format(
            dataset=wildcards.dataset,
            arm=arm,
            seed=seed,
            round=PLANS[wildcards.dataset].arms[arm].rounds[-1],
        )
        for arm, seed in runs_with(wildcards.dataset, choose)
    ]


def tag_tables(wildcards):
    """Name the tables on tags that a data set's report shows; none for one without tags."""
    made = rule_params.tag_tables(PLANS[wildcards.dataset])
    return [f"{STATISTICS}/{name}.csv".format(**wildcards) for name in made]


def training_request(wildcards):
    return TRAININGS[wildcards.dataset, wildcards.arm]


def prediction_request(wildcards):
    size = PARAMS.datasets[wildcards.dataset].image_size
    return resources.prediction(size, len(rounds_of(wildcards)))


def asked(request, name):
    """Return a resource function: what `request` names, and with every attempt as much again."""
    return of_job(
        lambda wildcards, attempt: getattr(request(wildcards), name) * attempt
    )


def asked_once(request, name):
    return of_job(lambda wildcards: getattr(request(wildcards), name))
