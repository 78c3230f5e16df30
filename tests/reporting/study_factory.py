"""Writes the files of a small, made-up, plausible study, as the pipeline would leave them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.reporting.load.study import Study, load_study
from frugalseg.statistics.curve import curve_table
from tests.reporting.further_tables import (
    confusion_table,
    further_tables,
    made_up_contrasts,
    planned_contrasts,
)
from tests.reporting.study_purchases import write_acquired
from tests.reporting.study_samples import write_samples

ARMS: dict[str, dict[str, Any]] = {
    "full": {"labels": 1.0, "strategy": "supervised"},
    "initial": {"labels": 0.1, "strategy": "supervised"},
    "random": {"start": "initial", "acquire": "random", "query": 0.1, "rounds": 2},
    "entropy": {"start": "initial", "acquire": "entropy", "query": 0.1, "rounds": 2},
    "mean_teacher": {"start": "initial", "strategy": "mean_teacher"},
}
METRICS = [
    *("dice", "dice_pooled", "dice_empty_one", "dice_empty_undefined"),
    *("iou", "iou_pooled", "precision", "recall", "accuracy", "image_fpr"),
]
NAN = float("nan")
SHOWN = 4
"""Rows of the still picture of test images at most: each takes a second to draw."""


@dataclass(frozen=True)
class Plan:
    """What to make up; the defaults are a study like the built-in one."""

    name: str = "builtin"
    arms: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: ARMS)
    classes: tuple[str, ...] = ("defect",)
    seeds: int = 5
    images: int = 40
    size: tuple[int, int] = (48, 64)
    steps: int = 60
    samples: int = 4
    positives: float = 0.6
    nan_share: float = 0.0
    image_prefix: str = "image"
    contrasts: bool = True
    channels: int = 1


def make_study(root: Path, plan: Plan | None = None) -> Study:
    """Write the study's files below `root` and read them back."""
    plan = plan or Plan()
    write_study(root, plan)
    return load_study(root / "data", root / "results", params(plan), provenance())


def write_study(root: Path, plan: Plan) -> None:
    """Write `root/data` (the prepared stack) and `root/results`."""
    rng = np.random.default_rng(7)
    images, masks = _stack(plan, rng)
    ids = [f"{plan.image_prefix}-{i:03d}" for i in range(plan.images)]
    _write_data(root / "data", plan, ids, images, masks)
    results = root / "results"
    scores = _write_runs(results, plan, ids, masks, rng)
    scores.to_csv(results / "scores.csv", index=False)
    confused = confusion_table(runs_of(plan), len(plan.classes))
    confused.to_csv(results / "confusion.csv", index=False)
    (statistics := results / "statistics").mkdir()
    curves = pd.concat(curve_table(scores, metric) for metric in METRICS)
    curves.to_csv(statistics / "curve.csv", index=False)
    planned = planned_contrasts(plan.arms, any_planned=plan.contrasts)
    contrasts = made_up_contrasts(scores, planned)
    contrasts.to_csv(statistics / "contrasts.csv", index=False)
    for name, table in further_tables(scores, contrasts, planned, plan.arms).items():
        table.to_csv(statistics / f"{name}.csv", index=False)


def params(plan: Plan) -> dict[str, Any]:
    return {
        "seeds": plan.seeds,
        "arms": {arm: dict(value) for arm, value in plan.arms.items()},
        "costs": {"mask_seconds": 60, "price_per_hour": 30},
        "report": {"metric": "dice", "samples": min(plan.samples, SHOWN)},
    }


def provenance() -> dict[str, Any]:
    return {
        "git": {"revision": "0123abc", "dirty": False},
        "versions": {"python": "3.11.2", "torch": "2.9.1"},
        "hashes": {"images.npy": "9" * 32},
        "commands": ["make reports", "snakemake --cores 2 reports/all"],
    }


