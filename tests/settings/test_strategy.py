import pytest
from pydantic import ValidationError

from frugalseg.settings.strategy import (
    OPTIONS,
    UNLABELED,
    BlurParams,
    FixMatchParams,
    MeanTeacherParams,
)
from frugalseg.strategies import STRATEGIES


def test_every_section_belongs_to_a_strategy() -> None:
    assert set(OPTIONS) | UNLABELED <= set(STRATEGIES)


def test_bad_values_name_their_key() -> None:
    with pytest.raises(ValidationError, match="ema_decay"):
        MeanTeacherParams(ema_decay=1.0)
    with pytest.raises(ValidationError, match="rampup"):
        MeanTeacherParams.model_validate({"rampup": "square"})
    with pytest.raises(ValidationError, match="Did you mean 'threshold'"):
        FixMatchParams.model_validate({"treshold": 0.5})
    with pytest.raises(ValidationError, match=r"expected \[lowest, highest\]"):
        BlurParams(sigma=(2.0, 1.0))
