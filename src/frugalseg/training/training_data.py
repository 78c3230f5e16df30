"""What a training job feeds to the loop: batches of what was bought, and the validation."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.ledger import RevealedMasks, labeled_rows
from frugalseg.data.stack import Stack
from frugalseg.models.scaling import Scaling
from frugalseg.settings.strategy import UnlabeledParams
from frugalseg.settings.tags import WeakParams
from frugalseg.settings.training import TrainingParams
from frugalseg.training.batches import Batch, LabeledBatches
from frugalseg.training.tag_validation import TagValidator, build_tag_validator
from frugalseg.training.tagged_batches import build_tagged_batches
from frugalseg.training.unlabeled import build_unlabeled_batches, joined
from frugalseg.training.validation import Validator
from frugalseg.training.watch import Watcher, choose_watched


@dataclass(frozen=True)
class TrainingData:
    """The data of one run.

    Attributes:
        masks: what the ledger reveals, or pseudo-masks where it reveals nothing.
        card: of the stack.
        key: what the random draws derive from, such as (seed, arm, round).
        tags: how tags teach; None for a strategy that does not learn from them.
        origin: see `frugalseg.data.origin`; for batches that are balanced over sources.
    """

    training: TrainingParams
    stack: Stack
    ledger: pd.DataFrame
    masks: RevealedMasks
    card: dict[str, Any]
    key: tuple[int | str, ...]
    device: torch.device
    tags: WeakParams | None = None
    origin: str | None = None

    @property
    def classes(self) -> int:
        """Return the number of foreground classes."""
        return len(self.card["classes"])

    @property
    def scaling(self) -> Scaling:
        """Return how pixels are scaled for the network."""
        return Scaling(self.training.normalize)

    def batches(
        self, strong_views: int, unlabeled: UnlabeledParams, split: Path | None
    ) -> Callable[[int], Batch]:
        """Return what gives the batch of a step.

        Args:
            strong_views: of each unlabeled image; 0 for a strategy that sees none.
            unlabeled: how unlabeled images are drawn. split: which images those may be.
        """
        labeled = self.labeled().__getitem__
        if not strong_views:
            return labeled
        views = build_unlabeled_batches(
            unlabeled,
            self.stack,
            self.ledger,
            split,
            self.card,
            batch=self.training.batch,
            views=strong_views,
            augment=self.training.augment,
            scaling=self.scaling,
            device=self.device,
            key=self.key,
        )
        return joined(labeled, views.__getitem__)

    def labeled(self) -> LabeledBatches:
        """Return the batches of what was bought."""
        base: dict[str, Any] = {
            "images": self.stack.images,
            "masks": self.masks,
            "size": self.training.batch,
            "augment": self.training.augment,
            "scaling": self.scaling,
            "device": self.device,
            "key": self.key,
        }
        if self.tags is not None:
            return build_tagged_batches(
                base, self.stack, self.ledger, self.tags, classes=self.classes, origin=self.origin
            )
        return LabeledBatches(**base, rows=labeled_rows(self.stack.index, self.ledger, "train"))

    def watcher(self) -> Watcher | None:
        """Return who watches whole validation images; None unless asked for and bought."""
        asked = self.training.watch
        if asked is None or not len(labeled_rows(self.stack.index, self.ledger, "val")):
            return None
        return Watcher(
            images=self.stack.images,
            wholes=choose_watched(self.stack, self.ledger, asked.images),
            every=asked.every,
            scaling=self.scaling,
            device=self.device,
            window=window(self.training),
        )

    def validator(self) -> Validator | TagValidator | None:
        """Validate by masks where any were bought, else by tags; None if nothing is validated."""
        if not self.training.validates:
            return None
        if self.tags is not None and not len(labeled_rows(self.stack.index, self.ledger, "val")):
            return build_tag_validator(
                self.stack,
                self.ledger,
                self.tags,
                classes=self.classes,
                scaling=self.scaling,
                device=self.device,
            )
        return self.mask_validator()

    def mask_validator(self) -> Validator:
        """Validate by the masks of part `val`.

        Raises:
            FrugalsegError: the ledger holds none.
        """
        rows = labeled_rows(self.stack.index, self.ledger, "val")
        if not len(rows):
            raise FrugalsegError(
                "training.<name>.validation: 'split' validates on the split's part 'val', of which "
                "the arm bought no mask. Set datasets.<name>.split.validation above 0, or "
                "'validation: none'."
            )
        return Validator(
            images=self.stack.images,
            masks=self.masks,
            rows=rows,
            classes=self.classes,
            scaling=self.scaling,
            device=self.device,
            patch=self.training.validation_patch,
            window=window(self.training),
        )


def window(training: TrainingParams) -> dict[str, Any] | None:
    """Return the sliding window that whole images are predicted with, as plain values."""
    return training.window.model_dump(mode="json") if training.window else None
