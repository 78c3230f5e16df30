import copy
from pathlib import Path
from typing import Any

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.params import Plan, parse, plan, read_config

DOCUMENT = read_config(Path(__file__).parents[2] / "params.yaml").values
TILES = {"grids": [[1, 1], [4, 4]]}


def planned(**arms: dict[str, Any]) -> Plan:
    document = copy.deepcopy(DOCUMENT)
    base = {"model": "small", "training": {"like": "base", "validation": "split"}}
    entries = {n: ({} if "start" in arm else base) | arm for n, arm in arms.items()}
    document["arms"]["builtin"] = entries
    document["contrasts"]["builtin"] = []
    return plan(parse(document), "builtin")


def test_tags_alone_buy_no_mask_and_pseudo_masks_none_either() -> None:
    found = planned(
        weak={"labels": "tags", "strategy": "weak"},
        pseudo={"start": "weak", "strategy": "supervised", "warm": False, "pseudo": {}},
        masks={"start": "weak", "acquire": "random", "query": 0.1, "rounds": 1},
        mixed={"labels": 0.1, "tags": TILES, "strategy": "weak"},
        full={"labels": 1.0},
    )
    assert {name: found.buys_masks(name) for name in found.arms} == {
        "weak": False, "pseudo": False, "masks": True, "mixed": True, "full": True,
    }  # fmt: skip
    assert {name for name in found.arms if found.buys_tags(name)} == set(found.arms) - {"full"}
    assert found.arms["weak"].tags is not None
    assert found.arms["weak"].tags.grids == [(1, 1)]
    assert found.arms["masks"].weak == found.arms["weak"].weak
    assert found.arms["pseudo"].weak is None
    assert found.parent("pseudo", 0) == ("weak", 0)
    assert found.start_model("pseudo", 0) is None


@pytest.mark.parametrize(
    ("arm", "message"),
    [
        ({"labels": "tags"}, "learns from masks, and this arm buys tags only"),
        ({"labels": 0.1, "strategy": "weak"}, "learns from tags; give the arm 'tags'"),
        ({"labels": "tag"}, "labels"),
        ({"labels": 0.1, "pseudo": {}}, "'pseudo' needs 'start'"),
        ({"labels": "tags", "tags": {"grids": [[2, 2], [3, 3]]}}, "multiple of the one before"),
        ({"labels": "tags", "tags": {"grids": []}}, "at least 1 item"),
        ({"labels": "tags", "strategy": "weak", "weak": {"pooling": "mean"}}, "pooling"),
        (
            {"labels": "tags", "strategy": "weak", "weak": {"balance": "source"}},
            "needs datasets.builtin.origin",
        ),
    ],
)
def test_faults_are_named(arm: dict[str, Any], message: str) -> None:
    with pytest.raises(FrugalsegError, match=message):
        planned(one=arm)


def test_a_band_is_ordered() -> None:
    with pytest.raises(FrugalsegError, match=r"band.*expected \[lowest, highest\]"):
        planned(
            weak={"labels": "tags", "strategy": "weak"},
            pseudo={"start": "weak", "pseudo": {"band": [1.2, 0.8]}, "strategy": "supervised"},
        )


@pytest.mark.parametrize("pattern", ["(", "a", "(a)(b)"])
def test_an_origin_is_an_expression_with_one_group(pattern: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    document["datasets"]["builtin"]["origin"] = pattern
    with pytest.raises(FrugalsegError, match="regular expression"):
        parse(document)
