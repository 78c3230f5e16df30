"""What `params.yaml` plans: every arm with nothing left to look up, and the order of its rounds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ValidationError

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.params.choosing import check_acquisition, check_passes
from frugalseg.params.datasets import refuse_shared_tags
from frugalseg.params.options import strategy_options, unlabeled_options
from frugalseg.params.schema import ArmParams, ModelParams, Params, RegionParams, TrainingParams
from frugalseg.params.types import QueryParams
from frugalseg.params.weak import PseudoParams, TagParams, WeakParams


@dataclass(frozen=True)
class Arm:
    """One arm, its inheritance from `start` resolved.

    Attributes:
        rounds: the rounds that this arm trains; round r is the state after r purchases.
        warm: whether a round's weights start from its parent's model, not from the encoder's.
        unit, region, passes, aggregate, top_k: how it buys; of no account without `acquire`.
        options: what the strategy is told; plain values.
        unlabeled: how unlabeled images are drawn; None for a strategy that does not see them.
    """

    name: str
    start: str | None
    labels: int | float | Literal["tags"] | None
    acquire: str | None
    query: int | float | QueryParams | None
    rounds: tuple[int, ...]
    warm: bool
    strategy: str
    model: ModelParams
    training: TrainingParams
    unit: str = "image"
    region: RegionParams | None = None
    passes: int = 1
    aggregate: str = "mean"
    top_k: int | float = 0.01
    options: Mapping[str, Any] = field(default_factory=dict)
    unlabeled: Mapping[str, Any] | None = None
    tags: TagParams | None = None
    weak: WeakParams | None = None
    pseudo: PseudoParams | None = None


@dataclass(frozen=True)
class Plan:
    """The arms of one data set, in the order of `params.yaml`.

    Attributes:
        origin: finds an image's source in its name by its one group; None if names tell none.
    """

    dataset: str
    arms: Mapping[str, Arm]
    origin: str | None = None

    def parent(self, arm: str, round_: int) -> tuple[str, int] | None:
        """Return the arm and round whose ledger (and model) this round builds on, if any."""
        this = self.arms[arm]
        if round_ > this.rounds[0]:
            return arm, round_ - 1
        return None if this.start is None else (this.start, self.arms[this.start].rounds[-1])

    def choosing_model(self, arm: str, round_: int) -> tuple[str, int] | None:
        """Return the parent whose model chooses this round's labels; None if none is needed."""
        parent, acquire = self.parent(arm, round_), self.arms[arm].acquire
        if parent is None or acquire is None:
            return None
        needs = lookup(ACQUISITIONS, acquire, "acquisition").needs
        return None if needs in {"nothing", "masks"} else parent

    def start_model(self, arm: str, round_: int) -> tuple[str, int] | None:
        """Return the parent whose weights training starts from; None for a cold start."""
        return self.parent(arm, round_) if self.arms[arm].warm else None

    def pseudo_model(self, arm: str, round_: int) -> tuple[str, int] | None:
        """Return the parent whose model draws this round's pseudo-masks, if it has any."""
        return self.parent(arm, round_) if self.arms[arm].pseudo is not None else None

    def buys_masks(self, arm: str) -> bool:
        """Say whether the ledger of an arm can hold masks: its own purchases or its starts'."""
        this = self.arms[arm]
        own = this.acquire is not None or this.labels not in (None, "tags")
        return own or (this.start is not None and self.buys_masks(this.start))

    def buys_tags(self, arm: str) -> bool:
        """Say whether the ledger of an arm can hold tags: its own purchases or its starts'."""
        this = self.arms[arm]
        return this.tags is not None or (this.start is not None and self.buys_tags(this.start))


def plan(params: Params, dataset: str) -> Plan:
    """Resolve the arms of `dataset`.

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
        start=entry.start,
        labels=entry.labels,
        acquire=entry.acquire,
        query=entry.query,
        rounds=tuple(range(first, first + count)),
        warm=warm,
        strategy=strategy,
        model=model,
        training=training,
        unit=entry.unit,
        region=entry.region,
        passes=entry.passes,
        aggregate=entry.aggregate,
        top_k=entry.top_k,
        options=strategy_options(key, entry, strategy, _told(start, strategy)),
        unlabeled=unlabeled_options(key, entry, strategy, start.unlabeled if start else None),
        tags=entry.tags or (TagParams() if entry.labels == "tags" else None),
        weak=_weak(entry, start, strategy),
        pseudo=entry.pseudo,
    )


def _check_acquisition(key: str, arm: Arm, start: Arm | None) -> None:
    if arm.acquire is None:
        return
    check_acquisition(key, arm.acquire, arm.unit, arm.passes)
    choosing = {key: arm.model}
    if start is not None:  # its last model chooses the first round
        choosing[f"{key.rpartition('.')[0]}.{start.name}"] = start.model
    check_passes(key, arm.acquire, arm.passes, choosing)


def _told(start: Arm | None, strategy: str) -> Mapping[str, Any] | None:
    """Return what the start's strategy is told, if it is the same."""
    return start.options if start and start.strategy == strategy else None


def _weak(entry: ArmParams, start: Arm | None, strategy: str) -> WeakParams | None:
    """Return how tags teach; only the strategy `weak` reads it."""
    if strategy != "weak":
        return None
    return entry.weak or (start.weak if start else None) or WeakParams()


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
        return TrainingParams.model_validate(base.model_dump(mode="json") | changes)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join([f"{key}.training", *map(str, first["loc"])])
        raise FrugalsegError(f"{where}: {first['msg']}; found {changes!r}") from None


def _check_budget(key: str, name: str, arms: Mapping[str, Arm]) -> None:
    """Refuse shares of labels that add up to more than the whole pool."""
    total, arm = 0.0, arms[name]
    while True:
        for amount, times in ((arm.labels, 1), (arm.query, len(arm.rounds))):
            total += amount * times if isinstance(amount, float) else 0
        if arm.acquire and arm.start is None and isinstance(arm.query, float):
            total -= arm.query  # its round 0 buys `labels`, not a query
        if arm.start is None:
            break
        arm = arms[arm.start]
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
    if arm.strategy != "weak" and arm.pseudo is None and not plan.buys_masks(name):
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
