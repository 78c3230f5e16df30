import pytest
from pydantic import ValidationError

from frugalseg.settings.training import TrainingParams

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
