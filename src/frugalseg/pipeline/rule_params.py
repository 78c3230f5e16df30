"""The part of `params.yaml` that each rule reads, so that an unrelated edit reruns nothing.

The functions return plain values, defaults included. Snakemake records them with the outputs and
compares them, so that a changed default reruns what reads it. Those of many jobs are cached.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from frugalseg.acquisition import ACQUISITIONS, STARTS
from frugalseg.core.registry import lookup, module_of
from frugalseg.data.kinds import KINDS
from frugalseg.inference import POOL_INPUTS, START_FEATURES
from frugalseg.ingest.fetch.local_source import PREFIX, data_folders, fingerprint
from frugalseg.ingest.readers import DATASETS
from frugalseg.ingest.synthetic import SCENES
from frugalseg.metrics.metric import FUNCTIONS
from frugalseg.models import ARCHITECTURES
from frugalseg.params import Arm, Params, Plan, plan
from frugalseg.params.decisions import seeds_of_arms
from frugalseg.pipeline.digest import digest, digest_files, digest_script
from frugalseg.provenance.export import fetched_from
from frugalseg.provenance.hashes import SOURCES, Hashes
from frugalseg.settings.section import EVENLY, QueryParams, Section
from frugalseg.statistics.preregistration import digest_of
from frugalseg.strategies import STRATEGIES
from frugalseg.training import LOSSES

Settings = dict[str, Any]


@dataclass(frozen=True, eq=False)  # a key of caches, by identity
class Study:
    """The parameters of a run of the workflow, and for every data set in it the plan and seeds.

    Attributes:
        seeds: data set -> arm -> its seeds.
    """

    params: Params
    plans: Mapping[str, Plan]
    seeds: Mapping[str, Mapping[str, list[int]]]

    @classmethod
    def of(cls, params: Params) -> "Study":
        """Return the study of the data sets that `run` names, in the current folder."""
        plans = {name: plan(params, name) for name in params.run}
        seeds = {name: seeds_of_arms(params, this) for name, this in plans.items()}
        return cls(params, plans, seeds)


def dump(section: Section, *names: str) -> Settings:
    """Return a section as plain values: the named fields, or all."""
    return section.model_dump(mode="json", include=set(names) or None)


@cache
def download(study: Study, dataset: str) -> Settings:
    """Return what fetching the archive reads, with the fingerprint of a local source.

    If the source is missing, as in most clones, the fingerprint is that of the fetched archive.
    """
    entry = study.params.datasets[dataset]
    hashes = Hashes(SOURCES)
    current = fingerprint(entry.source, data_folders(), lambda path: hashes.of(str(path)))
    hashes.save()
    if not current and entry.source.startswith(PREFIX):
        current = fetched_from(dataset)
    return dump(entry, "source", "sha256", "md5", "scene") | {"fingerprint": current}


def prepare(study: Study, dataset: str) -> Settings:
    """Return what turning an archive into a stack reads."""
    entry = study.params.datasets[dataset]
    names = ("reader", "source", "classes", "options", "image_size", "channels", "mask", "limits")
    return dump(entry, *names, "duplicates", "tile" if entry.tile else "fit")


@cache
def split(study: Study, dataset: str) -> Settings:
    """Return the shares of the split."""
    return dump(study.params.datasets[dataset].split)


@cache
def label(study: Study, dataset: str, arm: str) -> Settings:
    """Return what an arm buys, and what its acquisition reads."""
    planned = study.plans[dataset].arms[arm]
    this = planned.settings
    query = dump(this.query) if isinstance(this.query, QueryParams) else this.query
    settings: Settings = {"labels": this.labels, "acquire": this.acquire, "query": query}
    settings |= {"rounds": planned.rounds[-1]} if query == EVENLY else {}
    settings |= {"tags": dump(planned.tags)} if planned.tags is not None else {}
    if this.labels is not None or planned.tags is not None:
        settings["start"] = study.plans[dataset].start_values(arm)
    settings["validation"] = planned.training.validation == "split"
    if this.acquire is None:
        return settings
    options: Settings = {"region": dump(this.region) if this.region else None}
    if needs(planned) == "maps":
        options |= {"passes": this.passes, "aggregate": this.aggregate}
        options |= {"top_k": this.top_k} if this.aggregate == "top_k" else {}
    if isinstance(this.query, QueryParams) and this.query.seconds is not None:
        names = ("mask_seconds", "region_seconds", "region_seconds_per_kilopixel")
        options["costs"] = dump(study.params.costs, *names)
    return settings | {"options": options}


def _acquisition(arm: Arm) -> Any:
    name = arm.settings.acquire
    return lookup(ACQUISITIONS, name, "acquisition") if name is not None else None


def needs(arm: Arm) -> str:
    """Return the kind of pool input that an arm's acquisition needs, or "nothing"."""
    acquisition = _acquisition(arm)
    return str(acquisition.needs) if acquisition else "nothing"


