import pytest
from pydantic import ValidationError

from frugalseg.settings.study import ContrastParams, CostParams


def test_a_claim_of_being_near_needs_a_margin() -> None:
    assert ContrastParams(a="x", b="y").margin == 0
    assert ContrastParams(a="x", b="y", claim="not_worse", margin=0.02).margin == 0.02
    with pytest.raises(ValidationError, match="claim 'equivalent' needs a margin above 0"):
        ContrastParams(a="x", b="y", claim="equivalent")


def test_labels_cost_something() -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        CostParams(mask_seconds=0)
