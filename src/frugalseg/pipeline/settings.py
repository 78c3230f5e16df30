"""What each rule reads of `params.yaml` and nothing else: an unrelated edit reruns nothing.

Every function returns plain values, defaults included: Snakemake keeps them with the outputs and
compares them, so that a changed default reruns what reads it.
"""

from pathlib import Path
from typing import Any

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.data.local_source import fingerprint
from frugalseg.data.sets import DATASETS
from frugalseg.digest import digest, digest_files
from frugalseg.metrics import METRICS
from frugalseg.params import Arm, Params, Plan, plan
from frugalseg.params.types import Section
from frugalseg.registry import module_of
from frugalseg.strategies import STRATEGIES
from frugalseg.training import LOSSES

Settings = dict[str, Any]


def plans(params: Params) -> dict[str, Plan]:
    """Return the plan of every data set that `run` names."""
    return {name: plan(params, name) for name in params.run}


def dump(section: Section, *names: str) -> Settings:
    """Return a section, or only the named fields of it, as plain values."""
    return section.model_dump(mode="json", include=set(names) or None)


def download(params: Params, dataset: str, search: list[str]) -> Settings:
    """Return what fetching the archive needs, with the fingerprint of a local source."""
    entry = params.datasets[dataset]
    found = fingerprint(entry.source, [Path(folder) for folder in search])
    return dump(entry, "source", "sha256", "md5", "scene") | {"fingerprint": found}


def prepare(params: Params, dataset: str) -> Settings:
    """Return what turns an archive into a stack."""
    entry = params.datasets[dataset]
    names = (
        "reader",
        "source",
        "classes",
        "options",
        "image_size",
        "channels",
        "fit",
        "mask",
        "limits",
    )
    return dump(entry, *names)


def split(params: Params, dataset: str) -> Settings:
    """Return the shares of the split."""
    return dump(params.datasets[dataset].split)


def label(plan: Plan, arm: str) -> Settings:
    """Return what an arm buys."""
    this = plan.arms[arm]
    bought = {"labels": this.labels, "acquire": this.acquire, "query": this.query}
    return bought | ({"tags": dump(this.tags)} if this.tags is not None else {})


def train(plan: Plan, arm: str) -> Settings:
    """Return how an arm learns."""
    this = plan.arms[arm]
    learns = {
        "strategy": this.strategy,
        "model": dump(this.model),
        "training": dump(this.training),
    }
    return learns | ({"weak": dump(this.weak), "origin": plan.origin} if this.weak else {})


def pseudo(plan: Plan, arm: str) -> Settings:
    """Return how an arm's pseudo-masks are drawn."""
    section = plan.arms[arm].pseudo
    return dump(section) if section is not None else {}


def ladders(plan: Plan) -> list[list[str]]:
    """Return the arms of every ladder: from a start over pseudo-masks, and theirs, to the last."""
    steps = [name for name, arm in plan.arms.items() if arm.pseudo is not None]
    last = [name for name in steps if not any(plan.arms[other].start == name for other in steps)]
    found = []
    for name in last:
        ladder = [name]
        while (start := plan.arms[ladder[0]].start) and plan.arms[ladder[0]].pseudo is not None:
            ladder.insert(0, start)
        found.append(ladder)
    return found


def evaluate(params: Params) -> Settings:
    """Return the settings of evaluation."""
    return dump(params.evaluation)


def score(params: Params) -> Settings:
    """Return what labels cost."""
    return dump(params.costs)


def test(params: Params, dataset: str) -> Settings:
    """Return the planned contrasts, and the error rates."""
    contrasts = params.contrasts.get(dataset, [])
    return {
        "contrasts": [dump(contrast) for contrast in contrasts],
        "seeds": params.seed_list,
        **dump(params.statistics),
    }


def report(params: Params, dataset: str) -> Settings:
    """Return the part of `params.yaml` that a data set's report shows."""
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
        "contrasts": [dump(entry) for entry in params.contrasts.get(dataset, [])],
        "evaluation": dump(params.evaluation),
        "statistics": dump(params.statistics),
    }


def code(stage: str, params: Params, dataset: str, arm: Arm | None = None) -> str:
    """Return the digest of the code that a stage uses for this data set and arm."""
    named: dict[str, list[str]] = {
        "prepare": [module_of(DATASETS, params.datasets[dataset].reader, "data set")],
        "score": [module_of(METRICS, name, "metric") for name in METRICS],
    }
    modules = [f"frugalseg.stages.{stage}", *named.get(stage, [])]
    if arm is not None and stage == "label" and arm.acquire is not None:
        modules.append(module_of(ACQUISITIONS, arm.acquire, "acquisition"))
    if arm is not None and stage == "train":
        modules.append(module_of(STRATEGIES, arm.strategy, "strategy"))
        modules += [module_of(LOSSES, name, "loss") for name in arm.training.loss]
    pages = digest_files("reporting/templates") if stage in ("report", "index") else ""
    return digest(*modules) + pages
