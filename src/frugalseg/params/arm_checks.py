"""Checks of an arm that take more than its own entry; each raises an error that names its key."""

from frugalseg.acquisition import ACQUISITIONS, STARTS
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.params.plan import Arm, Plan
from frugalseg.settings.dataset import DataSetParams
from frugalseg.settings.labels import MASKS, TAGS
from frugalseg.settings.strategy import LABELED_ONLY, OPTIONS
from frugalseg.settings.training import CrossParams, HoldoutParams


def check_arm(plan: Plan, arm: Arm, dataset: DataSetParams | None) -> None:
    """Refuse an arm of a plan that cannot be run.

    Args:
        dataset: the entry of the plan's data set, if there is one.

    Raises:
        FrugalsegError: the strategy does not use a section, or does not suit the model or the
            training; a start has no effect, or its model has seen no image; the acquisition does
            not support the unit or the passes; shares of labels add up to more than 100 %; no label
            is bought that the strategy can learn from; tags do not suit the data set, or the
            validation the labels or weights; a length is to be chosen, and no arm can be trained
            for it.
    """
    key = f"arms.{plan.dataset}.{arm.name}"
    _check_sections(key, arm)
    _check_start(key, arm)
    _check_acquisition(key, plan, arm)
    _check_budget(key, plan, arm)
    _check_labels(key, plan, arm)
    _check_tags(key, plan, arm, dataset)
    _check_validation(key, plan, arm)
    _check_direct(key, arm)
    if arm.length_name is not None:
        plan.length_arm(arm.length_name)


def check_validation_images(plan: Plan, dataset: DataSetParams | None) -> None:
    """Refuse a data set whose split draws validation images that no arm validates on.

    Raises:
        FrugalsegError: naming the key of their share.
    """
    share = dataset.split.validation if dataset else 0.0
    if share and all(arm.training.validation != "split" for arm in plan.arms.values()):
        raise FrugalsegError(
            f"datasets.{plan.dataset}.split.validation: {share:g} of the images would be set aside "
            "unused, because no arm validates on them. Remove it, or give a training "
            "'validation: split'"
        )


def _check_sections(key: str, arm: Arm) -> None:
    used = {arm.strategy if arm.strategy in OPTIONS else "options"}
    used |= set() if arm.strategy in LABELED_ONLY else {"unlabeled"}
    for name in (*OPTIONS, "options", "unlabeled"):
        if name not in used and getattr(arm.settings, name):
            raise FrugalsegError(
                f"{key}.{name}: the arm's strategy {arm.strategy!r} does not use this section. "
                "Remove it, or change 'strategy'"
            )


def _check_start(key: str, arm: Arm) -> None:
    first, labels = arm.settings.first, arm.settings.labels
    needs = lookup(STARTS, first.by, "start").needs
    if needs != "nothing" and (labels == "tags" or (isinstance(labels, float) and labels == 1)):
        raise FrugalsegError(
            f"{key}.start.by: {first.by!r} chooses the first masks, and has no effect with "
            f"'labels: {labels}'. Remove it"
        )
    if needs != "embeddings" and "features" in first.model_fields_set:
        raise FrugalsegError(
            f"{key}.start.features: {first.by!r} reads no features. Remove it, or choose 'by' "
            "among typical, coverage and kcenter"
        )
    if needs == "embeddings" and arm.model.weights == "none":
        raise FrugalsegError(
            f"{key}.start.by: {first.by!r} chooses by features of the encoder, and that of the "
            "arm's model has random weights. Give the model 'weights: bundled', or use 'by: random'"
        )


def _check_acquisition(key: str, plan: Plan, arm: Arm) -> None:
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
    for chooser in plan.lineage(arm.name)[:2]:  # the model of the start chooses the first round
        if chooser.model.dropout is None or chooser.model.encoder is None:
            raise FrugalsegError(
                f"{key}.passes: {passes} stochastic passes need a model with dropout, and that of "
                f"arms.{plan.dataset}.{chooser.name} predicts the same in every pass. Give it "
                "'dropout: {p, where}' (networks with an encoder only), or set 'passes: 1'"
            )


