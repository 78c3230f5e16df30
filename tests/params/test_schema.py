import pytest
from pydantic import ValidationError

from frugalseg.params.schema import ArmParams, ModelParams, TrainingParams

TRAINING = {"lr": 0.1, "steps": 1, "batch": 1, "validate_every": 1}


def test_losses_are_a_list_or_a_mapping_with_options() -> None:
    listed = TrainingParams.model_validate({"loss": ["dice", "focal"], **TRAINING})
    mapped = TrainingParams.model_validate(
        {"loss": {"dice": {}, "focal": {"gamma": 3, "weight": 0.5}}, **TRAINING}
    )
    assert list(listed.loss) == list(mapped.loss) == ["dice", "focal"]
    assert mapped.loss["focal"].gamma == 3
    with pytest.raises(ValidationError):
        TrainingParams.model_validate({"loss": [], **TRAINING})


@pytest.mark.parametrize("weights", ["imagenet", "bundled", "none", "file:a.safetensors"])
def test_known_weights(weights: str) -> None:
    assert ModelParams(arch="unet", encoder="resnet18", weights=weights).weights == weights


def test_an_arm_has_labels_or_a_start() -> None:
    with pytest.raises(ValidationError, match="either 'labels'"):
        ArmParams()
    with pytest.raises(ValidationError, match="either 'labels'"):
        ArmParams(labels=0.1, start="initial")
    with pytest.raises(ValidationError, match="belong together"):
        ArmParams(labels=0.1, acquire="random")