def _stack(plan: Plan, rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    height, width = plan.size
    ys, xs = np.mgrid[:height, :width]
    images = np.zeros((plan.images, height, width, plan.channels), np.uint8)
    masks = np.zeros((plan.images, height, width), np.uint8)
    for i in range(plan.images):
        texture = 120 + 12 * np.sin(xs / 3 + i) + rng.normal(0, 9, (height, width))
        if i < plan.positives * plan.images:
            y, x, r = rng.uniform(0.2, 0.8) * height, rng.uniform(0.2, 0.8) * width, height / 7
            blob = ((ys - y) / r) ** 2 + ((xs - x) / (2 * r)) ** 2 < 1
            masks[i][blob] = 1 + i % len(plan.classes)
            texture = texture - 45 * blob
        masks[i, :2] = 255
        images[i] = np.clip(texture, 0, 255).astype(np.uint8)[..., None]
    return images, masks


def _write_data(
    data: Path, plan: Plan, ids: list[str], images: NDArray[np.uint8], masks: NDArray[np.uint8]
) -> None:
    data.mkdir(parents=True)
    np.save(data / "images.npy", images)
    np.save(data / "masks.npy", masks)
    foreground = [int(((mask > 0) & (mask < 255)).sum()) for mask in masks]
    index = {
        "row": range(len(ids)),
        "image_id": ids,
        "split": ["test" if i % 4 == 0 else "train" for i in range(len(ids))],
        "group": ids,
        "image_label": [str(int(f > 0)) for f in foreground],
        "foreground": foreground,
        "pixels": [int((mask < 255).sum()) for mask in masks],
        "height": plan.size[0],
        "width": plan.size[1],
        "has_mask": True,
    }
    pd.DataFrame(index).to_csv(data / "index.csv", index=False)
    card = {
        "name": plan.name,
        "reader": "builtin",
        "license": "CC0-1.0",
        "citation": "A. Author, A made-up data set (2024)",
        "homepage": "https://example.org/data?a=1&b=2",
        "source": "builtin:defects",
        "archive_sha256": "a" * 64,
        "classes": list(plan.classes),
        "image_size": list(plan.size),
        "channels": plan.channels,
        "fit": "resize",
        "mask": {"method": "otsu", "threshold": 0.5, "separability": 0.97},
        "images": len(ids),
        "positives": int(sum(f > 0 for f in foreground)),
        "counts": {"train": 30, "test": 10},
        "foreground_share": float(np.mean(foreground)) / masks[0].size,
    }
    (data / "card.json").write_text(json.dumps(card), "utf-8")


def runs_of(plan: Plan) -> list[tuple[str, int, int, float]]:
    """(arm, seed, round, fraction of the labels) of every run."""
    runs = []
    for arm, spec in plan.arms.items():
        start = float(spec.get("labels", 0.1))
        for seed in range(plan.seeds):
            if "rounds" in spec:
                for number in range(1, spec["rounds"] + 1):
                    runs.append((arm, seed, number, start + number * spec["query"]))
            else:
                runs.append((arm, seed, 0, start))
    return runs


def _write_runs(
    results: Path, plan: Plan, ids: list[str], masks: NDArray[np.uint8], rng: np.random.Generator
) -> pd.DataFrame:
    for seed in range(plan.seeds):
        parts = [
            "test" if i % 4 == 0 else "val" if i % 4 == 1 else "train" for i in range(len(ids))
        ]
        path = results / "split" / f"seed-{seed}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame({"image_id": ids, "part": parts}).to_csv(path, index=False)
    scores: list[dict[str, Any]] = []
    for arm, seed, number, fraction in runs_of(plan):
        quality = 0.85 - 0.35 * np.exp(-4 * fraction) + 0.012 * (len(arm) % 5)
        quality = float(np.clip(quality + rng.normal(0, 0.02), 0, 1))
        folder = results / "train" / arm / f"seed-{seed}" / f"round-{number}"
        _write_run(folder, plan, ids, quality, number, fraction, rng)
        if "rounds" in plan.arms[arm]:
            scored = plan.arms[arm].get("acquire", "random") != "random"
            write_acquired(folder, plan.size, ids, 2 * number + len(arm) + seed, scored=scored)
        scores += _scores(plan, arm, seed, number, fraction, quality, rng)
    rows = [i for i in range(len(ids)) if i % 4 == 0][: plan.samples]
    write_samples(results, plan.arms, [ids[i] for i in rows], masks[rows], rng)
    return pd.DataFrame(scores)


def _write_run(
    folder: Path,
    plan: Plan,
    ids: list[str],
    quality: float,
    number: int,
    fraction: float,
    rng: np.random.Generator,
) -> None:
    folder.mkdir(parents=True)
    steps = np.arange(1, plan.steps + 1)
    loss = (1 - quality) + np.exp(-steps / 5) + rng.normal(0, 0.03, plan.steps)
    validated = steps % 10 == 0
    dice = quality * (1 - np.exp(-steps / 6))
    history = {
        "step": steps,
        "loss": loss,
        "dice_loss": loss / 2,
        "lr": 1e-3,
        "val_dice": np.where(validated, dice, NAN),
        "val_loss": np.where(validated, 1 - dice, NAN),
    }
    pd.DataFrame(history).to_csv(folder / "history.csv", index=False)
    _ledger(plan, ids, number, fraction).to_csv(folder / "labels.csv", index=False)
    record = {
        "seconds": 40.0,
        "steps": plan.steps,
        "best_step": plan.steps - 10,
        "threshold": 0.45,
        "parameters": 4_000_000,
        "versions": {"torch": "2.9.1"},
        "hardware": "2 cores",
    }
    (folder / "run.json").write_text(json.dumps(record), "utf-8")


def _ledger(plan: Plan, ids: list[str], number: int, fraction: float) -> pd.DataFrame:
    """Everything bought so far: validation images and first labels in round 0, then as many more
    in every round."""
    total = max(1, round(fraction * plan.images / 2))
    more = round(0.1 * plan.images / 2)
    rounds = [max(0, number - (total - 1 - k) // max(more, 1)) for k in range(total)]
    ledger = pd.DataFrame({"round": [0, *rounds], "image_id": [ids[1], *ids[2 : total + 2]]})
    ledger = ledger.assign(part=["val"] + ["train"] * total, unit="image", y=0, x=0)
    height, width = plan.size
    ledger = ledger.assign(height=height, width=width, pixels=height * width)
    return ledger.assign(seconds=60.0)


def _scores(
    plan: Plan,
    arm: str,
    seed: int,
    number: int,
    fraction: float,
    quality: float,
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    images = max(1, round(fraction * plan.images / 2))
    names = ["all"] if len(plan.classes) == 1 else ["all", *plan.classes]
    rows = []
    for threshold in ("validation", "half"):
        for name in names:
            for k, metric in enumerate(METRICS):
                value = quality - 0.01 * k if metric != "image_fpr" else 0.4 - quality / 3
                missing = rng.random() < plan.nan_share
                rows.append(
                    {
                        "arm": arm,
                        "seed": seed,
                        "round": number,
                        "images": images,
                        "pixels": images * plan.size[0] * plan.size[1],
                        "seconds": images * 60.0,
                        "fraction": fraction,
                        "threshold": threshold,
                        "class": name,
                        "metric": metric,
                        "value": NAN if missing else value,
                        "all_background": 0.9 if metric == "accuracy" else 0.0,
                    }
                )
    return rows
