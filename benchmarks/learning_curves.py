"""Real learning curves, many and cheap: `python -m benchmarks.learning_curves OUT.csv`.

Every curve is the Dice over positives of one learner on one data set after 1, 2, 4, ... labeled
images, for seeds that draw the images and the weights; the labels of a seed are nested. `head`
fits a logistic regression to pixels of the frozen, bundled encoder; `texture` does so on its first
two stages only; `unet` trains a U-Net for 60 steps. The archives lie in the folder that
FRUGALSEG_DATA names. `python -m benchmarks forecast` reads benchmarks/learning_curves.csv.
"""

import argparse
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import nn

from benchmarks.heads import STAGES, Head, dice, features, network, normalized
from frugalseg.acquisition.stratified import stratified_order
from frugalseg.core.randomness import generator
from frugalseg.data.split import split
from frugalseg.data.stack import read_index
from frugalseg.ingest.synthetic.archive import write_archive
from frugalseg.settings.dataset import DataSetParams
from frugalseg.stages import prepare

Array = NDArray[Any]
SETS: dict[str, dict[str, Any]] = {
    "glands": {"reader": "glas", "source": "glas_72.zip", "image_size": [96, 160]},
    "cracks": {
        "reader": "crack_segmentation",
        "source": "crack_segmentation_dataset_SUBSTITUTE.zip",
        "image_size": [128, 128],
    },
    "magnetic_tiles": {
        "reader": "magnetic_tile",
        "source": "Magnetic-tile-defect-datasets.zip",
        "image_size": [128, 96],
    },
    "kolektorsdd2": {
        "reader": "kolektorsdd2",
        "source": "KolektorSDD2_SUBSTITUTE_from_KSDD1.zip",
        "image_size": [256, 96],
    },
    "uav_cracks": {
        "reader": "folder",
        "source": "uav-based-crack-detection-dataset.zip",
        "image_size": [128, 128],
    },
    "crackforest": {
        "reader": "crackforest",
        "source": "CrackForest-dataset.zip",
        "image_size": [128, 192],
    },
    "aluminum": {
        "reader": "aluminum",
        "source": "Aluminum-Surface-Defect-mini_test.zip",
        "image_size": [128, 128],
        "tile": {"scale": 0.25},
    },
    "microct": {
        "reader": "microct",
        "source": "microct_02456_project21.zip",
        "image_size": [192, 192],
    },
    "scene": {
        "reader": "builtin",
        "source": "builtin:defects",
        "scene": {"images": 256, "test": 80},
        "image_size": [96, 96],
    },
}
STEPS, BATCH = 60, 8
COLUMNS = ["dataset", "learner", "user", "seed", "pool", "images", "dice"]


class Images:
    """A data set in memory: images in [0, 1], binary masks, the training pool, the test images."""

    def __init__(self, name: str, archives: Path) -> None:
        """Prepare the data set as the pipeline does; all foreground classes are one."""
        entry = dict(SETS[name])
        with tempfile.TemporaryDirectory() as folder:
            archive = archives / entry["source"]
            if entry["source"].startswith("builtin:"):
                archive = Path(folder) / "scene.zip"
                write_archive(entry["source"].partition(":")[2], entry["scene"], archive)
            settings = DataSetParams.model_validate(entry | {"source": f"file:{archive}"})
            out = Path(folder) / "stack"
            prepare.run(archive, out, settings, name=name, threads=1)
            self.images = np.load(out / "images.npy")
            self.masks = np.load(out / "masks.npy")
            index = read_index(out)
        test_rng, validation_rng = generator("split", "test"), generator("split", "val")
        parts = split(
            index, test=0.3, validation=0, test_rng=test_rng, validation_rng=validation_rng
        ).parts["part"]
        self.known = self.masks != 255
        self.masks = (self.masks > 0) & self.known
        positive = self.masks.any(axis=(1, 2))
        self.pool = np.flatnonzero(parts == "train")
        self.tags = index["image_label"].to_numpy(object)
        self.test = np.flatnonzero((parts == "test") & positive)

    def order(self, pool: Array, *key: int) -> Array:
        """Return the rows of a pool in the order in which a seed labels them."""
        return pool[np.asarray(stratified_order(self.tags[pool], generator(*key, "start")))]


@dataclass(frozen=True)
class Draw:
    """One curve to measure: the images of one seed, in their order.

    Attributes:
        user: which part of the pool is all that there is; 0 for the whole pool.
    """

    user: int
    seed: int
    order: Array

    def budgets(self) -> list[int]:
        """Return 1, 2, 4, ... labeled images, and all."""
        powers = [2**k for k in range(12) if 2**k < 0.8 * len(self.order)]
        return [*powers, len(self.order)]


