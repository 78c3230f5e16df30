"""Which of several people's annotations of one image count."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError

Rule = Literal["ground-truth", "latest", "consensus"]
RULES: tuple[Rule, ...] = ("ground-truth", "latest", "consensus")


def pick(annotations: Sequence[Mapping[str, Any]], rule: Rule) -> list[Mapping[str, Any]]:
    """Return the annotations of a task that count, without those that were skipped.

    Args:
        rule: `latest`: the one that was changed last; `ground-truth`: the one that is marked as
            such, or else the latest; `consensus`: all of them.
    """
    submitted = [one for one in annotations if not one.get("was_cancelled")]
    if rule == "consensus" or len(submitted) < 2:
        return submitted
    marked = [one for one in submitted if one.get("ground_truth")]
    among = marked if rule == "ground-truth" and marked else submitted
    # dates are written so that they sort as text; of equal or missing ones the last counts
    return [max(reversed(among), key=lambda one: str(one.get("updated_at") or ""))]


def consensus(masks: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Return the value of each pixel that more than half of `masks` have, 255 where none has.

    A mask has no say where it is 255.

    Args:
        masks: uint8, H x W each: 0 background, k class k, 255 not labeled.

    Raises:
        FrugalsegError: they differ in size.
    """
    if len({mask.shape for mask in masks}) > 1:
        raise FrugalsegError("its annotations belong to pictures of different sizes.")
    votes_N_H_W = np.stack(masks)
    voters = (votes_N_H_W != IGNORE).sum(axis=0)
    result = np.full(voters.shape, IGNORE, np.uint8)
    for value in np.unique(votes_N_H_W[votes_N_H_W != IGNORE]):
        result[2 * (votes_N_H_W == value).sum(axis=0) > voters] = value
    return result
