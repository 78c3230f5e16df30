"""The data that a training job hands to the loop: batches of what was bought, and validation."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.fit import extents
from frugalseg.data.ledger import labeled_rows
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.split import read_split, unlabeled_rows
from frugalseg.data.stack import Stack
from frugalseg.data.tags import RevealedTags, tagged_rows
from frugalseg.models.scaling import Scaling
from frugalseg.settings.strategy import UnlabeledParams
from frugalseg.settings.tags import WeakParams
from frugalseg.settings.training import TrainingParams
from frugalseg.training.batches import Batch, LabeledBatches, TaggedBatches, check_tags, strata
from frugalseg.training.unlabeled import UnlabeledBatches
from frugalseg.training.validation import TagValidator, Validator
from frugalseg.training.watch import Watcher, choose_watched


@dataclass(frozen=True)
class TrainingData:
    """The data of one run.

    Attributes:
        masks: what the ledger reveals, or pseudo-masks where it reveals nothing.
        card: of the stack.
        key: seeds the random draws, such as (seed, round).
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
    def _images(self) -> dict[str, Any]:
        """The arguments that batches, validators and the watcher share."""
        scaling = Scaling(self.training.normalize)
        return {"images": self.stack.images, "scaling": scaling, "device": self.device}

    @property
    def _drawing(self) -> dict[str, Any]:
        """The arguments that all batches share."""
        return self._images | {"augment": self.training.augment, "key": self.key}

    def _labeled_rows(self, part: str) -> NDArray[np.int64]:
        return labeled_rows(self.stack.index, self.ledger, part)

    def batches(
        self, strong_views: int, unlabeled: UnlabeledParams, split: Path | None
    ) -> Callable[[int], Batch]:
        """Return the function that gives the batch of a step.

        Args:
            strong_views: of each unlabeled image; 0 for a strategy that uses none.
            unlabeled: how unlabeled images are drawn. split: file that says which images those are.
        """
        labeled = self.labeled()
        if not strong_views:
            return labeled.__getitem__
        views = self.unlabeled(strong_views, unlabeled, split)
        return lambda step: replace(labeled[step], unlabeled=views[step])

    @property
    def batch_size(self) -> int:
        """Return the number of labeled images of a step."""
        height, width = self.stack.images.shape[1:3]
        return self.training.batch_size((height, width))

    def labeled(self) -> LabeledBatches:
        """Return the batches of what was bought."""
        rows, index = self._labeled_rows("train"), self.stack.index
        base = self._drawing | {"masks": self.masks, "size": self.batch_size}
        if self.tags is None:
            return LabeledBatches(**base, rows=rows)
        tags = RevealedTags(index, self.ledger, self.classes)
        either = np.union1d(tagged_rows(index, self.ledger, "train"), rows)
        check_tags(tags, either, masks=len(rows) > 0)
        groups = strata(index, either, tags, self.tags.balance, self.origin)
        return TaggedBatches(**base, rows=either, tags=tags, strata=groups)

    def unlabeled(
        self, views: int, params: UnlabeledParams, split: Path | None
    ) -> UnlabeledBatches:
        """Return the batches of unlabeled images; FrugalsegError without a split or any image."""
        if split is None:
            raise FrugalsegError(
                "This strategy learns from unlabeled images, but its arm has no section "
                "'unlabeled'. Add 'unlabeled: {}' to the arm in params.yaml."
            )
        parts = read_split(split)
        content = extents(self.stack.index.sort_values("row"), self.card["fit"])
        return UnlabeledBatches(
            **self._drawing,
            rows=unlabeled_rows(self.stack.index, self.stack.duplicates, parts, self.ledger),
            content=content.to_numpy(np.int64),
            size=params.batch or self.batch_size,
            views=views,
            strong=params,
        )

    def watcher(self) -> Watcher | None:
        """Return the watcher of whole validation images; None unless asked for and bought."""
        watch = self.training.watch
        if watch is None or not len(self._labeled_rows("val")):
            return None
        wholes = choose_watched(self.stack, self.ledger, watch.images)
        return Watcher(
            **self._images, wholes=wholes, every=watch.every, window=window(self.training)
        )

    def validator(self) -> Validator | TagValidator | None:
        """Return the validation: by masks where any were bought, else by tags.

        None for a training that validates nothing.
        """
        if not self.training.validates:
            return None
        if self.tags is None or len(self._labeled_rows("val")):
            return self.mask_validator()
        rows = tagged_rows(self.stack.index, self.ledger, "val")
        tags = RevealedTags(self.stack.index, self.ledger, self.classes)
        return TagValidator(**self._images, tags=tags, rows=rows, options=self.tags)

    def mask_validator(self) -> Validator:
        """Return the validation by the masks of part `val`.

        Raises:
            FrugalsegError: the ledger holds none.
        """
        rows = self._labeled_rows("val")
        if not len(rows):
            raise FrugalsegError(
                "training.<name>.validation: 'split' validates on the split's part 'val', of which "
                "the arm bought no mask. Set datasets.<name>.split.validation above 0, or "
                "'validation: none'."
            )
        return Validator(
            **self._images,
            masks=self.masks,
            rows=rows,
            classes=self.classes,
            patch=self.training.validation_patch,
            window=window(self.training),
        )


def window(training: TrainingParams) -> dict[str, Any] | None:
    """Return the sliding window that whole images are predicted with, as plain values."""
    return training.window.model_dump(mode="json") if training.window else None
