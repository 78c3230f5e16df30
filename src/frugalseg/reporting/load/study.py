"""`Study`: everything the report of one data set is made of, read from the pipeline's files."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.reporting.load.purchases import Purchases, load_purchases
from frugalseg.reporting.load.samples import Samples, first_samples
from frugalseg.reporting.load.watched import Watched, load_watched

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
        samples: of each arm's first seed.
        calibration: of all runs, likewise, the rows of `calibration.parquet`.
        params: the data set's part of `params.yaml`.
        provenance: how the results came about, shown as it is.
        further: the other tables of the statistics, by name; an absent one is empty.
        duplicates: pairs of images that are the same, or nearly; empty where none were looked for.
        leaks: pairs on two sides of a split, with the column seed; likewise.
        ladder: score of every step from tags over pseudo-masks on; empty without such arms.
        shortcut: tags told by an image's source beside those of the models; likewise.
        purchases: what acquisitions have bought in rounds, and why.
        watched: of each arm's first seed and last round, what it said while it was trained.
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
    duplicates: pd.DataFrame = field(default_factory=pd.DataFrame)
    leaks: pd.DataFrame = field(default_factory=pd.DataFrame)
    ladder: pd.DataFrame = field(default_factory=pd.DataFrame)
    shortcut: pd.DataFrame = field(default_factory=pd.DataFrame)
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
    def full_arms(self) -> tuple[str, ...]:
        """Arms that start with every label: the ceiling the others are measured against."""
        first = self.scores.sort_values("round").groupby("arm")["fraction"].first()
        return tuple(arm for arm in self.arms if first.get(arm, 0.0) >= FULL)

    @property
    def metric(self) -> str:
        """The metric of the figures and of the answer."""
        return str(self.option("metric", "dice"))

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

    def table(self, name: str) -> pd.DataFrame:
        """Return one of the `further` tables; an empty one where it was not made."""
        return self.further.get(name, pd.DataFrame())

    @property
    def alpha(self) -> float:
        """Error rate of the claims."""
        return float((self.params.get("statistics") or {}).get("alpha", 0.05))

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
        return start if start in self.arms else None


def load_study(
    data: Path, results: Path, params: Mapping[str, Any], provenance: Mapping[str, Any]
) -> Study:
    """Read one data set's files.

    Runs are those of `scores.csv`, never those that happen to lie in the folder, so that what an
    arm that is gone from the parameters has left behind is not shown.

    Args:
        data: `data/prepared/<dataset>`.
        results: `results/<dataset>`.
        params: the data set's part of `params.yaml`.
        provenance: revision, versions, hashes and commands, shown as they are.

    Raises:
        FrugalsegError: naming a file that is needed and not there.
    """
    scores = _table(paths.within(results, paths.SCORES))
    runs = [(str(a), int(s), int(r)) for a, s, r in scores[RUN_KEYS].drop_duplicates().to_numpy()]
    seeds = sorted({seed for _, seed, _ in runs})
    return Study(
        card=json.loads(_there(paths.within(data, paths.CARD)).read_text("utf-8")),
        index=_table(paths.within(data, paths.INDEX)),
        images=np.load(_there(paths.within(data, paths.IMAGES)), mmap_mode="r", allow_pickle=False),
        masks=np.load(_there(paths.within(data, paths.MASKS)), mmap_mode="r", allow_pickle=False),
        scores=scores,
        curve=_table(paths.in_results(results, paths.TABLE, table="curve")),
        contrasts=_table(paths.in_results(results, paths.TABLE, table="contrasts")),
        parts=_of_seeds(results, seeds, paths.SPLIT),
        histories=_of_runs(results, runs, paths.HISTORY),
        labels=_last_ledgers(results, runs),
        runs=tuple(_run_records(results, runs)),
        samples=first_samples(results, runs),
        watched=load_watched({run: _run_folder(results, run) for run in runs}),
        calibration=_calibrations(results, runs),
        params=params,
        provenance=provenance,
        further=_further(results),
        duplicates=_if_there(paths.within(data, paths.DUPLICATES)),
        leaks=_of_seeds(results, seeds, paths.LEAKS),
        ladder=_optional(paths.in_results(results, paths.LADDER), scores),
        shortcut=_optional(paths.in_results(results, paths.SHORTCUT), scores),
        purchases=load_purchases({run: _run_folder(results, run) for run in runs}),
    )


def _optional(path: Path, scores: pd.DataFrame) -> pd.DataFrame:
    """Read a table that only some studies have, as far as its runs have been scored."""
    if not path.is_file():
        return pd.DataFrame()
    table = _table(path)
    runs = pd.MultiIndex.from_frame(scores[["arm", "seed"]])
    return table[pd.MultiIndex.from_frame(table[["arm", "seed"]]).isin(runs)]


def _further(results: Path) -> dict[str, pd.DataFrame]:
    files = {name: paths.in_results(results, paths.TABLE, table=name) for name in paths.TABLES}
    files["confusion"] = paths.in_results(results, paths.CONFUSION)
    return {name: _table(file) for name, file in files.items() if file.is_file()}


def _there(path: Path) -> Path:
    if not path.is_file():
        raise FrugalsegError(
            f"The report needs {path}, which is not there. Run the pipeline up to the report, "
            "which makes it."
        )
    return path


def _if_there(path: Path) -> pd.DataFrame:
    return _table(path) if path.is_file() else pd.DataFrame()


def _table(path: Path) -> pd.DataFrame:
    """Read a CSV; names stay text even where they look like a missing value or a number."""
    names = ["arm", "class", "metric", "threshold", "a", "b", "at", "claim", "verdict", "reason"]
    names += ["standing", "seeds_added", "state", "groups", "missing", "note"]
    names += ["image_id", "part", "split", "unit", "group", "image_label", "source_id"]
    names += ["other_id", "other_part", "kind", "same_mask"]
    text = dict.fromkeys(names, str)
    try:
        return pd.read_csv(_there(path), dtype=text, keep_default_na=False, na_values=["", "nan"])
    except pd.errors.EmptyDataError:
        return pd.DataFrame()


def _run_folder(results: Path, run: tuple[str, int, int]) -> Path:
    return paths.round_folder(results, *run)


def _of_seeds(results: Path, seeds: list[int], pattern: str) -> pd.DataFrame:
    return _stack({(s,): paths.in_results(results, pattern, seed=s) for s in seeds}, ["seed"])


def _of_runs(results: Path, runs: list[tuple[str, int, int]], pattern: str) -> pd.DataFrame:
    return _stack({run: paths.within(_run_folder(results, run), pattern) for run in runs}, RUN_KEYS)


def _last_ledgers(results: Path, runs: list[tuple[str, int, int]]) -> pd.DataFrame:
    """A ledger holds everything bought so far, so the last one tells all."""
    last = {(arm, seed): (arm, seed, number) for arm, seed, number in sorted(runs)}
    return _of_runs(results, list(last.values()), paths.LEDGER)


def _stack(paths: Mapping[tuple[Any, ...], Path], keys: list[str]) -> pd.DataFrame:
    """Stack the tables that are there (an arm need not have been trained) under their keys."""
    frames = []
    for values, path in paths.items():
        if path.is_file():
            table = _table(path).rename(columns={"round": "bought"})
            frames.append(table.assign(**dict(zip(keys, values, strict=True))))
    if not frames:
        return pd.DataFrame(columns=keys)
    stacked = pd.concat(frames, ignore_index=True)
    return stacked[keys + [column for column in stacked if column not in keys]]


def _calibrations(results: Path, runs: list[tuple[str, int, int]]) -> pd.DataFrame:
    frames = []
    for arm, seed in dict.fromkeys((arm, seed) for arm, seed, _ in runs):
        path = paths.in_results(results, paths.CALIBRATION, arm=arm, seed=seed)
        if path.is_file():
            frames.append(pd.read_parquet(path).assign(arm=arm, seed=seed))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=RUN_KEYS)


def _run_records(results: Path, runs: list[tuple[str, int, int]]) -> Iterator[dict[str, Any]]:
    for run in runs:
        path = paths.within(_run_folder(results, run), paths.TRAIN_RECORD)
        if path.is_file():
            yield json.loads(path.read_text("utf-8")) | dict(zip(RUN_KEYS, run, strict=True))
