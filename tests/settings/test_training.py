import pytest
from pydantic import ValidationError

from frugalseg.core.errors import FrugalsegError
from frugalseg.settings.training import LengthParams, TrainingParams

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


def test_validation_is_a_word_a_share_or_folds() -> None:
    def validation(value: object) -> object:
        settings = {"loss": ["dice"], **TRAINING, "validation": value}
        return TrainingParams.model_validate(settings).model_dump(mode="json")["validation"]

    plain = TrainingParams.model_validate({"loss": ["dice"], **TRAINING})
    assert plain.validation == validation("none") == "none"
    assert validation("cross") == {"folds": 5}
    assert validation({"folds": 3}) == {"folds": 3}
    assert validation({"share": 0.3}) == {"share": 0.3}
    for wrong in ("all", {"folds": 1}, {"share": 1.0}, {"share": 0.3, "folds": 3}):
        with pytest.raises(ValidationError):
            validation(wrong)


def test_what_compares_states_needs_a_validation() -> None:
    settings = {"loss": ["dice"], **TRAINING, "validation": "none"}
    with pytest.raises(ValidationError, match="early_stopping, schedule: plateau needs"):
        TrainingParams.model_validate(settings | {"early_stopping": 3, "schedule": "plateau"})
    dumped = TrainingParams.model_validate(settings).model_dump(mode="json")
    assert not TrainingParams.model_validate(dumped).validates


def test_predictions_are_averaged_over_the_flips_of_training() -> None:
    settings = {"loss": ["dice"], **TRAINING, "augment": {"vflip": 0.5}}
    assert TrainingParams.model_validate(settings).flips == ["vertical"]
    assert TrainingParams.model_validate(settings | {"augment": {}}).flips == []
    assert TrainingParams.model_validate(settings | {"tta": "none"}).flips == []


def test_a_length_is_a_number_or_found_between_limits() -> None:
    def steps(value: object) -> TrainingParams:
        return TrainingParams.model_validate({"loss": ["dice"], **TRAINING, "steps": value})

    assert steps(40).length == 40
    automatic = steps("auto")
    assert automatic.steps == LengthParams(start=100, most=6400, gain=0.01)
    assert steps({"most": 800}).model_dump(mode="json")["steps"]["most"] == 800
    with pytest.raises(FrugalsegError, match=r"training\.<name>\.steps: 'auto'"):
        _ = automatic.length
    assert automatic.of_length(7).length == 7
    for wrong in (0, "all", {"most": 150}, {"gain": 0}):
        with pytest.raises(ValidationError):
            steps(wrong)


@pytest.mark.parametrize(
    ("crop", "images"), [(None, 2), ([128, 128], 8), ([64, 64], 16), ([96, 96], 14)]
)
def test_a_batch_has_about_the_same_pixels_whatever_they_are_cut_into(
    crop: list[int] | None, images: int
) -> None:
    augment = {"crop": {"size": crop}} if crop else {}
    settings = {"loss": ["dice"], **TRAINING, "augment": augment}
    automatic = TrainingParams.model_validate(settings | {"batch": "auto"})
    assert automatic.batch_size((512, 512)) == images
    assert TrainingParams.model_validate(settings | {"batch": 5}).batch_size((512, 512)) == 5


def test_validations_come_every_quarter_unless_set() -> None:
    settings = {"loss": ["dice"], "lr": 0.1, "batch": 1}
    assert TrainingParams.model_validate(settings | {"steps": 130}).interval == 33
    assert (
        TrainingParams.model_validate(settings | {"steps": 130, "validate_every": 20}).interval
        == 20
    )
