"""One suggestion from beginning to end: look at every image, choose, look at the chosen again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from frugalseg.acquisition.base import Choice, Maps
from frugalseg.acquisition.entropy import predictive_entropy
from frugalseg.core.boxes import Box
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.rows import Rows
from frugalseg.inference.predictor import Predictor
from frugalseg.models.predict import to_preds
from frugalseg.suggest.choose import Chooser, Suggestion, explain
from frugalseg.suggest.label_studio import LOCAL_FILES, task
from frugalseg.suggest.outputs import Picture, suggestion_table
from frugalseg.suggest.overlay import draw_overlay

Show = Callable[[float, str], None]


@dataclass(frozen=True)
class Found:
    """What was suggested, best first; its tasks; and which images could not be read, and why."""

    table: pd.DataFrame
    tasks: list[dict[str, Any]]
    failures: list[str]


@dataclass(frozen=True)
class Session:
    """A model, what chooses, and the images.

    Attributes:
        images: by name. version: of the model, for the tasks.
        prefix: see `frugalseg.suggest.label_studio.task`.
    """

    predictor: Predictor
    chooser: Chooser
    images: Mapping[str, Path]
    version: str
    prefix: str = LOCAL_FILES

    def run(self, show: Show, keep: Callable[[Picture], None]) -> Found:
        """Suggest.

        Args:
            show: told how many images are done, and the name of the one at hand.
            keep: given each overlay when it is drawn.

        Raises:
            FrugalsegError: no image can be read.
        """
        sizes, failures = self._sizes()
        done = iter(range(len(sizes)))

        def look(name: str) -> Maps:
            show(next(done), name)
            return self.chooser.maps(name, self._pixels(name))

        choice = self.chooser.choose(sizes, look)
        suggestions: list[Suggestion] = []
        tasks = []
        for place, name in enumerate(dict.fromkeys(query.image_id for query in choice.queries)):
            show(len(sizes) + place, name)
            mine, made = self._explain(name, choice, keep)
            suggestions += mine
            tasks.append(made)
        suggestions.sort(key=lambda suggestion: suggestion.rank)
        return Found(suggestion_table(suggestions), tasks, failures)

    def _sizes(self) -> tuple[dict[str, tuple[int, int]], list[str]]:
        sizes, failures = {}, []
        for name, path in self.images.items():
            try:
                height, width, *_ = self.predictor.open(path).shape
            except (FrugalsegError, OSError) as error:
                failures.append(str(error))
            else:
                sizes[name] = (height, width)
        if not sizes:
            told = "\n".join(f"  {failure}" for failure in failures)
            raise FrugalsegError(f"None of {len(self.images)} images can be read:\n{told}")
        return sizes, failures

    def _pixels(self, name: str) -> Rows:
        return self.predictor.open(self.images[name])

    def _explain(
        self, name: str, choice: Choice, keep: Callable[[Picture], None]
    ) -> tuple[list[Suggestion], dict[str, Any]]:
        rows = self._pixels(name)
        maps = self.chooser.maps(name, rows)
        threshold = self.predictor.threshold
        preds = to_preds(torch.from_numpy(maps.probs)[None], threshold)[0].numpy()
        whole: Box = (0, 0, preds.shape[0], preds.shape[1])
        scored = self.chooser.acquisition.pixel_score is not None
        mine = [
            explain(choice, rank, query.box or whole, maps, threshold=threshold, scored=scored)
            for rank, query in enumerate(choice.queries, start=1)
            if query.image_id == name
        ]
        boxes = [s.box for s in mine if s.box != whole]
        picture = draw_overlay(
            rows[np.arange(preds.shape[0])],
            predictive_entropy(maps),
            preds,
            boxes,
            most=float(np.log(len(maps.probs))),
        )
        keep(Picture(mine[0].rank, name, picture))
        made = task(
            name,
            preds,
            self.predictor.classes,
            score=_finite(mine[0].score),
            version=self.version,
            boxes=boxes,
            prefix=self.prefix,
        )
        return mine, made


def _finite(score: float) -> float:
    """Return a number that JSON has."""
    return score if np.isfinite(score) else 0.0
