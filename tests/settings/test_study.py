from typing import Any

import pytest
from pydantic import ValidationError

from frugalseg.settings.study import ContrastParams, CostParams


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"b": "x"}, "two different arms, found 'x' twice"),
        ({"claim": "better"}, "'superior', 'not_worse' or 'equivalent'"),
        ({"margin": -0.1}, "greater than or equal to 0"),
        ({"margin": float("nan")}, "finite number"),
        ({"claim": "not_worse"}, "claim 'not_worse' needs a margin above 0"),
        ({"claim": "equivalent"}, "claim 'equivalent' needs a margin above 0"),
        ({"at": "last"}, "'final'"),
        ({"at": 0.0}, "greater than 0"),
        ({"at": 1.5}, "less than or equal to 1"),
    ],
)
def test_a_contrast_that_makes_no_sense_is_refused(wrong: dict[str, Any], message: str) -> None:
    assert ContrastParams(a="x", b="y").margin == 0
    assert ContrastParams(a="x", b="y", claim="not_worse", margin=0.02).margin == 0.02
    with pytest.raises(ValidationError, match=message):
        ContrastParams(**{"a": "x", "b": "y"} | wrong)


def test_labels_cost_something() -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        CostParams(mask_seconds=0)
