"""From the entries of `arms` to a plan: what an arm leaves out comes from its start."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from pydantic import ValidationError

from frugalseg.core.errors import FrugalsegError
from frugalseg.params.arm_checks import check_arm, check_validation_images
from frugalseg.params.names import training_uses, unknown_names
from frugalseg.params.plan import Arm, Plan
from frugalseg.params.schema import Params
from frugalseg.settings.arm import ArmParams
from frugalseg.settings.labels import TAGS
from frugalseg.settings.problems import list_problems
from frugalseg.settings.strategy import LABELED_ONLY, OPTIONS, UNLABELED, UnlabeledParams
from frugalseg.settings.tags import TagParams, WeakParams
from frugalseg.settings.training import LengthParams, TrainingParams


def plan(params: Params, dataset: str) -> Plan:
    """Return the plan of `dataset`, its arms resolved.

    Args:
        params: with names that `check_names` accepts.

    Raises:
        FrugalsegError: naming the key: no arms; arms that start from each other; wrong changes of a
            training section; an arm that `check_arm` refuses; validation images of no use.
    """
    entries = params.arms.get(dataset)
    if not entries:
        raise FrugalsegError(
            f"arms.{dataset}: expected arms for this data set. Data sets with arms: "
            f"{', '.join(sorted(params.arms)) or 'none'}"
        )
    starts = {name: [e.start_arm] if e.start_arm else [] for name, e in entries.items()}
    arms: dict[str, Arm] = {}
    try:
        for name in TopologicalSorter(starts).static_order():
            start = arms.get(entries[name].start_arm or "")
            arms[name] = _build(params, f"arms.{dataset}.{name}", name, entries[name], start)
    except CycleError as error:
        cycle = error.args[1][::-1]
        raise FrugalsegError(
            f"arms.{dataset}.{cycle[0]}.start: arms start from each other: {' -> '.join(cycle)}"
        ) from None
    source = params.datasets.get(dataset)
    origin = source.origin if source else None
    result = Plan(dataset, {name: arms[name] for name in entries}, origin)
    for arm in result.arms.values():
        check_arm(result, arm, source)
    check_validation_images(result, source)
    return result


def check_plans(params: Params) -> list[str]:
    """Return, for each data set, the first problem that `plan` finds; it begins with its key."""
    problems = []
    for dataset in dict.fromkeys([*params.run, *params.arms]):
        try:
            plan(params, dataset)
        except FrugalsegError as error:
            problems.append(str(error))
    return problems


def _build(params: Params, key: str, name: str, entry: ArmParams, start: Arm | None) -> Arm:
    strategy = entry.strategy or (start.strategy if start else "supervised")
    first = start.rounds[-1] if start else 0
    rounds = range(first, first + (entry.rounds or 0) + 1)
    if start and entry.acquire:
        rounds = rounds[1:]  # the first one is the start's
    unlabeled = entry.unlabeled or (start.unlabeled if start else None)
    if strategy in UNLABELED:
        unlabeled = unlabeled or UnlabeledParams()
    weak = entry.weak or (start.weak if start else None) or WeakParams()
    return Arm(
        name=name,
        settings=entry,
        rounds=tuple(rounds),
        warm=(start is not None and not entry.acquire) if entry.warm is None else entry.warm,
        strategy=strategy,
        model=start.model if start and not entry.model else params.models[entry.model or ""],
        training=_training(params, key, entry, start),
        options=_options(entry, strategy, start),
        unlabeled=None if strategy in LABELED_ONLY else unlabeled,
        tags=_tags(entry),
        weak=weak if strategy == "weak" else None,
        training_name=entry.training_name or (start.training_name if start else ""),
        steps_key=_steps_key(key, entry, start),
    )


def _tags(entry: ArmParams) -> TagParams | None:
    if TAGS not in entry.amounts or (entry.tags is not None and entry.labels == TAGS):
        return entry.tags
    return (entry.tags or TagParams()).model_copy(update={"share": entry.amounts[TAGS]})


def _training(params: Params, key: str, entry: ArmParams, start: Arm | None) -> TrainingParams:
    """Return the named section; a mapping changes single settings of the one it is `like`."""
    if start and entry.training is None:
        return start.training
    base = params.training[entry.training_name or ""]
    if not isinstance(entry.training, dict):
        return base
    changes = {name: value for name, value in entry.training.items() if name != "like"}
    try:
        training = TrainingParams.model_validate(base.model_dump(mode="json") | changes)
    except ValidationError as error:
        raise FrugalsegError(list_problems(error, changes, f"{key}.training")[0]) from None
    for problem in unknown_names(training_uses(f"{key}.training", training)):
        raise FrugalsegError(problem)
    if "steps" in changes and isinstance(training.steps, LengthParams):
        raise FrugalsegError(
            f"{key}.training.steps: 'auto' chooses one length for all arms of a training. Set it "
            "in a section of 'training', and name that section here"
        )
    return training


def _steps_key(key: str, entry: ArmParams, start: Arm | None) -> str:
    if start and entry.training is None:
        return start.steps_key
    if isinstance(entry.training, dict) and "steps" in entry.training:
        return f"{key}.training.steps"
    return f"training.{entry.training_name}.steps"


def _options(entry: ArmParams, strategy: str, start: Arm | None) -> Mapping[str, Any]:
    """Return the keyword arguments of an arm's strategy, as plain values with defaults.

    They come from the arm's section of that name, or from its `options` if the strategy has no
    section; an arm without either inherits those of a start with the same strategy.
    """
    section = OPTIONS.get(strategy)
    own: Any = getattr(entry, strategy) if section else entry.options
    if not own and start and start.strategy == strategy:
        return start.options
    return (own or section()).model_dump(mode="json") if section else own
