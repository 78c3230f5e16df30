import copy
from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.params import parse, read_config

DOCUMENT = read_config(Path(__file__).parents[2] / "params.yaml").values
PAIRS = [{"a": "full", "b": "initial"}, {"a": "random", "b": "initial"}]


def parse_plan(order: str, *weights: float | None) -> list[float]:
    """Return the weights of a plan that is accepted."""
    document = copy.deepcopy(DOCUMENT)
    document["statistics"]["order"] = order
    document["contrasts"] = {
        "builtin": [
            pair if weight is None else pair | {"weight": weight}
            for pair, weight in zip(PAIRS, weights, strict=True)
        ]
    }
    return [contrast.weight for contrast in parse(document).contrasts["builtin"]]


@pytest.mark.parametrize("order", ["holm", "fallback"])
def test_some_weights_may_be_zero(order: str) -> None:
    assert parse_plan(order, 0, None) == [0, 1]
    with pytest.raises(FrugalsegError, match=r"contrasts\.builtin: expected a contrast with a we"):
        parse_plan(order, 0, 0)


def test_a_fixed_sequence_has_no_weights() -> None:
    assert parse_plan("fixed", None, None) == [1, 1]
    with pytest.raises(FrugalsegError, match=r"contrasts\.builtin\.1\.weight: .*found 1"):
        parse_plan("fixed", None, 1)


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(FrugalsegError, match=r"statistics\.order: expected 'holm', 'fixed' or 'fa"):
        parse_plan("hochberg", None, None)
