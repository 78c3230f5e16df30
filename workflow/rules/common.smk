from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.pipeline import fork_server, resources, rule_params
from frugalseg.pipeline.plan_check import warn_of_weak_plans
from frugalseg.pipeline.start import start_workflow
from frugalseg.settings.labels import drawn

try:
    STUDY = start_workflow(
        workflow.overwrite_configfiles,
        workflow.config_settings.config,
        is_main_process=workflow.is_main_process,
    )
except FrugalsegError as error:
    raise WorkflowError(str(error)) from None

PLANS = STUDY.plans


wildcard_constraints:
    dataset="[A-Za-z0-9_]+",
    arm="[A-Za-z0-9_]+",
    seed=r"\d+",
    round=r"\d+",
    training="[A-Za-z0-9_]+",


def plan_of(wildcards):
    return PLANS[wildcards.dataset]


def arm_of(wildcards):
    return plan_of(wildcards).arms[wildcards.arm]


def runs_of(dataset):
    """Return arm and seed of every run of a data set."""
    return [
        (arm, seed) for arm, seeds in STUDY.seeds[dataset].items() for seed in seeds
    ]


def runs_on_pseudo_masks(dataset):
    arms = PLANS[dataset].arms
    return [run for run in runs_of(dataset) if arms[run[0]].settings.pseudo is not None]


def runs_that_buy_tags(dataset):
    return [run for run in runs_of(dataset) if PLANS[dataset].buys_tags(run[0])]


def of_runs(pattern, dataset, runs=None):
    """Return a file of each run, or of its last round; by default of all runs."""
    arms = PLANS[dataset].arms
    return [
        pattern.format(dataset=dataset, arm=arm, seed=seed, round=arms[arm].rounds[-1])
        for arm, seed in (runs_of(dataset) if runs is None else runs)
    ]


def of_rounds(pattern, dataset, runs=None):
    """Return a file of every round of each run; by default of all runs."""
    return [
        pattern.format(dataset=dataset, arm=arm, seed=seed, round=number)
        for arm, seed in (runs_of(dataset) if runs is None else runs)
        for number in PLANS[dataset].arms[arm].rounds
    ]


def of_round(pattern, wildcards, arm_and_round):
    """Return a file of a round of this data set and seed; nothing if there is no round."""
    if arm_and_round is None:
        return []
    arm, number = arm_and_round
    return pattern.format(
        dataset=wildcards.dataset, arm=arm, seed=wildcards.seed, round=number
    )


def if_needed(is_needed, pattern, wildcards):
    return pattern.format(**wildcards) if is_needed else []


def label_parent(wildcards):
    parent = plan_of(wildcards).parent(wildcards.arm, int(wildcards.round))
    return of_round(paths.LEDGER, wildcards, parent)


def label_model(wildcards):
    model = plan_of(wildcards).choosing_model(wildcards.arm, int(wildcards.round))
    return of_round(paths.MODEL, wildcards, model)


def acquisition_needs(wildcards, *kinds):
    """Return whether the acquisition needs one of `kinds` to buy this round's labels."""
    number = int(wildcards.round)
    return rule_params.asks(plan_of(wildcards), wildcards.arm, number, *kinds)


def label_pool_images(wildcards):
    is_needed = acquisition_needs(wildcards, "maps", "embeddings", "gradients")
    return if_needed(is_needed, paths.IMAGES, wildcards)


def label_oracle_masks(wildcards):
    """Return the masks for tags, drawings, and an acquisition that reads labels."""
    arm = arm_of(wildcards)
    is_needed = arm.tags is not None or bool(drawn(arm.settings.labels))
    is_needed = is_needed or acquisition_needs(wildcards, "masks", "tags")
    return if_needed(is_needed, paths.MASKS, wildcards)


def train_masks(wildcards):
    """Return the masks unless an arm's ledger cannot hold any."""
    is_needed = plan_of(wildcards).buys_masks(wildcards.arm)
    return if_needed(is_needed, paths.MASKS, wildcards)


def train_start(wildcards):
    start = plan_of(wildcards).start_model(wildcards.arm, int(wildcards.round))
    return of_round(paths.MODEL, wildcards, start)


def train_split(wildcards):
    """Return the split for an arm that learns from unlabeled images; nothing for others."""
    return if_needed(arm_of(wildcards).unlabeled is not None, paths.SPLIT, wildcards)


def train_length(wildcards):
    """Return the length of an arm's training where it is chosen; nothing for a fixed one."""
    name = arm_of(wildcards).length_name
    return paths.LENGTH.format(dataset=wildcards.dataset, training=name) if name else []


def length_arm(wildcards):
    return plan_of(wildcards).length_arm(wildcards.training)


def length_threads(wildcards):
    return max(resources.LENGTH_THREADS, length_arm(wildcards).training.threads)


def length_run(wildcards):
    """Return the run that a length is chosen on; it names the files that the rule reads."""
    return rule_params.length(STUDY, wildcards.dataset, wildcards.training)


def train_pseudo_masks(wildcards):
    is_needed = arm_of(wildcards).settings.pseudo is not None
    return if_needed(is_needed, paths.PSEUDO_MASKS, wildcards)


def pseudo_model(wildcards):
    parent = plan_of(wildcards).parent(wildcards.arm, arm_of(wildcards).rounds[0])
    return of_round(paths.MODEL, wildcards, parent)


def report_tag_tables(wildcards):
    """Return the tables on tags that a data set's report shows; none for one without tags."""
    tables = rule_params.tag_tables(plan_of(wildcards))
    return expand(paths.TABLE, dataset=wildcards.dataset, table=tables)


def cluster_resources(request, arm=lambda wildcards: wildcards.arm):
    """Return the resources of a rule by a function of `resources`; a retry asks for more."""

    def asked(wildcards):
        return request(STUDY, wildcards.dataset, arm(wildcards))

    return {
        "mem_mb": lambda wildcards, attempt: asked(wildcards).mem_mb * attempt,
        "runtime": lambda wildcards, attempt: asked(wildcards).runtime * attempt,
        "vram_mb": lambda wildcards: asked(wildcards).vram_mb,
    }


TRAINING = cluster_resources(resources.training_request)
PREDICTION = cluster_resources(resources.prediction_request)
LENGTH = cluster_resources(
    resources.length_request, lambda wildcards: length_arm(wildcards).name
)
