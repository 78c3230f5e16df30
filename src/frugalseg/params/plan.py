"""The plan of a data set: its arms with every name looked up, and the order of their rounds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from frugalseg.acquisition import ACQUISITIONS, STARTS
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.settings.arm import ArmParams
from frugalseg.settings.labels import TAGS, drawn
from frugalseg.settings.model import ModelParams
from frugalseg.settings.section import EVENLY
from frugalseg.settings.strategy import DIRECT, UnlabeledParams
from frugalseg.settings.tags import TagParams, WeakParams
from frugalseg.settings.training import LengthParams, TrainingParams


@dataclass(frozen=True)
class Arm:
    """One arm, with everything that it inherits from `start` or names elsewhere.

    Attributes:
        settings: the arm's own entry: what it buys, and how.
        rounds: the rounds that this arm trains; round r is the state after r purchases.
        warm: whether a round's weights start from its parent's model, not from the encoder's.
        options: keyword arguments of the strategy, as plain values.
        unlabeled: how unlabeled images are drawn; None for a strategy that does not see them.
        tags: which tags the arm buys, if any.
        weak: how tags train the network; None for strategies other than `weak`.
        training_name: the section that `training` is, as it is or with changes.
        steps_key: the key of `params.yaml` that holds the steps of `training`.
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
    training_name: str = ""
    steps_key: str = ""

    @property
    def takes_steps(self) -> bool:
        """Return whether the strategy trains step by step, as its training section says."""
        return self.strategy not in DIRECT

    @property
    def length_name(self) -> str | None:
        """Return the name of the training whose length is chosen for this arm, if it is chosen."""
        is_chosen = isinstance(self.training.steps, LengthParams) and self.takes_steps
        return self.training_name if is_chosen else None

    @property
    def ends_with_all(self) -> bool:
        """Return whether the arm labels the whole pool at random, in rounds that wait for none."""
        return self.settings.query == EVENLY and self.settings.acquire == "random"

    @property
    def start(self) -> str | None:
        """Return the arm that this one starts from, if any."""
        return self.settings.start_arm


@dataclass(frozen=True)
class Plan:
    """The arms of one data set, in the order of `params.yaml`.

    Attributes:
        origin: regular expression whose one group finds an image's source in its name, if any.
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
        acquire = self.arms[arm].settings.acquire
        needs = lookup(ACQUISITIONS, acquire, "acquisition").needs if acquire else "nothing"
        return None if needs in {"nothing", "masks"} else self.parent(arm, round_)

    def start_model(self, arm: str, round_: int) -> tuple[str, int] | None:
        """Return the parent whose weights training starts from; None for a cold start."""
        return self.parent(arm, round_) if self.arms[arm].warm else None

    def start_needs(self, arm: str, round_: int) -> str:
        """Return what the choice of an arm's first labels reads in a round, or "nothing".

        An arm without labels of its own shares the order in which its first ancestor buys them: it
        is needed again for tags.
        """
        if self.parent(arm, round_) is not None and self.arms[arm].tags is None:
            return "nothing"
        return str(lookup(STARTS, self.lineage(arm)[-1].settings.first.by, "start").needs)

    def start_values(self, arm: str) -> dict[str, Any]:
        """Return how the first labels of an arm's ledger are chosen, as plain values.

        With a start by features come the model whose encoder gives them, and its scaling.
        """
        root = self.lineage(arm)[-1]
        first = root.settings.first
        if lookup(STARTS, first.by, "start").needs != "embeddings":
            return {"by": first.by}
        model = root.model.model_dump(mode="json")
        return {**first.model_dump(), "model": model, "normalize": root.training.normalize}

    def length_arm(self, training: str) -> Arm:
        """Return the arm on which the length of a training is chosen: the one with most labels.

        Shares of the training pool come before numbers of images.

        Raises:
            FrugalsegError: no arm that uses the training begins with masks of its own.
        """
        arms = [
            (arm.ends_with_all or isinstance(labels, float), arm.ends_with_all or labels, arm)
            for arm in self.arms.values()
            if arm.length_name == training
            and isinstance(labels := arm.settings.labels, int | float)
        ]
        if not arms:
            raise FrugalsegError(
                f"training.{training}.steps: 'auto' trains an arm that begins with masks, and no "
                f"arm of {self.dataset} with this training does. Give one 'labels', or set a "
                "number of steps"
            )
        return max(arms, key=lambda item: item[:2])[-1]

    def lineage(self, arm: str) -> list[Arm]:
        """Return an arm, the arm that it starts from, and so on."""
        this = self.arms[arm]
        return [this] if this.start is None else [this, *self.lineage(this.start)]

    def learning_curves(self) -> dict[str, list[str]]:
        """Return the arms whose rounds make up each learning curve, by the curve's name.

        Every arm that buys labels has a curve, which begins with that of its start. Arms that train
        one model on first labels of different numbers, chosen alike, are points of one curve: their
        labels are nested. It has the name of the arm that adds random images to them, or
        else of the last of them.
        """
        curves = {
            name: [ancestor.name for ancestor in reversed(self.lineage(name))]
            for name, arm in self.arms.items()
            if arm.settings.acquire is not None and self.buys_only_masks(name)
        }
        groups: dict[tuple[str, ...], list[str]] = {}
        for name, arm in self.arms.items():
            if isinstance(arm.settings.labels, int | float) and self.buys_only_masks(name):
                first = arm.settings.first.model_dump_json()
                alike = (arm.model.model_dump_json(), arm.strategy, first)
                groups.setdefault(alike, []).append(name)
        for group in groups.values():
            adding = [n for n, arms in curves.items() if arms[0] in group and self._is_random(n)]
            for name in adding[:1] or group[-1:]:
                own = curves.get(name, [])
                curves[name] = [*(n for n in group if n not in own), *own]
        return curves

    def _is_random(self, arm: str) -> bool:
        this = self.arms[arm].settings
        return this.acquire == "random" and this.unit == "image"

    def buys_masks(self, arm: str) -> bool:
        """Return whether the ledger of an arm can hold labeled pixels, by masks or drawings.

        They may be its own purchases or its starts'.
        """
        entries = [ancestor.settings for ancestor in self.lineage(arm)]
        return any(e.acquire is not None or set(e.amounts) - {TAGS} for e in entries)

    def drawn(self, arm: str | None = None) -> list[str]:
        """Return the kinds of drawings that the ledger of an arm, or of any arm, can hold."""
        entries = self.lineage(arm) if arm is not None else self.arms.values()
        return sorted({kind for entry in entries for kind in drawn(entry.settings.labels)})

    def buys_only_masks(self, arm: str) -> bool:
        """Return whether the ledger of an arm holds nothing but masks and regions."""
        return not self.buys_tags(arm) and not self.drawn(arm)

    def buys_tags(self, arm: str) -> bool:
        """Return whether the ledger of an arm can hold tags: its own purchases or its starts'."""
        return any(ancestor.tags is not None for ancestor in self.lineage(arm))