def _check_budget(key: str, plan: Plan, arm: Arm) -> None:
    bought = [ancestor.settings for ancestor in plan.lineage(arm.name)]
    first = {kind: size for entry in bought for kind, size in entry.amounts.items()}
    drawn = sum(size for kind, size in first.items() if kind != TAGS and isinstance(size, float))
    amounts = [(first.get(MASKS), 1), *((entry.query, entry.rounds or 0) for entry in bought)]
    masks = sum(amount * times for amount, times in amounts if isinstance(amount, float))
    total = max(drawn, masks)  # an image that was drawn on can be bought as a mask later
    if total > 1 + 1e-9:
        raise FrugalsegError(
            f"{key}: its labels and queries add up to {total:.0%} of the training pool. Lower "
            "'labels', 'query' or 'rounds' so that they come to at most 100 %"
        )


def _check_labels(key: str, plan: Plan, arm: Arm) -> None:
    if arm.strategy == "weak" and not plan.buys_tags(arm.name):
        raise FrugalsegError(f"{key}: strategy 'weak' learns from tags; give the arm 'tags'")
    if arm.strategy != "weak" and arm.settings.pseudo is None and not plan.buys_masks(arm.name):
        raise FrugalsegError(
            f"{key}: strategy {arm.strategy!r} learns from masks, and this arm buys tags only. "
            "Give it 'strategy: weak', 'pseudo' (with a 'start'), or masks"
        )


def _check_tags(key: str, plan: Plan, arm: Arm, dataset: DataSetParams | None) -> None:
    tile = dataset.tile if dataset else None
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


def _check_validation(key: str, plan: Plan, arm: Arm) -> None:
    mode = arm.training.validation
    start = plan.arms[arm.start] if arm.start else None
    if start is not None and mode == "split" and start.training.validation != "split":
        raise FrugalsegError(
            f"{key}.training: 'validation: split' needs validation masks, which the arm's start "
            f"{start.name!r} does not buy. Give both the same 'validation'"
        )
    drawn = plan.drawn(arm.name)
    masks = any(MASKS in ancestor.settings.amounts for ancestor in plan.lineage(arm.name))
    if drawn and not masks and isinstance(mode, HoldoutParams | CrossParams):
        raise FrugalsegError(
            f"{key}.training: validation on an arm's own labels needs whole masks, and this arm "
            f"buys {' and '.join(drawn)}. Set 'validation: none', or add 'images' to its labels"
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
    if arm.training.ema_decay is not None and arm.strategy == "mean_teacher":
        raise FrugalsegError(
            f"{key}.training.ema_decay: Mean Teacher keeps its teacher, which is an average "
            "already. Remove it, or set 'mean_teacher: {ema_decay}'"
        )


def _check_direct(key: str, arm: Arm) -> None:
    """Refuse what needs steps in an arm that takes none."""
    if arm.takes_steps:
        return
    if arm.model.arch != "frozen_head":
        raise FrugalsegError(
            f"{key}.model: strategy {arm.strategy!r} fits the head of a model with 'arch: "
            f"frozen_head'; found {arm.model.arch!r}"
        )
    if arm.warm:
        raise FrugalsegError(
            f"{key}: strategy {arm.strategy!r} fits its head anew and continues from no weights. "
            "Set 'warm: false'"
        )
    training = arm.training
    in_steps = {
        "ema_decay": training.ema_decay,
        "early_stopping": training.early_stopping,
        "watch": training.watch,
        "clip_norm": training.clip_norm,
        "schedule: plateau": training.schedule == "plateau" or None,
    }
    used = [name for name, value in in_steps.items() if value is not None]
    if used:
        raise FrugalsegError(
            f"{key}.training: {', '.join(used)} has no effect, because strategy {arm.strategy!r} "
            "takes no steps. Remove it, or name another section of 'training'"
        )
