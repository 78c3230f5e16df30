"""What `params.yaml` plans: every arm with nothing left to look up, and the order of its rounds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.core.registry import lookup
from frugalseg.settings.arm import ArmParams
from frugalseg.settings.model import ModelParams
from frugalseg.settings.strategy import UnlabeledParams
from frugalseg.settings.tags import TagParams, WeakParams
from frugalseg.settings.training import TrainingParams


@dataclass(frozen=True)
class Arm:
    """One arm, with all that it takes over from `start` or looks up elsewhere.

    Attributes:
        settings: the arm's own entry: what it buys, and how.
        rounds: the rounds that this arm trains; round r is the state after r purchases.
        warm: whether a round's weights start from its parent's model, not from the encoder's.
        options: what the strategy is told, as plain values.
        unlabeled: how unlabeled images are drawn; None for a strategy that does not see them.
        tags: which tags it buys, if any. weak: how they teach, if they do.
    """

    name: str
    settings: ArmParams
    rounds: tuple[int, ...]
    warm: bool
    strategy: str
    model: ModelParams
    training: TrainingParams
    options: Mapping[str, Any] = field(default_factory=dict)
    unlabeled: UnlabeledParams | None = None
    tags: TagParams | None = None
    weak: WeakParams | None = None

    @property
    def start(self) -> str | None:
        """Return the arm that this one starts from, if any."""
        return self.settings.start


@dataclass(frozen=True)
class Plan:
    """The arms of one data set, in the order of `params.yaml`.

    Attributes:
        origin: finds an image's source in its name by its one group; None if names tell none.
    """

    dataset: str
    arms: Mapping[str, Arm]
    origin: str | None = None

    def parent(self, arm: str, round_: int) -> tuple[str, int] | None:
        """Return the arm and round whose ledger (and model) this round builds on, if any."""
        this = self.arms[arm]
        if round_ > this.rounds[0]:
            return arm, round_ - 1
        return None if this.start is None else (this.start, self.arms[this.start].rounds[-1])

    def choosing_model(self, arm: str, round_: int) -> tuple[str, int] | None:
        """Return the parent whose model chooses this round's labels; None if none is needed."""
        parent, acquire = self.parent(arm, round_), self.arms[arm].settings.acquire
        if parent is None or acquire is None:
            return None
        needs = lookup(ACQUISITIONS, acquire, "acquisition").needs
        return None if needs in {"nothing", "masks"} else parent

    def start_model(self, arm: str, round_: int) -> tuple[str, int] | None:
        """Return the parent whose weights training starts from; None for a cold start."""
        return self.parent(arm, round_) if self.arms[arm].warm else None

    def pseudo_model(self, arm: str, round_: int) -> tuple[str, int] | None:
        """Return the parent whose model draws this round's pseudo-masks, if it has any."""
        return self.parent(arm, round_) if self.arms[arm].settings.pseudo is not None else None

    def buys_masks(self, arm: str) -> bool:
        """Say whether the ledger of an arm can hold masks: its own purchases or its starts'."""
        this = self.arms[arm]
        own = this.settings.acquire is not None or this.settings.labels not in (None, "tags")
        return own or (this.start is not None and self.buys_masks(this.start))

    def buys_tags(self, arm: str) -> bool:
        """Say whether the ledger of an arm can hold tags: its own purchases or its starts'."""
        this = self.arms[arm]
        return this.tags is not None or (this.start is not None and self.buys_tags(this.start))
