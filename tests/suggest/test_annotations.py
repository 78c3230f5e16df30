"""Which of several annotations count."""

import numpy as np
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.suggest.annotations import RULES, Rule, consensus, pick

OLD = {"id": 1, "updated_at": "2026-01-01T00:00:00Z"}
NEW = {"id": 2, "updated_at": "2026-01-02T00:00:00Z"}
MARKED = OLD | {"id": 3, "ground_truth": True}
SKIPPED = NEW | {"id": 4, "was_cancelled": True}


@pytest.mark.parametrize(
    ("rule", "ids"), [("ground-truth", [3]), ("latest", [2]), ("consensus", [2, 3, 1])]
)
def test_pick(rule: Rule, ids: list[int]) -> None:
    assert [one["id"] for one in pick([NEW, MARKED, SKIPPED, OLD], rule)] == ids


@pytest.mark.parametrize("rule", RULES)
def test_one_annotation_or_none_is_what_there_is(rule: Rule) -> None:
    assert pick([SKIPPED, OLD], rule) == [OLD]
    assert pick([SKIPPED], rule) == []


def test_without_a_ground_truth_or_dates_the_last_counts() -> None:
    assert pick([NEW, OLD], "ground-truth") == [NEW]
    assert pick([{"id": 1}, {"id": 2}], "latest") == [{"id": 2}]


def test_consensus_by_hand() -> None:
    votes = np.array([[0, 1, 1, 255, 255], [0, 1, 2, 255, 3], [0, 0, 2, 255, 3], [0, 1, 1, 255, 0]])
    masks = list(votes.astype(np.uint8)[:, None])
    # three of four; two against two; nobody; two of three
    assert consensus(masks).tolist() == [[0, 1, 255, 255, 3]]
    assert consensus(masks[:1]).tolist() == votes[:1].tolist()


def test_consensus_of_different_sizes_is_refused() -> None:
    with pytest.raises(FrugalsegError, match="different sizes"):
        consensus([np.zeros((1, 2), np.uint8), np.zeros((2, 1), np.uint8)])
