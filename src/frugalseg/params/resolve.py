"""From the entries of `arms` to a plan: inheritance resolved, names looked up, faults named."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from frugalseg.core.errors import FrugalsegError
from frugalseg.params.choosing import check_acquisition, check_passes, refuse_shared_tags
from frugalseg.params.options import strategy_options, unlabeled_options
from frugalseg.params.plan import Arm, Plan
from frugalseg.params.registries import training_uses, unknown_names
from frugalseg.params.schema import Params
from frugalseg.settings.arm import ArmParams
from frugalseg.settings.model import ModelParams
from frugalseg.settings.tags import TagParams, WeakParams
from frugalseg.settings.training import CrossParams, TrainingParams


def plan(params: Params, dataset: str) -> Plan:
    """Return the plan of `dataset`, its arms resolved.

    Raises:
        FrugalsegError: unknown data set, arm, model or training; a cycle of `start`s; a budget
            over 100 %.
    """
    entries = params.arms.get(dataset)
    if not entries:
        raise FrugalsegError(
            f"arms.{dataset}: no arms planned. Known data sets with arms: "
            f"{', '.join(sorted(params.arms)) or 'none'}."
        )
    arms: dict[str, Arm] = {}
    for name in entries:
        _resolve(params, dataset, name, arms, ())
    source = params.datasets.get(dataset)
    return Plan(dataset, {name: arms[name] for name in entries}, source.origin if source else None)


def check_plan(params: Params) -> list[str]:
    """Return every fault between the sections of `params`, each beginning with its key."""
    faults = [
        f"run: data set {name!r} is not in datasets. Known: {', '.join(params.datasets)}"
        for name in params.run
        if name not in params.datasets
    ]
    seeds = params.seed_list
    if len(set(seeds)) != len(seeds) or any(seed < 0 for seed in seeds) or not seeds:
        faults.append(f"seeds: expected distinct whole numbers from 0 on; found {seeds}")
    for dataset in dict.fromkeys([*params.run, *params.arms, *params.published]):
        faults += _faults_of(params, dataset)
    return faults


def _faults_of(params: Params, dataset: str) -> list[str]:
    try:
        arms = plan(params, dataset).arms
    except FrugalsegError as error:
        return [str(error)]
    named = [
        *(("contrasts", k, "a", c.a) for k, c in enumerate(params.contrasts.get(dataset, []))),
        *(("contrasts", k, "b", c.b) for k, c in enumerate(params.contrasts.get(dataset, []))),
        *(("published", k, "arm", p.arm) for k, p in enumerate(params.published.get(dataset, []))),
        *(
            ("published", k, "corrected", p.corrected)
            for k, p in enumerate(params.published.get(dataset, []))
            if p.corrected is not None
        ),
    ]
    return [
        f"{section}.{dataset}.{position}.{side}: unknown arm {name!r}. Known: {', '.join(arms)}"
        for section, position, side, name in named
        if name not in arms
    ]


def _resolve(
    params: Params, dataset: str, name: str, arms: dict[str, Arm], below: tuple[str, ...]
) -> Arm:
    """Resolve one arm and, before it, the arm that it starts from."""
    if name in arms:
        return arms[name]
    key = f"arms.{dataset}.{name}"
    if name in below:
        raise FrugalsegError(f"{key}.start: a cycle: {' -> '.join((*below, name))}")
    entries = params.arms[dataset]
    entry = entries[name]
    start = None
    if entry.start is not None:
        if entry.start not in entries:
            raise FrugalsegError(
                f"{key}.start: unknown arm {entry.start!r}. Known: {', '.join(entries)}"
            )
        start = _resolve(params, dataset, entry.start, arms, (*below, name))
    arms[name] = _build(params, key, name, entry, start)
    _check_acquisition(key, arms[name], start)
    _check_budget(key, name, arms)
    _check_labels(params, dataset, key, name, arms)
    _check_validation(key, arms[name], start, Plan(dataset, arms))
    return arms[name]


def _build(params: Params, key: str, name: str, entry: ArmParams, start: Arm | None) -> Arm:
    """Join an arm's own entries with those of its start."""
    model = start.model if start and entry.model is None else _model(params, key, entry.model)
    inherit = start and entry.training is None
    training = start.training if start and inherit else _training(params, key, entry)
    strategy = entry.strategy or (start.strategy if start else "supervised")
    last = start.rounds[-1] if start else 0
    first = last + 1 if start and entry.acquire else last
    count = (entry.rounds or 0) + (0 if start and entry.acquire else 1)
    warm = entry.warm if entry.warm is not None else start is not None and entry.acquire is None
    return Arm(
        name=name,
        settings=entry,
        rounds=tuple(range(first, first + count)),
        warm=warm,
        strategy=strategy,
        model=model,
        training=training,
        options=strategy_options(key, entry, strategy, _inherited(start, strategy)),
        unlabeled=unlabeled_options(key, entry, strategy, start.unlabeled if start else None),
        tags=entry.tags or (TagParams() if entry.labels == "tags" else None),
        weak=_weak(entry, start, strategy),
    )


