"""The planned looks of a group-sequential study and how they spend its error rate."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from frugalseg.core.errors import FrugalsegError
from frugalseg.settings.study import Spending


@dataclass(frozen=True)
class Looks:
    """The numbers of seeds at which a study is tested, planned before its first result.

    Attributes:
        seeds: of each look, increasing, the first >= 2.
        spending: `linear`: the error rate is spent in proportion to the seeds; `obrien_fleming`:
            nearly none of it early (Lan and DeMets, 1983).

    Raises:
        FrugalsegError: if the numbers of seeds are not increasing or begin below 2.
    """

    seeds: tuple[int, ...]
    spending: Spending = "linear"

    def __post_init__(self) -> None:
        """Refuse looks that cannot be tested."""
        numbers = (1, *self.seeds)
        is_increasing = all(low < high for low, high in pairwise(numbers))
        if not self.seeds or not is_increasing:
            raise FrugalsegError(
                "'looks' must be increasing numbers of seeds, the first at least 2; found "
                f"{list(self.seeds)}."
            )

    @property
    def last(self) -> int:
        """Return the largest number of seeds."""
        return self.seeds[-1]

    def spent(self, alpha: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how much of a one-sided error rate may be spent up to each look.

        Args:
            alpha: float64, shape (n,), in (0, 1].

        Returns:
            float64, shape (n, looks), ascending; the last column is `alpha`.
        """
        information = np.asarray(self.seeds) / self.last
        if self.spending == "linear":
            return alpha[:, None] * information
        critical = stats.norm.isf(alpha / 2)[:, None]
        return np.asarray(2 * stats.norm.sf(critical / np.sqrt(information)))