def draws(data: Images, seeds: Sequence[int], users: int, size: int) -> Iterator[Draw]:
    """Yield the draws of the whole pool, or those of users who have `size` images each."""
    if not users:
        for seed in seeds:
            yield Draw(0, seed, data.order(data.pool, seed))
    for user in range(1, users + 1):
        own = data.order(data.pool, 1000 + user)[:size]
        for seed in seeds:
            yield Draw(user, seed, data.order(own, seed, user))


Score = tuple[Draw, int, float]


def head_curves(data: Images, kind: str, chosen_draws: Iterable[Draw]) -> Iterator[Score]:
    """Yield draw, labeled images and Dice of logistic regressions on frozen features."""
    maps, masks = features(data.images, data.masks, STAGES[kind])
    test = data.test[masks[data.test].any(axis=(1, 2))]
    for draw in chosen_draws:
        order, rng = draw.order, generator(draw.seed, "pixels")
        for count in draw.budgets():
            head = Head.of(maps, masks, order[:count], rng)
            yield draw, count, head.dice(maps, masks, test) if head else 0.0


def unet_curves(data: Images, chosen_draws: Iterable[Draw]) -> Iterator[Score]:
    """Yield draw, labeled images and Dice of short trainings of a U-Net."""
    images = normalized(data.images)
    masks = torch.from_numpy(data.masks).float()
    height, width = data.masks.shape[1:]
    crop = 64
    for draw in chosen_draws:
        order, rng = draw.order, generator(draw.seed, "batches")
        for count in draw.budgets():
            model = network(draw.seed).train()
            optimizer = torch.optim.AdamW(model.parameters(), 4e-3)
            schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, STEPS)
            for _ in range(STEPS):
                crops, targets = [], []
                for row in rng.choice(order[:count], BATCH):
                    places = np.argwhere(data.masks[row])
                    if len(places) and rng.random() < 0.75:
                        y, x = places[rng.integers(len(places))] - rng.integers(8, crop - 8, 2)
                    else:
                        y, x = rng.integers(0, height), rng.integers(0, width)
                    y, x = np.clip(y, 0, height - crop), np.clip(x, 0, width - crop)
                    box = (..., slice(y, y + crop), slice(x, x + crop))
                    flips = [axis for axis in (-2, -1) if rng.random() < 0.5]
                    crops.append(images[row][box].flip(flips))
                    targets.append(masks[row][box].flip(flips))
                probs = model(torch.stack(crops))[:, 0].sigmoid()
                target = torch.stack(targets)
                overlap = 1 - (2 * (probs * target).sum() + 1) / (probs.sum() + target.sum() + 1)
                loss = overlap + nn.functional.binary_cross_entropy(probs, target)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
            with torch.inference_mode():
                model.eval()
                preds = torch.cat([model(x)[:, 0] > 0 for x in images[data.test].split(16)])
            yield draw, count, dice(preds.numpy(), data.masks[data.test])


def main(arguments: Sequence[str] | None = None) -> None:
    """Write one row for every training, appending to what the file holds already."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.learning_curves", description=__doc__
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--learners", nargs="+", default=["head", "texture", "unet"])
    parser.add_argument("--sets", nargs="+", default=list(SETS), choices=list(SETS))
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(12)))
    parser.add_argument("--users", type=int, default=0, help="draw from small pools instead")
    parser.add_argument("--size", type=int, default=16, help="images of such a pool")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    archives = Path(os.environ.get("FRUGALSEG_DATA", "../shared/data"))
    for name in options.sets:
        data = Images(name, archives)
        print(name, len(data.pool), len(data.test), flush=True)
        for learner in options.learners:
            planned = draws(data, options.seeds, options.users, options.size)
            is_unet = learner == "unet"
            scores = unet_curves(data, planned) if is_unet else head_curves(data, learner, planned)
            rows = [
                (name, learner, draw.user, draw.seed, len(draw.order), count, round(value, 4))
                for draw, count, value in scores
            ]
            table = pd.DataFrame(rows, columns=COLUMNS)
            print(table.groupby("images")["dice"].agg(["mean", "std"]).round(3).T, flush=True)
            table.to_csv(options.out, mode="a", header=not options.out.exists(), index=False)


if __name__ == "__main__":
    main()