def _check_acquisition(key: str, arm: Arm, start: Arm | None) -> None:
    settings = arm.settings
    if settings.acquire is None:
        return
    check_acquisition(key, settings.acquire, settings.unit, settings.passes)
    choosing = {key: arm.model}
    if start is not None:  # its last model chooses the first round
        choosing[f"{key.rpartition('.')[0]}.{start.name}"] = start.model
    check_passes(key, settings.acquire, settings.passes, choosing)


def _inherited(start: Arm | None, strategy: str) -> Mapping[str, Any] | None:
    """Return the options of the start's strategy, if it is the same."""
    return start.options if start and start.strategy == strategy else None


def _weak(entry: ArmParams, start: Arm | None, strategy: str) -> WeakParams | None:
    """Return how tags teach; only the strategy `weak` reads it."""
    if strategy != "weak":
        return None
    return entry.weak or (start.weak if start else None) or WeakParams()


def _check_validation(key: str, arm: Arm, start: Arm | None, plan: Plan) -> None:
    """Refuse a validation that the arm's labels or weights do not allow."""
    mode = arm.training.validation
    if start is not None and mode == "split" and start.training.validation != "split":
        raise FrugalsegError(
            f"{key}.training: its 'validation: split' needs the validation masks that its start "
            f"{start.name!r} does not buy. Give both the same 'validation'"
        )
    if isinstance(mode, CrossParams) and arm.warm:
        raise FrugalsegError(
            f"{key}.training: 'validation: cross' needs models that have not seen the labels of "
            "their fold, and this arm continues from weights that have. Set 'warm: false', or use "
            "another 'validation'"
        )
    if not arm.training.validates and not plan.buys_masks(arm.name):
        raise FrugalsegError(
            f"{key}.training: an arm that buys tags only chooses its threshold on validation "
            "images. Set 'validation: split' or a share such as {share: 0.3}"
        )


def _model(params: Params, key: str, name: str | None) -> ModelParams:
    if name not in params.models:
        raise FrugalsegError(f"{key}.model: unknown {name!r}. Known: {', '.join(params.models)}")
    return params.models[name]


def _training(params: Params, key: str, entry: ArmParams) -> TrainingParams:
    """Look up a training by name; a mapping changes single settings of the one it is `like`."""
    given = entry.training if isinstance(entry.training, dict) else {}
    changes = {name: value for name, value in given.items() if name != "like"}
    like = entry.training_name
    if like not in params.training:
        raise FrugalsegError(
            f"{key}.training: unknown {like!r}. Known: {', '.join(params.training)}"
        )
    base = params.training[like]
    try:
        training = TrainingParams.model_validate(base.model_dump(mode="json") | changes)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join([f"{key}.training", *map(str, first["loc"])])
        raise FrugalsegError(f"{where}: {first['msg']}; found {changes!r}") from None
    for problem in unknown_names(training_uses(f"{key}.training", training)):
        raise FrugalsegError(problem)
    return training


def _check_budget(key: str, name: str, arms: Mapping[str, Arm]) -> None:
    """Refuse shares of labels that add up to more than the whole pool."""
    total, arm = 0.0, arms[name]
    while True:
        bought = arm.settings
        for amount, times in ((bought.labels, 1), (bought.query, len(arm.rounds))):
            total += amount * times if isinstance(amount, float) else 0
        if bought.acquire and bought.start is None and isinstance(bought.query, float):
            total -= bought.query  # its round 0 buys `labels`, not a query
        if bought.start is None:
            break
        arm = arms[bought.start]
    if total > 1 + 1e-9:
        raise FrugalsegError(
            f"{key}: its labels and queries add up to {total:.0%} of the training pool; "
            f"lower 'labels', 'query' or 'rounds' to at most 100 %"
        )


def _check_labels(params: Params, dataset: str, key: str, name: str, arms: dict[str, Arm]) -> None:
    """Refuse an arm that would learn from labels it never buys."""
    arm, plan = arms[name], Plan(dataset, arms)
    if arm.strategy == "weak" and not plan.buys_tags(name):
        raise FrugalsegError(f"{key}: strategy 'weak' learns from tags; give the arm 'tags'")
    if arm.strategy != "weak" and arm.settings.pseudo is None and not plan.buys_masks(name):
        raise FrugalsegError(
            f"{key}: strategy {arm.strategy!r} learns from masks, and this arm buys tags only; "
            "give it 'strategy: weak', 'pseudo' (with a start), or masks"
        )
    if arm.tags is not None:
        refuse_shared_tags(key, dataset, params.datasets.get(dataset))
    if arm.weak and arm.weak.balance == "source" and params.datasets[dataset].origin is None:
        raise FrugalsegError(
            f"{key}.weak.balance: 'source' needs datasets.{dataset}.origin, an expression that "
            "finds an image's source in its name"
        )
