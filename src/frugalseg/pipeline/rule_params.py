"""What each rule reads of `params.yaml` and nothing else: an unrelated edit reruns nothing.

Every function returns plain values, defaults included: Snakemake keeps them with the outputs and
compares them, so that a changed default reruns what reads it. They are the same for all seeds and
rounds, and worked out once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.core.registry import lookup, module_of
from frugalseg.inference import POOL_INPUTS
from frugalseg.ingest.fetch.local_source import PREFIX, data_folders, fingerprint
from frugalseg.ingest.readers import DATASETS
from frugalseg.ingest.synthetic import SCENES
from frugalseg.metrics.metric import FUNCTIONS
from frugalseg.models import ARCHITECTURES
from frugalseg.params import Arm, Params, Plan, plan
from frugalseg.pipeline.digest import digest, digest_files, digest_script
from frugalseg.provenance.export import fetched_from
from frugalseg.provenance.hashes import SOURCES, Hashes
from frugalseg.settings.section import QueryParams, Section
from frugalseg.strategies import STRATEGIES
from frugalseg.training import LOSSES

Settings = dict[str, Any]


@dataclass(frozen=True, eq=False)  # a key of caches, by identity
class Study:
    """The parameters of a run of the workflow, and the plan of every data set in it."""

    params: Params
    plans: Mapping[str, Plan]

    @classmethod
    def of(cls, params: Params) -> "Study":
        """Plan the data sets that `run` names."""
        return cls(params, {name: plan(params, name) for name in params.run})


def dump(section: Section, *names: str) -> Settings:
    """Return a section, or only the named fields of it, as plain values."""
    return section.model_dump(mode="json", include=set(names) or None)


@cache
def download(study: Study, dataset: str) -> Settings:
    """Return what fetching the archive needs, with the fingerprint of a local source.

    Where the source is missing, as in most clones, it is the one that the archive was taken from.
    """
    entry = study.params.datasets[dataset]
    hashes = Hashes(SOURCES)
    found = fingerprint(entry.source, data_folders(), lambda path: hashes.of(str(path)))
    hashes.save()
    if not found and entry.source.startswith(PREFIX):
        found = fetched_from(dataset)
    return dump(entry, "source", "sha256", "md5", "scene") | {"fingerprint": found}


@cache
def prepare(study: Study, dataset: str) -> Settings:
    """Return what turns an archive into a stack."""
    entry = study.params.datasets[dataset]
    names = [
        "reader",
        "source",
        "classes",
        "options",
        "image_size",
        "channels",
        "mask",
        "limits",
        "duplicates",
    ]
    return dump(entry, *names, "tile" if entry.tile else "fit")


@cache
def split(study: Study, dataset: str) -> Settings:
    """Return the shares of the split."""
    return dump(study.params.datasets[dataset].split)


@cache
def label(study: Study, dataset: str, arm: str) -> Settings:
    """Return what an arm buys, and how; of that what its acquisition reads."""
    this, tags = study.plans[dataset].arms[arm].settings, study.plans[dataset].arms[arm].tags
    query = dump(this.query) if isinstance(this.query, QueryParams) else this.query
    plain = {"labels": this.labels, "acquire": this.acquire, "query": query}
    plain |= {"tags": dump(tags)} if tags is not None else {}
    plain["validation"] = study.plans[dataset].arms[arm].training.validation == "split"
    if this.acquire is None:
        return plain
    options: Settings = {"region": dump(this.region) if this.region else None}
    if needs(study.plans[dataset].arms[arm]) == "maps":
        options |= {"passes": this.passes, "aggregate": this.aggregate}
        options |= {"top_k": this.top_k} if this.aggregate == "top_k" else {}
    if isinstance(this.query, QueryParams) and this.query.seconds is not None:
        options["costs"] = dump(study.params.costs, "mask_seconds", "region_seconds_per_kilopixel")
    return plain | {"options": options}


def needs(arm: Arm) -> str:
    """Return what an arm's acquisition has to be told about the pool."""
    if arm.settings.acquire is None:
        return "nothing"
    return str(lookup(ACQUISITIONS, arm.settings.acquire, "acquisition").needs)


def is_oracle(arm: Arm) -> bool:
    """Say whether an arm looks at labels before they are paid for; a report has to say so."""
    if arm.settings.acquire is None:
        return False
    return bool(lookup(ACQUISITIONS, arm.settings.acquire, "acquisition").oracle)


def asks(plan: Plan, arm: str, round_: int, *kinds: str) -> bool:
    """Say whether buying a round's labels needs one of `kinds`; the first labels need nothing."""
    return plan.parent(arm, round_) is not None and needs(plan.arms[arm]) in kinds


@cache
def train(study: Study, dataset: str, arm: str) -> Settings:
    """Return how an arm learns."""
    this = study.plans[dataset].arms[arm]
    learns: Settings = {
        "strategy": this.strategy,
        "model": dump(this.model),
        "training": dump(this.training),
        "options": dict(this.options),
        "unlabeled": dump(this.unlabeled) if this.unlabeled else None,
    }
    if this.weak is None:
        return learns
    return learns | {"weak": dump(this.weak), "origin": study.plans[dataset].origin}