def asks(plan: Plan, arm: str, round_: int, *kinds: str) -> bool:
    """Return whether buying a round's labels, or an arm's first ones, needs one of `kinds`."""
    acquires = plan.parent(arm, round_) is not None and needs(plan.arms[arm]) in kinds
    return acquires or plan.start_needs(arm, round_) in kinds


@cache
def train(study: Study, dataset: str, arm: str) -> Settings:
    """Return how an arm learns."""
    this = study.plans[dataset].arms[arm]
    settings: Settings = {
        "strategy": this.strategy,
        "model": dump(this.model),
        "training": dump(this.training),
        "options": dict(this.options),
        "unlabeled": dump(this.unlabeled) if this.unlabeled else None,
    }
    if this.weak is None:
        return settings
    return settings | {"weak": dump(this.weak), "origin": study.plans[dataset].origin}


def length(study: Study, dataset: str, training: str) -> Settings:
    """Return the run that a training's length is chosen on, under the first seed.

    It has the arm's first labels, or its last ones where no model chooses them.
    """
    arm = study.plans[dataset].length_arm(training)
    number = arm.rounds[-1] if arm.ends_with_all else 0
    run = {"dataset": dataset, "arm": arm.name, "seed": min(study.params.seed_list)}
    return train(study, dataset, arm.name) | run | {"round": number}


@cache
def pseudo(study: Study, dataset: str, arm: str) -> Settings:
    """Return how an arm's pseudo-masks are drawn."""
    section = study.plans[dataset].arms[arm].settings.pseudo
    return dump(section) if section is not None else {}


def ladders(plan: Plan) -> list[list[str]]:
    """Return the arms of every ladder: a start, and the arms on pseudo-masks up to the last."""
    steps = {n: arm.start for n, arm in plan.arms.items() if arm.settings.pseudo is not None}
    chains = []
    for last in [name for name in steps if name not in steps.values()]:
        chain = [last]
        while start := steps.get(chain[0]):
            chain.insert(0, start)
        chains.append(chain)
    return chains


def tag_tables(plan: Plan) -> list[str]:
    """Return the names of the tables on tags that a data set has."""
    has_tags = plan.origin is not None and any(plan.buys_tags(arm) for arm in plan.arms)
    return [*(["ladder"] if ladders(plan) else []), *(["shortcut"] if has_tags else [])]


@cache
def evaluate(study: Study, dataset: str, seed: int) -> Settings:
    """Return the settings of evaluation, and the data set's center patch.

    Predictions are kept for the first seed only, which the report shows.
    """
    params = study.params
    settings = dump(params.evaluation) | dump(params.datasets[dataset], "patch")
    return settings if seed == min(params.seed_list) else settings | {"samples": 0}


def score(study: Study) -> Settings:
    """Return the prices of labels."""
    return dump(study.params.costs)


def planned(study: Study, dataset: str) -> Settings:
    """Return what is registered with the first results: contrasts, seeds, order, design."""
    params = study.params
    design: Settings = {"alpha": params.statistics.alpha}
    design |= dump(params.looks, "looks", "spending") if params.looks else {}
    return {
        "contrasts": [dump(contrast) for contrast in params.contrasts.get(dataset, [])],
        "seeds": params.seed_list,
        "order": params.statistics.order,
        "design": design | {"arms": _fingerprints(study, dataset)},
    }


def _fingerprints(study: Study, dataset: str) -> dict[str, str]:
    """Return for each arm the hash of how it and those before it buy labels and learn."""
    planned = study.plans[dataset]
    asked = (label, train, pseudo)
    values = {
        name: [[settings(study, dataset, name) for settings in asked], arm.rounds, arm.warm]
        for name, arm in planned.arms.items()
    }
    return {
        name: digest_of([values[arm.name] for arm in planned.lineage(name)])
        for name in planned.arms
    }


