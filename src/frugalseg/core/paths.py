"""The path of every file of a study, for rules, stages and the report.

A constant is a pattern with Snakemake's wildcards (`{dataset}`, `{arm}`, `{seed}`, `{round}`):
rules use it as it is, the library fills it in with `MODEL.format(dataset=..., ...)`. The functions
take the folder of a data set instead, wherever it is.
"""

from pathlib import Path

OF_RUN = "{arm}/seed-{seed}"
OF_ROUND = f"{OF_RUN}/round-{{round}}"

ARCHIVE = "data/raw/{dataset}/archive.zip"

ALL_PREPARED = "data/prepared"
PREPARED = f"{ALL_PREPARED}/{{dataset}}"
IMAGES = f"{PREPARED}/images.npy"
MASKS = f"{PREPARED}/masks.npy"
INDEX = f"{PREPARED}/index.csv"
DUPLICATES = f"{PREPARED}/duplicates.csv"
CARD = f"{PREPARED}/card.json"

ALL_RESULTS = "results"
RESULTS = f"{ALL_RESULTS}/{{dataset}}"

SPLIT = f"{RESULTS}/split/seed-{{seed}}.csv"
LEAKS = f"{RESULTS}/split/leaks-seed-{{seed}}.csv"

LENGTH = f"{RESULTS}/train/length-{{training}}.json"
ROUND = f"{RESULTS}/train/{OF_ROUND}"
LEDGER = f"{ROUND}/labels.csv"
ACQUIRED = f"{ROUND}/acquired.csv"
ACQUIRED_MAPS = f"{ROUND}/acquired.npz"
PSEUDO_MASKS = f"{ROUND}/pseudo.npy"
PSEUDO_LISTING = f"{ROUND}/pseudo.csv"
MODEL = f"{ROUND}/model.safetensors"
HISTORY = f"{ROUND}/history.csv"
TRAIN_RECORD = f"{ROUND}/run.json"
WATCHED = f"{ROUND}/watch.npz"

EVALUATED = f"{RESULTS}/evaluate/{OF_RUN}"
COUNTS = f"{EVALUATED}/counts.parquet"
CALIBRATION = f"{EVALUATED}/calibration.parquet"
OBJECTS = f"{EVALUATED}/objects.parquet"
PIXEL_CONFUSION = f"{EVALUATED}/confusion.parquet"
PREDICTIONS = f"{EVALUATED}/predictions.parquet"
REFINED = f"{EVALUATED}/refined.parquet"

SCORES = f"{RESULTS}/scores.csv"
METRICS = f"{RESULTS}/metrics.json"
CONFUSION = f"{RESULTS}/confusion.csv"
SUMMARY = f"{RESULTS}/summary.json"
REGISTRATION = f"{RESULTS}/preregistration.json"
DECISIONS = f"{RESULTS}/decisions.json"

TABLE = f"{RESULTS}/statistics/{{table}}.csv"
TABLES = (
    "contrasts",
    "curve",
    "budgets",
    "goal",
    "ranking",
    "pairs",
    "new_images",
    "plans",
    "costs",
    "forecast",
    "targets",
)
"""The tables that stage `test` makes of every study."""
LADDER = f"{RESULTS}/statistics/ladder.csv"
SHORTCUT = f"{RESULTS}/statistics/shortcut.csv"

ALL_REPORTS = "reports/all"
"""The name of the rule that makes everything."""
INDEX_PAGE = "reports/index.html"
SNAKEMAKE_REPORT = "reports/provenance.html"
REPORT = "reports/{dataset}"
PAGE = f"{REPORT}/index.html"
DETAILS = f"{REPORT}/details.html"
"""The second page of a data set's report, written with the first."""
FIGURES = f"{REPORT}/figures/figures.json"
JOBS = f"{REPORT}/jobs.csv"

ALL_LOGS = "logs"
LOGS = f"{ALL_LOGS}/{{dataset}}"
"""Logs and benchmarks of a data set's jobs: `<rule>.log` or `<rule>/<wildcards>.log`."""

PROVENANCE = "provenance"
STATE = ".frugalseg"
"""Folder of what this project caches on one machine; not shared."""


def within(folder: Path, pattern: str) -> Path:
    """Return the file of a pattern in its own folder: `within(prepared, CARD)`."""
    return folder / pattern.rpartition("/")[2]


def in_results(results: Path, pattern: str, **wildcards: str | int) -> Path:
    """Return the file or folder of a pattern in a data set's results.

    Args:
        results: the results folder of one data set, wherever it is.
        pattern: a pattern below `RESULTS`.
        wildcards: the pattern's wildcards besides `dataset`.
    """
    return results / pattern.removeprefix(f"{RESULTS}/").format(**wildcards)


def round_folder(results: Path, arm: str, seed: int, round_: int) -> Path:
    """Return the folder of one training in a data set's results."""
    return in_results(results, ROUND, arm=arm, seed=seed, round=round_)