@cache
def pseudo(study: Study, dataset: str, arm: str) -> Settings:
    """Return how an arm's pseudo-masks are drawn."""
    section = study.plans[dataset].arms[arm].settings.pseudo
    return dump(section) if section is not None else {}


def ladders(plan: Plan) -> list[list[str]]:
    """Return the arms of every ladder: from a start over pseudo-masks, and theirs, to the last."""
    steps = [name for name, arm in plan.arms.items() if arm.settings.pseudo is not None]
    last = [name for name in steps if not any(plan.arms[other].start == name for other in steps)]
    found = []
    for name in last:
        ladder = [name]
        while (first := plan.arms[ladder[0]].settings).pseudo is not None and first.start:
            ladder.insert(0, first.start)
        found.append(ladder)
    return found


def tag_tables(plan: Plan) -> list[str]:
    """Return the names of the tables on tags that a data set has."""
    tagged = plan.origin is not None and any(plan.buys_tags(arm) for arm in plan.arms)
    made = {"ladder": bool(ladders(plan)), "shortcut": tagged}
    return [name for name in made if made[name]]


@cache
def evaluate(study: Study, dataset: str, seed: int) -> Settings:
    """Return the settings of evaluation, and the data set's center patch.

    Predictions are kept of the first seed, which is the one that the report shows.
    """
    params = study.params
    settings = dump(params.evaluation) | dump(params.datasets[dataset], "patch")
    return settings if seed == min(params.seed_list) else settings | {"samples": 0}


@cache
def score(study: Study) -> Settings:
    """Return what labels cost."""
    return dump(study.params.costs)


@cache
def planned(study: Study, dataset: str) -> Settings:
    """Return the planned contrasts and the seeds they are planned over."""
    params = study.params
    contrasts = params.contrasts.get(dataset, [])
    return {"contrasts": [dump(contrast) for contrast in contrasts], "seeds": params.seed_list}


@cache
def test(study: Study, dataset: str) -> Settings:
    """Return the planned contrasts, the error rates, and what budget curves are read with."""
    params = study.params
    arms = params.arms[dataset]
    return {
        **planned(study, dataset),
        "starts": {name: arm.start for name, arm in arms.items() if arm.start and arm.acquire},
        "metric": params.report.metric,
        "goal": params.report.goal,
        **dump(params.statistics),
    }


@cache
def report(study: Study, dataset: str) -> Settings:
    """Return the part of `params.yaml` that a data set's report shows."""
    params = study.params
    entries = params.arms[dataset]
    models = {entry.model for entry in entries.values()}
    trainings = {entry.training_name for entry in entries.values()}
    return {
        "dataset": dataset,
        "report": dump(params.report),
        "seeds": params.seed_list,
        "source": dump(params.datasets[dataset]),
        "costs": dump(params.costs),
        "models": {name: dump(entry) for name, entry in params.models.items() if name in models},
        "training": {n: dump(entry) for n, entry in params.training.items() if n in trainings},
        "arms": {name: dump(entry) for name, entry in entries.items()},
        "oracles": [name for name, arm in study.plans[dataset].arms.items() if is_oracle(arm)],
        "contrasts": [dump(entry) for entry in params.contrasts.get(dataset, [])],
        "published": [dump(entry) for entry in params.published.get(dataset, [])],
        "evaluation": dump(params.evaluation),
        "statistics": dump(params.statistics),
    }


@cache
def code(rule: str, study: Study, dataset: str, arm_name: str | None = None) -> str:
    """Return the digest of the code that a rule uses for this data set and arm."""
    params = study.params
    arm = study.plans[dataset].arms[arm_name] if arm_name is not None else None
    scene = params.datasets[dataset].source.partition("builtin:")[2]
    named: dict[str, list[str]] = {
        "download": [module_of(SCENES, scene, "scene")] if scene else [],
        "prepare": [module_of(DATASETS, params.datasets[dataset].reader, "data set")],
        "score": [module_of(FUNCTIONS, name, "metric") for name in FUNCTIONS],
    }
    modules = [f"frugalseg.stages.{rule}", *named.get(rule, [])]
    if arm is not None and rule == "label" and arm.settings.acquire is not None:
        modules.append(module_of(ACQUISITIONS, arm.settings.acquire, "acquisition"))
        if needs(arm) in POOL_INPUTS:
            modules.append(module_of(POOL_INPUTS, needs(arm), "input of the pool"))
    if arm is not None and rule == "train":
        modules.append(module_of(STRATEGIES, arm.strategy, "strategy"))
        modules += [module_of(LOSSES, name, "loss") for name in arm.training.loss]
        network = module_of(ARCHITECTURES, arm.model.arch, "architecture")
        modules += [network] if network.startswith("frugalseg.") else []
    pages = digest_files("reporting/templates") if rule in ("report", "index") else ""
    pages += digest_files("reporting/assets") if rule == "report" else ""
    return digest(*modules) + digest_script(rule) + pages
