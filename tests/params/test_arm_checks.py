from typing import Any

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.params import Arm, Plan
from frugalseg.params.arm_checks import check_arm, check_validation_images
from frugalseg.settings.arm import ArmParams
from frugalseg.settings.dataset import DataSetParams
from frugalseg.settings.model import DropoutParams, ModelParams
from frugalseg.settings.tags import TagParams
from frugalseg.settings.training import LengthParams, TrainingParams

PLAIN = ModelParams(arch="unet", encoder="resnet18")
DROPOUT = DropoutParams(p=0.5, where="encoder")
DROPPED = PLAIN.model_copy(update={"dropout": DROPOUT})
TRAINING = TrainingParams.model_validate(
    {
        "loss": ["dice"],
        "lr": 0.1,
        "steps": 1,
        "batch": 1,
        "validate_every": 1,
        "validation": "split",
    }
)
REGION: dict[str, Any] = {"unit": "region", "region": {"size": 32, "stride": 16}}


def check(
    model: ModelParams, start_model: ModelParams = DROPPED, start: str = "c", **fields: Any
) -> None:
    """Check an arm `b` that buys a tenth of the pool once and starts from an arm `c`."""
    buys = {"start": start, "query": 0.1, "rounds": 1}
    entries = {
        "b": ArmParams.model_validate(buys | fields),
        "c": ArmParams(labels=0.1, model="m", training="t"),
    }
    arms = {
        name: Arm(name, entry, (0,), False, "supervised", model, TRAINING)
        for (name, entry), model in zip(entries.items(), (model, start_model), strict=True)
    }
    check_arm(Plan("a", arms), arms["b"], None)


def test_a_unit_or_passes_without_meaning_are_refused() -> None:
    check(DROPPED, acquire="bald", passes=2, **REGION)
    with pytest.raises(FrugalsegError, match=r"arms\.a\.b\.unit: 'badge' chooses by image;"):
        check(DROPPED, acquire="badge", **REGION)
    with pytest.raises(FrugalsegError, match=r"arms\.a\.b\.passes: 'bald' .* 2; found 1"):
        check(DROPPED, acquire="bald")


def test_every_model_that_chooses_in_several_passes_has_dropout() -> None:
    check(DROPPED, acquire="bald", passes=8)
    with pytest.raises(FrugalsegError, match=r"b\.passes: 8 .* that of arms\.a\.c predicts"):
        check(DROPPED, PLAIN, acquire="bald", passes=8)


def test_one_pass_or_no_look_at_a_model_needs_no_dropout() -> None:
    check(PLAIN, acquire="entropy", passes=1)
    check(PLAIN, acquire="random", passes=8)


def test_a_network_whose_own_dropout_sleeps_at_evaluation_is_refused() -> None:
    own = ModelParams(arch="flex_unet", dropout=DROPOUT)
    with pytest.raises(FrugalsegError, match="networks with an encoder only"):
        check(own, acquire="entropy", passes=2)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"labels": "tags"}, r"start\.by: 'typical' chooses the first masks, .* 'labels: tags'"),
        ({"labels": 1.0}, r"start\.by: 'typical' .* no effect with 'labels: 1\.0'"),
        ({"start": {"by": "tags", "features": "patch"}}, r"start\.features: 'tags' reads no"),
        ({"model": PLAIN.model_copy(update={"weights": "none"})}, r"start\.by: .*random weights"),
    ],
)
def test_a_start_that_has_no_effect_is_refused(fields: dict[str, Any], message: str) -> None:
    def check_start(**fields: Any) -> None:
        model = fields.pop("model", PLAIN)
        entry = {"labels": 4, "start": {"by": "typical"}, "model": "m", "training": "t"} | fields
        strategy = "weak" if entry["labels"] == "tags" else "supervised"
        settings = ArmParams.model_validate(entry)
        arm = Arm("b", settings, (0,), False, strategy, model, TRAINING, tags=TagParams())
        check_arm(Plan("a", {"b": arm}), arm, None)

    check_start()
    check_start(start={"by": "kcenter", "features": "patch"})
    check_start(labels=1, start={"by": "tags"})
    check_start(labels="tags", start={"by": "random"})
    with pytest.raises(FrugalsegError, match=rf"arms\.a\.b\.{message}"):
        check_start(**fields)


def test_tags_of_tiles_that_overlap_are_refused() -> None:
    entry = ArmParams(labels="tags", model="m", training="t")
    settings = {"settings": entry, "rounds": (0,), "warm": False, "strategy": "weak"}
    tags: Any = {"share": 1.0}
    arm = Arm(name="weak", model=PLAIN, training=TRAINING, tags=tags, **settings)  # type: ignore[arg-type]
    plan = Plan("x", {"weak": arm})
    for tile in (None, {}, {"overlap": 0.25}):
        least = {"source": "file:a.zip", "reader": "folder", "image_size": [64, 96], "tile": tile}
        dataset = DataSetParams.model_validate(least)
        if tile == {"overlap": 0.25}:
            with pytest.raises(
                FrugalsegError, match=r"arms.x.weak.tags: .* datasets.x.tile.overlap 0.25"
            ):
                check_arm(plan, arm, dataset)
        else:
            check_arm(plan, arm, dataset)


def test_validation_images_that_no_arm_uses_are_refused() -> None:
    settings = {"source": "file:a.zip", "reader": "folder", "image_size": (32, 32)}

    def check_images(validation: str, share: float) -> None:
        training = TRAINING.model_copy(update={"validation": validation})
        entry = ArmParams(labels=0.1, model="m", training="t")
        arm = Arm("b", entry, (0,), False, "supervised", PLAIN, training)
        dataset = DataSetParams.model_validate({**settings, "split": {"validation": share}})
        check_validation_images(Plan("a", {"b": arm}), dataset)

    check_images("split", 0.2)
    check_images("none", 0)
    check_images("split", 0)  # the archive may have official validation images
    with pytest.raises(FrugalsegError, match=r"datasets\.a\.split\.validation: 0\.2 of the"):
        check_images("none", 0.2)


def test_a_head_on_frozen_features_is_fitted_anew_and_without_steps() -> None:
    head = ModelParams(arch="frozen_head", encoder="resnet18")

    def check_frozen(model: ModelParams = head, warm: bool = False, **training: Any) -> None:
        entry = ArmParams(labels=0.1, model="m", training="t")
        changed = TRAINING.model_copy(update=training)
        arm = Arm("b", entry, (0,), warm, "frozen", model, changed, training_name="t")
        assert arm.length_name is None
        check_arm(Plan("a", {"b": arm}), arm, None)

    check_frozen()
    check_frozen(steps=LengthParams())
    with pytest.raises(FrugalsegError, match=r"b\.model: .* 'arch: frozen_head'; found 'unet'"):
        check_frozen(PLAIN)
    with pytest.raises(FrugalsegError, match=r"a\.b: .* Set 'warm: false'"):
        check_frozen(warm=True)
    changes: list[dict[str, Any]] = [{"ema_decay": 0.9}, {"clip_norm": 1}, {"schedule": "plateau"}]
    for change in changes:
        with pytest.raises(
            FrugalsegError, match=rf"b\.training: {next(iter(change))}.* takes no steps"
        ):
            check_frozen(**change)
