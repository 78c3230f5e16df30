"""`Study`: everything the report of one data set is made of, read from the pipeline's files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json
from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.reporting import wording
from frugalseg.reporting.load.purchases import Purchases, load_purchases
from frugalseg.reporting.load.samples import Samples, Watched, first_samples, load_watched
from frugalseg.reporting.palette import ArmStyle, families, style_arms
from frugalseg.settings.study import Order

RUN_KEYS = ["arm", "seed", "round"]
FULL = 0.999
"""Share of the training labels from which on an arm counts as fully labeled."""


@dataclass(frozen=True)
class Study:
    """One data set with all its runs; the tables keep the columns of the files they come from.

    Attributes:
        card: the data card; `name` and `classes` are always there.
        images: uint8, N x H x W x C, memory-mapped; row i belongs to row i of `index`.
        masks: uint8, N x H x W, memory-mapped; 0 = background, 255 = without a label.
        histories: of all runs, with the columns arm, seed and round in front.
        labels: the ledger of each arm and seed after its last round, likewise; the column
            `bought` is the round in which a label was bought.
        runs: one dict a run, with the keys arm, seed and round.
        samples: predictions of each arm's first seed.
        calibration: the rows of `calibration.parquet` of all runs, with the columns arm and seed.
        params: the data set's part of `params.yaml`.
        provenance: revision, versions, hashes and commands, shown as they are.
        further: the other tables by name, as far as they exist: those of the statistics,
            `duplicates` (pairs of images that are the same or nearly), `leaks` (pairs on two sides
            of a split, with the column seed), `ladder` (score of every step from tags over
            pseudo-masks) and `shortcut` (how well an image's source predicts its tag).
        purchases: what acquisitions have bought in rounds, and with which scores.
        watched: predictions during training, of each arm's first seed and last round.
    """

    card: Mapping[str, Any]
    index: pd.DataFrame
    images: NDArray[np.uint8]
    masks: NDArray[np.uint8]
    scores: pd.DataFrame
    curve: pd.DataFrame
    contrasts: pd.DataFrame
    parts: pd.DataFrame
    histories: pd.DataFrame
    labels: pd.DataFrame
    runs: tuple[Mapping[str, Any], ...]
    samples: Mapping[str, Samples]
    calibration: pd.DataFrame
    params: Mapping[str, Any]
    provenance: Mapping[str, Any]
    further: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    purchases: Purchases = field(default_factory=Purchases)
    watched: Mapping[str, Watched] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the data set."""
        return str(self.card["name"])

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the foreground classes; class k of a mask is `classes[k - 1]`."""
        return tuple(map(str, self.card["classes"]))

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """Arms with a score, in the order of the parameters."""
        scored = list(dict.fromkeys(map(str, self.scores["arm"])))
        planned = [arm for arm in self.params.get("arms", {}) if arm in scored]
        return tuple(planned + [arm for arm in scored if arm not in planned])

    @cached_property
    def seeds(self) -> tuple[int, ...]:
        """Seeds with a score, ascending."""
        return tuple(sorted({int(seed) for seed in self.scores["seed"]}))

    @cached_property
    def seeds_text(self) -> str:
        """How many seeds the arms have, in words: `5 seeds`, or `4 to 10 seeds` if they differ."""
        low, high = self.scores.groupby("arm")["seed"].nunique().agg(["min", "max"])
        return wording.plural(high, "seed") if low == high else f"{low} to {high} seeds"

    @cached_property
    def full_arms(self) -> tuple[str, ...]:
        """Arms that start with every label: the ceiling the others are measured against."""
        first = self.scores.sort_values("round").groupby("arm")["fraction"].first()
        return tuple(arm for arm in self.arms if first.get(arm, 0.0) >= FULL)

    @cached_property
    def styles(self) -> dict[str, ArmStyle]:
        """Color, marker and dash of every arm."""
        return style_arms(self.arms, self.full_arms, families(self.params.get("arms") or {}))

    @property
    def metric(self) -> str:
        """The metric of the figures and of the answer."""
        return str(self.option("metric", "dice"))

    @property
    def metric_label(self) -> str:
        """The metric's name in words."""
        return wording.metric_label(self.metric)

    @property
    def lower_is_better(self) -> bool:
        """Whether lower values of the metric are better."""
        return self.metric in LOWER_IS_BETTER

    @property
    def goal(self) -> float:
        """Share of the full arm's score that counts as near it."""
        return float(self.option("goal", 0.95))

    @cached_property
    def points(self) -> pd.DataFrame:
        """The rows of `curve` that have a mean of the report's metric, by arm and round."""
        chosen = (self.curve["metric"] == self.metric) & self.curve["mean"].notna()
        return self.curve[chosen].sort_values(["arm", "round"], kind="stable")

    @property
    def confidence(self) -> str:
        """Confidence of every interval, in words: `95%`."""
        section = self.params.get("statistics") or {}
        return f"{100 * float(section.get('confidence', 0.95)):.4g}%"

    @property
    def alpha(self) -> float:
        """Error rate of the claims."""
        return float((self.params.get("statistics") or {}).get("alpha", 0.05))

    @property
    def order(self) -> Order:
        """How the error rate passes along the planned contrasts."""
        order: Order = (self.params.get("statistics") or {}).get("order", "holm")
        return order

    def table(self, name: str) -> pd.DataFrame:
        """Return one of the `further` tables; an empty one if it does not exist."""
        return self.further.get(name, pd.DataFrame())

    def sort_by_arm(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows in the order of the arms; the rows of an arm keep their order."""
        order = {arm: place for place, arm in enumerate(self.arms)}
        return table.sort_values("arm", key=lambda arms: arms.map(order), kind="stable")

    def option(self, key: str, default: Any) -> Any:
        """Look up a report option; prices may also stand among the costs."""
        for section in ("report", "costs"):
            value = (self.params.get(section) or {}).get(key)
            if value is not None:
                return value
        return default

    def start(self, arm: str) -> str | None:
        """Return the arm whose labels and weights `arm` starts from, if it has been scored."""
        start = (self.params.get("arms", {}).get(arm) or {}).get("start")
        return start if isinstance(start, str) and start in self.arms else None

    def lineage(self, arm: str) -> list[str]:
        """Return an arm, the arm that it starts from, and so on, as far as they are scored."""
        start = self.start(arm)
        return [arm] if start is None else [arm, *self.lineage(start)]


def load_study(
    data: Path, results: Path, params: Mapping[str, Any], provenance: Mapping[str, Any]
) -> Study:
    """Read one data set's files.

    Only the runs of `scores.csv` are read: folders may hold more, left by arms that are no longer
    in the parameters.

    Args:
        data: `data/prepared/<dataset>`.
        results: `results/<dataset>`.
        params: the data set's part of `params.yaml`.
        provenance: revision, versions, hashes and commands, shown as they are.

    Raises:
        FrugalsegError: naming a required file that is missing.
    """
    scores = _read_csv(paths.within(results, paths.SCORES))
    runs = [(str(a), int(s), int(r)) for a, s, r in scores[RUN_KEYS].drop_duplicates().to_numpy()]
    folders = {run: paths.round_folder(results, *run) for run in runs}
    last = {run[:2]: run for run in sorted(runs)}  # the last ledger holds everything bought so far
    seeds = sorted({seed for _, seed, _ in runs})
    tables = {name: paths.in_results(results, paths.TABLE, table=name) for name in paths.TABLES}
    tables["confusion"] = paths.in_results(results, paths.CONFUSION)
    tables["duplicates"] = paths.within(data, paths.DUPLICATES)
    return Study(
        card=read_json(_required(paths.within(data, paths.CARD))),
        index=_read_csv(paths.within(data, paths.INDEX)),
        images=_read_stack(paths.within(data, paths.IMAGES)),
        masks=_read_stack(paths.within(data, paths.MASKS)),
        scores=scores,
        curve=_read_csv(tables["curve"]),
        contrasts=_read_csv(tables["contrasts"]),
        parts=_of_seeds(results, seeds, paths.SPLIT),
        histories=_stack({r: paths.within(folders[r], paths.HISTORY) for r in runs}, RUN_KEYS),
        labels=_stack({r: paths.within(folders[r], paths.LEDGER) for r in last.values()}, RUN_KEYS),
        runs=tuple(
            read_json(path) | dict(zip(RUN_KEYS, run, strict=True))
            for run, folder in folders.items()
            if (path := paths.within(folder, paths.TRAIN_RECORD)).is_file()
        ),
        samples=first_samples(results, runs),
        watched=load_watched(folders),
        calibration=_calibration(results, runs),
        params=params,
        provenance=provenance,
        further={
            **{name: _read_csv(file) for name, file in tables.items() if file.is_file()},
            "leaks": _of_seeds(results, seeds, paths.LEAKS),
            "ladder": _of_scored(paths.in_results(results, paths.LADDER), scores),
            "shortcut": _of_scored(paths.in_results(results, paths.SHORTCUT), scores),
        },
        purchases=load_purchases(folders),
    )


def _required(path: Path) -> Path:
    if not path.is_file():
        raise FrugalsegError(
            f"The report needs {path}, which does not exist. Run the pipeline up to the report."
        )
    return path


def _read_stack(path: Path) -> NDArray[np.uint8]:
    stack: NDArray[np.uint8] = np.load(_required(path), mmap_mode="r", allow_pickle=False)
    return stack


def _read_csv(path: Path) -> pd.DataFrame:
    """Read a CSV; names stay text even if they look like a missing value or a number."""
    names = ["arm", "class", "metric", "threshold", "a", "b", "at", "claim", "verdict", "reason"]
    names += ["standing", "seeds_added", "order_changed", "changed", "state", "groups"]
    names += ["missing", "note", "image_id", "part", "split", "unit", "group", "image_label"]
    names += ["source_id", "note", "other_id", "other_part", "kind", "same_mask"]
    text = dict.fromkeys(names, str)
    try:
        return pd.read_csv(
            _required(path), dtype=text, keep_default_na=False, na_values=["", "nan"]
        )
    except pd.errors.EmptyDataError:
        return pd.DataFrame()


def _of_scored(path: Path, scores: pd.DataFrame) -> pd.DataFrame:
    """Read the rows of the runs that have been scored; none without the file."""
    if not path.is_file():
        return pd.DataFrame()
    table = _read_csv(path)
    runs = pd.MultiIndex.from_frame(scores[["arm", "seed"]])
    return table[pd.MultiIndex.from_frame(table[["arm", "seed"]]).isin(runs)]


def _of_seeds(results: Path, seeds: Sequence[int], pattern: str) -> pd.DataFrame:
    return _stack({(s,): paths.in_results(results, pattern, seed=s) for s in seeds}, ["seed"])


def _stack(files: Mapping[tuple[Any, ...], Path], keys: list[str]) -> pd.DataFrame:
    """Stack the tables that exist (an arm need not have been trained) under their keys."""
    frames = [
        _read_csv(path)
        .rename(columns={"round": "bought"})
        .assign(**dict(zip(keys, values, strict=True)))
        for values, path in files.items()
        if path.is_file()
    ]
    if not frames:
        return pd.DataFrame(columns=keys)
    stacked = pd.concat(frames, ignore_index=True)
    return stacked[keys + [column for column in stacked if column not in keys]]


def _calibration(results: Path, runs: Sequence[tuple[str, int, int]]) -> pd.DataFrame:
    frames = []
    for arm, seed in dict.fromkeys(run[:2] for run in runs):
        path = paths.in_results(results, paths.CALIBRATION, arm=arm, seed=seed)
        if path.is_file():
            frames.append(pd.read_parquet(path).assign(arm=arm, seed=seed))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=RUN_KEYS)