def test(study: Study, dataset: str) -> Settings:
    """Return the planned contrasts, the error rates, and the curves with their metric and goal."""
    params = study.params
    arms = params.arms[dataset]
    return {
        **planned(study, dataset),
        "seeds_of": {arm: len(seeds) for arm, seeds in study.seeds[dataset].items()},
        "starts": {
            name: arm.start_arm for name, arm in arms.items() if arm.start_arm and arm.acquire
        },
        "curves": study.plans[dataset].learning_curves(),
        "metric": params.report_metric(dataset),
        "goal": params.report.goal,
        **dump(params.statistics),
    }


def report(study: Study, dataset: str) -> Settings:
    """Return the part of `params.yaml` that a data set's report shows, and what its plan says."""
    params = study.params
    entries = params.arms[dataset]
    arms = study.plans[dataset].arms
    acquisitions = {n: _acquisition(arm) for n, arm in arms.items()}
    models = {entry.model for entry in entries.values()}
    trainings = {entry.training_name for entry in entries.values()}
    return {
        "dataset": dataset,
        "report": dump(params.report) | {"metric": params.report_metric(dataset)},
        "seeds": sorted({seed for seeds in study.seeds[dataset].values() for seed in seeds}),
        "source": dump(params.datasets[dataset]),
        "costs": dump(params.costs),
        "models": {name: dump(entry) for name, entry in params.models.items() if name in models},
        "training": {n: dump(entry) for n, entry in params.training.items() if n in trainings},
        "arms": {name: dump(entry) for name, entry in entries.items()},
        "oracles": [name for name, this in acquisitions.items() if this and this.oracle],
        # arms that begin with trained weights may be short
        "steps_keys": {n: a.steps_key for n, a in arms.items() if a.takes_steps and not a.warm},
        "uses_split": any(arm.training.validation == "split" for arm in arms.values()),
        "contrasts": [dump(entry) for entry in params.contrasts.get(dataset, [])],
        "published": [dump(entry) for entry in params.published.get(dataset, [])],
        "evaluation": dump(params.evaluation),
        "statistics": dump(params.statistics),
    }


@cache
def code(rule: str, study: Study, dataset: str, arm_name: str | None = None) -> str:
    """Return the digest of the code that a rule uses for this data set and arm."""
    entry = study.params.datasets[dataset]
    arm = study.plans[dataset].arms[arm_name] if arm_name is not None else None
    modules = [f"frugalseg.stages.{rule}"]
    scene = entry.source.partition("builtin:")[2]
    if rule == "download" and scene:
        modules.append(module_of(SCENES, scene, "scene"))
    if rule == "prepare":
        modules.append(module_of(DATASETS, entry.reader, "data set"))
    if rule in ("score", "test"):
        modules += [module_of(FUNCTIONS, name, "metric") for name in FUNCTIONS]
    if arm is not None and rule == "label" and arm.settings.acquire is not None:
        modules.append(module_of(ACQUISITIONS, arm.settings.acquire, "acquisition"))
        if needs(arm) in POOL_INPUTS:
            modules.append(module_of(POOL_INPUTS, needs(arm), "input of the pool"))
    if rule in ("label", "train", "length", "evaluate"):
        kinds = study.plans[dataset].drawn(arm_name)
        modules += [module_of(KINDS, kind, "kind") for kind in kinds]
    if arm is not None and rule == "label" and "start" in label(study, dataset, arm.name):
        start = study.plans[dataset].start_values(arm.name)
        modules.append(module_of(STARTS, start["by"], "start"))
        if "features" in start:
            modules.append(module_of(START_FEATURES, start["features"], "features"))
    if arm is not None and rule in ("train", "length"):
        modules.append(module_of(STRATEGIES, arm.strategy, "strategy"))
        modules += [module_of(LOSSES, name, "loss") for name in arm.training.loss]
        network = module_of(ARCHITECTURES, arm.model.arch, "architecture")
        modules += [network] if network.startswith("frugalseg.") else []
    pages = digest_files("reporting/templates") if rule in ("report", "index") else ""
    pages += digest_files("reporting/assets") if rule == "report" else ""
    return digest(*modules) + digest_script(rule) + pages
