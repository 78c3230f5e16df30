"""How much one round may buy, and which part of a ranking that covers."""

from collections.abc import Iterable
from dataclasses import dataclass

from frugalseg.core.boxes import Box


@dataclass(frozen=True)
class Query:
    """One label to buy.

    Attributes:
        box: a region of the image; None for all of it.
        pixels: how many of its pixels were not bought before.
        score: of the acquisition, without the noise that it may rank by; NaN if nothing was scored.
    """

    image_id: str
    box: Box | None = None
    pixels: int = 0
    score: float = float("nan")


@dataclass(frozen=True)
class QuerySize:
    """How much one round may buy, in labels, pixels or seconds.

    Attributes:
        amount: how much. per_label, per_pixel: how much of it one label and one new pixel use;
            (1, 0) counts labels, (0, 1) counts pixels.
    """

    amount: float
    per_label: float = 1.0
    per_pixel: float = 0.0

    def price(self, query: Query) -> float:
        """Return how much of the amount one query uses."""
        return self.per_label + self.per_pixel * query.pixels

    def take(self, ranking: Iterable[Query]) -> list[Query]:
        """Return the top of a ranking whose price comes nearest to the amount.

        It is at least one query, and at most half a query away from the amount, unless the ranking
        ends before. No cheaper query from further down fills a gap.
        """
        taken: list[Query] = []
        spent = 0.0
        for query in ranking:
            price = self.price(query)
            if taken and spent + price / 2 > self.amount:
                break
            taken.append(query)
            spent += price
        return taken

    def most(self, least_pixels: int) -> int:
        """Return the most queries, of at least `least_pixels` new pixels each, that it covers."""
        return int(self.amount / (self.per_label + self.per_pixel * least_pixels)) + 1
