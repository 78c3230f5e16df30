"""One suggestion from beginning to end: score every image, choose, explain the chosen ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from frugalseg.acquisition.base import Choice, Maps
from frugalseg.acquisition.uncertainty import predictive_entropy
from frugalseg.core.boxes import Box
from frugalseg.core.errors import FrugalsegError
from frugalseg.models.predict import to_preds
from frugalseg.suggest.choose import Chooser, Suggestion, explain
from frugalseg.suggest.label_studio import LOCAL_FILES, task
from frugalseg.suggest.outputs import suggestion_table
from frugalseg.suggest.overlay import draw_overlay

SaveOverlay = Callable[[int, str, NDArray[np.uint8]], None]
"""Takes rank, name and picture of an image; see `frugalseg.suggest.outputs.write_overlay`."""


@dataclass(frozen=True)
class Suggestions:
    """What was suggested, best first; its tasks; and which images could not be read, and why."""

    table: pd.DataFrame
    tasks: list[dict[str, Any]]
    failures: list[str]


@dataclass(frozen=True)
class Session:
    """A model with an acquisition, and the images.

    Attributes:
        images: by name. version: of the model, for the tasks.
        prefix: see `frugalseg.suggest.label_studio.task`.
    """

    chooser: Chooser
    images: Mapping[str, Path]
    version: str
    prefix: str = LOCAL_FILES

    def run(self, show: Callable[[float, str], None], save: SaveOverlay) -> Suggestions:
        """Return the suggestions.

        Args:
            show: called with the number of images done and the name of the current one.
            save: called with each overlay.

        Raises:
            FrugalsegError: no image can be read.
        """
        sizes, failures = self._sizes()
        done = iter(range(len(sizes)))

        def load_maps(name: str) -> Maps:
            show(next(done), name)
            return self.chooser.maps(name, self.chooser.predictor.open(self.images[name]))

        choice = self.chooser.choose(sizes, load_maps)
        suggestions: list[Suggestion] = []
        tasks = []
        for place, name in enumerate(dict.fromkeys(query.image_id for query in choice.queries)):
            show(len(sizes) + place, name)
            of_image, image_task = self._explain(name, choice, save)
            suggestions += of_image
            tasks.append(image_task)
        suggestions.sort(key=lambda suggestion: suggestion.rank)
        return Suggestions(suggestion_table(suggestions), tasks, failures)

    def _sizes(self) -> tuple[dict[str, tuple[int, int]], list[str]]:
        sizes, failures = {}, []
        for name, path in self.images.items():
            try:
                height, width, *_ = self.chooser.predictor.open(path).shape
                sizes[name] = (height, width)
            except (FrugalsegError, OSError) as error:
                failures.append(str(error))
        if not sizes:
            listed = "\n".join(f"  {failure}" for failure in failures)
            raise FrugalsegError(f"None of {len(self.images)} images can be read:\n{listed}")
        return sizes, failures

    def _explain(
        self, name: str, choice: Choice, save: SaveOverlay
    ) -> tuple[list[Suggestion], dict[str, Any]]:
        """Return the suggestions in one image and its task; save its overlay."""
        predictor = self.chooser.predictor
        rows = predictor.open(self.images[name])
        maps = self.chooser.maps(name, rows)
        scored = self.chooser.acquisition.pixel_score is not None
        preds = to_preds(torch.from_numpy(maps.probs)[None], predictor.threshold)[0].numpy()
        whole: Box = (0, 0, preds.shape[0], preds.shape[1])
        suggestions = [
            explain(choice, rank, query.box or whole, maps, preds, scored=scored)
            for rank, query in enumerate(choice.queries, start=1)
            if query.image_id == name
        ]
        boxes = [s.box for s in suggestions if s.box != whole]
        image, entropy = rows[np.arange(preds.shape[0])], predictive_entropy(maps)
        most = float(np.log(len(maps.probs)))
        first = suggestions[0]
        save(first.rank, name, draw_overlay(image, entropy, preds, boxes, most=most))
        return suggestions, task(
            name,
            preds,
            predictor.classes,
            score=first.score if np.isfinite(first.score) else 0.0,  # JSON has no NaN
            version=self.version,
            boxes=boxes,
            prefix=self.prefix,
        )
