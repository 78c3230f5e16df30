"""Checks of an arm that take more than its own entry; each raises an error that names its key."""

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.params.plan import Plan
from frugalseg.settings.dataset import DataSetParams


def check_arm(plan: Plan, name: str, dataset: DataSetParams | None) -> None:
    """Refuse an arm that cannot be run.

    Args:
        dataset: the entry of the plan's data set, if there is one.

    Raises:
        FrugalsegError: the acquisition does not support the unit or the passes; shares of labels
            add up to more than 100 %; no label is bought that the strategy can learn from.
    """
    key = f"arms.{plan.dataset}.{name}"
    _check_acquisition(key, plan, name)
    _check_budget(key, plan, name)
    _check_labels(key, plan, name)
    _check_tags(key, plan, name, dataset)


def _check_acquisition(key: str, plan: Plan, name: str) -> None:
    arm = plan.arms[name]
    acquire, unit, passes = arm.settings.acquire, arm.settings.unit, arm.settings.passes
    if acquire is None:
        return
    acquisition = lookup(ACQUISITIONS, acquire, "acquisition")
    if unit not in acquisition.units:
        raise FrugalsegError(
            f"{key}.unit: {acquire!r} chooses by {' or '.join(acquisition.units)}; found {unit!r}"
        )
    if passes < acquisition.least_passes:
        raise FrugalsegError(
            f"{key}.passes: {acquire!r} compares stochastic passes and needs at least "
            f"{acquisition.least_passes}; found {passes}"
        )
    if passes == 1 or acquisition.needs != "maps":
        return
    for chooser in plan.lineage(name)[:2]:  # the model of the start chooses the first round
        if chooser.model.dropout is None or chooser.model.encoder is None:
            raise FrugalsegError(
                f"{key}.passes: {passes} stochastic passes need a model with dropout, and that of "
                f"arms.{plan.dataset}.{chooser.name} predicts the same in every pass. Give it "
                "'dropout: {p, where}' (networks with an encoder only), or set 'passes: 1'"
            )


def _check_budget(key: str, plan: Plan, name: str) -> None:
    bought = [arm.settings for arm in plan.lineage(name)]
    amounts = [(entry.labels, 1) for entry in bought]
    amounts += [(entry.query, entry.rounds or 0) for entry in bought]  # type: ignore[misc]
    total = sum(amount * times for amount, times in amounts if isinstance(amount, float))
    if total > 1 + 1e-9:
        raise FrugalsegError(
            f"{key}: its labels and queries add up to {total:.0%} of the training pool. Lower "
            "'labels', 'query' or 'rounds' so that they come to at most 100 %"
        )


def _check_labels(key: str, plan: Plan, name: str) -> None:
    arm = plan.arms[name]
    if arm.strategy == "weak" and not plan.buys_tags(name):
        raise FrugalsegError(f"{key}: strategy 'weak' learns from tags; give the arm 'tags'")
    if arm.strategy != "weak" and arm.settings.pseudo is None and not plan.buys_masks(name):
        raise FrugalsegError(
            f"{key}: strategy {arm.strategy!r} learns from masks, and this arm buys tags only. "
            "Give it 'strategy: weak', 'pseudo' (with a 'start'), or masks"
        )


def _check_tags(key: str, plan: Plan, name: str, dataset: DataSetParams | None) -> None:
    arm, tile = plan.arms[name], dataset.tile if dataset else None
    if arm.tags is not None and tile is not None and tile.overlap:
        raise FrugalsegError(
            f"{key}.tags: tags of overlapping tiles also describe pixels of their neighbors; "
            f"found datasets.{plan.dataset}.tile.overlap {tile.overlap:g}. Set it to 0 to buy tags"
        )
    if arm.weak and arm.weak.balance == "source" and plan.origin is None:
        raise FrugalsegError(
            f"{key}.weak.balance: 'source' needs datasets.{plan.dataset}.origin, a regular "
            "expression that finds an image's source in its name"
        )
