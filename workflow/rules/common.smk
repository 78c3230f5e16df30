from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.pipeline import fork_server, resources, rule_params
from frugalseg.pipeline.start import start_workflow

try:
    STUDY = start_workflow(
        workflow.overwrite_configfiles,
        workflow.config_settings.config,
        is_main_process=workflow.is_main_process,
    )
except FrugalsegError as error:
    raise WorkflowError(str(error)) from None

PLANS = STUDY.plans
SEEDS = STUDY.params.seed_list


wildcard_constraints:
    dataset="[A-Za-z0-9_]+",
    arm="[A-Za-z0-9_]+",
    seed=r"\d+",
    round=r"\d+",


def arm_of(wildcards):
    return PLANS[wildcards.dataset].arms[wildcards.arm]


def runs_of(dataset):
    """Return arm and seed of every run of a data set."""
    return [(arm, seed) for arm in PLANS[dataset].arms for seed in SEEDS]


def runs_on_pseudo_masks(dataset):
    arms = PLANS[dataset].arms
    return [run for run in runs_of(dataset) if arms[run[0]].settings.pseudo is not None]


def runs_that_buy_tags(dataset):
    return [run for run in runs_of(dataset) if PLANS[dataset].buys_tags(run[0])]


def of_runs(pattern, dataset, runs):
    """Name a file of every run, or of its last round."""
    arms = PLANS[dataset].arms
    return [
        pattern.format(dataset=dataset, arm=arm, seed=seed, round=arms[arm].rounds[-1])
        for arm, seed in runs
    ]


def of_all_runs(pattern, dataset):
    return of_runs(pattern, dataset, runs_of(dataset))


def of_all_rounds(pattern, dataset):
    """Name a file of every round of every run."""
    arms = PLANS[dataset].arms
    return [
        pattern.format(dataset=dataset, arm=arm, seed=seed, round=number)
        for arm, seed in runs_of(dataset)
        for number in arms[arm].rounds
    ]


def of_round(pattern, wildcards, arm_and_round):
    """Name a file of another round of this data set and seed; nothing if there is no round."""
    if arm_and_round is None:
        return []
    arm, number = arm_and_round
    return pattern.format(
        dataset=wildcards.dataset, arm=arm, seed=wildcards.seed, round=number
    )


def of_stack(pattern, wildcards, is_needed):
    """Name a file of the stack if it is needed; nothing otherwise."""
    return pattern.format(dataset=wildcards.dataset) if is_needed else []


def label_parent(wildcards):
    parent = PLANS[wildcards.dataset].parent(wildcards.arm, int(wildcards.round))
    return of_round(paths.LEDGER, wildcards, parent)


def label_model(wildcards):
    plan, number = PLANS[wildcards.dataset], int(wildcards.round)
    return of_round(paths.MODEL, wildcards, plan.choosing_model(wildcards.arm, number))


def label_needs(wildcards, *kinds):
    """Say whether the acquisition needs one of `kinds` to buy this round's labels."""
    plan, number = PLANS[wildcards.dataset], int(wildcards.round)
    return rule_params.asks(plan, wildcards.arm, number, *kinds)


def label_pool_images(wildcards):
    is_needed = label_needs(wildcards, "maps", "embeddings", "gradients")
    return of_stack(paths.IMAGES, wildcards, is_needed)


def label_oracle_masks(wildcards):
    """Name the masks for tags of tiles, and for an acquisition that looks at labels."""
    is_needed = label_needs(wildcards, "masks") or arm_of(wildcards).tags is not None
    return of_stack(paths.MASKS, wildcards, is_needed)


def label_threads(wildcards):
    return train_threads(wildcards) if label_model(wildcards) else 1


def train_masks(wildcards):
    """Name the masks unless an arm's ledger cannot hold any."""
    is_needed = PLANS[wildcards.dataset].buys_masks(wildcards.arm)
    return of_stack(paths.MASKS, wildcards, is_needed)


def train_start(wildcards):
    plan, number = PLANS[wildcards.dataset], int(wildcards.round)
    return of_round(paths.MODEL, wildcards, plan.start_model(wildcards.arm, number))


def train_split(wildcards):
    """Name the split for an arm that learns from unlabeled images; nothing for others."""
    has_unlabeled = arm_of(wildcards).unlabeled is not None
    return paths.SPLIT.format(**wildcards) if has_unlabeled else []


def train_pseudo_masks(wildcards):
    is_drawn = arm_of(wildcards).settings.pseudo is not None
    return paths.PSEUDO_MASKS.format(**wildcards) if is_drawn else []


def train_threads(wildcards):
    return arm_of(wildcards).training.threads


def train_memory(wildcards, attempt):
    asked = resources.training_request(STUDY, wildcards.dataset, wildcards.arm)
    return asked.mem_mb * attempt


def train_minutes(wildcards, attempt):
    asked = resources.training_request(STUDY, wildcards.dataset, wildcards.arm)
    return asked.runtime * attempt


def train_gpu_memory(wildcards):
    asked = resources.training_request(STUDY, wildcards.dataset, wildcards.arm)
    return asked.vram_mb


def pseudo_model(wildcards):
    plan, first = PLANS[wildcards.dataset], arm_of(wildcards).rounds[0]
    return of_round(paths.MODEL, wildcards, plan.pseudo_model(wildcards.arm, first))


def refine_listing(wildcards):
    first = wildcards.arm, arm_of(wildcards).rounds[0]
    return of_round(paths.PSEUDO_LISTING, wildcards, first)


def evaluate_models(wildcards):
    rounds = [(wildcards.arm, number) for number in arm_of(wildcards).rounds]
    return [of_round(paths.MODEL, wildcards, one) for one in rounds]


def evaluate_ledgers(wildcards):
    rounds = [(wildcards.arm, number) for number in arm_of(wildcards).rounds]
    return [of_round(paths.LEDGER, wildcards, one) for one in rounds]


def ladder_refined(wildcards):
    dataset = wildcards.dataset
    return of_runs(paths.REFINED, dataset, runs_on_pseudo_masks(dataset))


def shortcut_counts(wildcards):
    dataset = wildcards.dataset
    return of_runs(paths.COUNTS, dataset, runs_that_buy_tags(dataset))


def shortcut_ledgers(wildcards):
    dataset = wildcards.dataset
    return of_runs(paths.LEDGER, dataset, runs_that_buy_tags(dataset))


def report_tag_tables(wildcards):
    """Name the tables on tags that a data set's report shows; none for one without tags."""
    tables = rule_params.tag_tables(PLANS[wildcards.dataset])
    return expand(paths.TABLE, dataset=wildcards.dataset, table=tables)


def predict_memory(wildcards, attempt):
    asked = resources.prediction_request(STUDY, wildcards.dataset, wildcards.arm)
    return asked.mem_mb * attempt


def predict_minutes(wildcards, attempt):
    asked = resources.prediction_request(STUDY, wildcards.dataset, wildcards.arm)
    return asked.runtime * attempt


def predict_gpu_memory(wildcards):
    asked = resources.prediction_request(STUDY, wildcards.dataset, wildcards.arm)
    return asked.vram_mb


PREDICTION = {
    "mem_mb": predict_memory,
    "runtime": predict_minutes,
    "vram_mb": predict_gpu_memory,
}
"""The resources of rules that show images to models."""
