"""What a study took: trainings, core-hours and an estimate of energy, and the time of every job."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.palette import style_arms
from frugalseg.reporting.study import Study
from frugalseg.reporting.table import Column, Table, build_table

WATTS_PER_CORE = 12.0
WATTS_PER_GPU = 200.0
"""Power where the kind of processor is not known: the defaults of the Green Algorithms calculator
(Lannelongue, Grealey & Inouye, Advanced Science 2021), without memory and cooling."""
WAITED = 0.2
"""Below this share of its time on the processor a job waited for another process, whose memory is
not in its record."""


def work_sentences(study: Study) -> Iterator[str]:
    """Say how much training stands behind the study, and about how much energy it took."""
    if not study.runs:
        return
    runs = pd.DataFrame(list(study.runs)).reindex(columns=["seconds", "threads", "device"])
    hours = pd.to_numeric(runs["seconds"], errors="coerce").fillna(0.0) / 3600
    threads = pd.to_numeric(runs["threads"], errors="coerce").fillna(1.0)
    on_gpu = runs["device"].astype(str).str.startswith("cuda")
    cores = float((hours * threads).sum())
    gpus = float(hours[on_gpu].sum())
    energy = cores * WATTS_PER_CORE + gpus * WATTS_PER_GPU
    yield (
        f"{wording.plural(len(runs), 'training')}, {wording.duration(3600 * float(hours.sum()))} "
        f"of training time in all: {_hours(cores)} core-hours"
        + (f" and {_hours(gpus)} GPU-hours." if gpus else ".")
    )
    yield (
        f"That is about {_energy(energy)} of energy, estimated with {WATTS_PER_CORE:g} W a core"
        + (f" and {WATTS_PER_GPU:g} W a GPU" if gpus else "")
        + "; memory, cooling and what else the machine did are left out."
    )


def _hours(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _energy(watt_hours: float) -> str:
    return f"{watt_hours / 1000:.2g} kWh" if watt_hours >= 1000 else f"{watt_hours:.2g} Wh"


def read_jobs(logs: Path) -> pd.DataFrame:
    """Read Snakemake's benchmark files of one data set.

    Args:
        logs: the folder they lie in, as `<rule>.tsv` or `<rule>/<arm>/...tsv`; it may be missing.

    Returns:
        One row a job: rule, arm (empty for jobs of no arm), seconds and megabytes (highest
        resident memory; NaN where the job ran in another process).
    """
    rows = []
    for path in sorted(logs.rglob("*.tsv")):
        parts = path.relative_to(logs).with_suffix("").parts
        table = pd.read_csv(path, sep="\t", na_values=["-"])
        if not {"s", "max_rss", "cpu_time"} <= set(table):
            continue
        own = table["cpu_time"] >= WAITED * table["s"]
        arm = parts[1] if len(parts) > 2 else ""
        shown = pd.DataFrame({"seconds": table["s"], "megabytes": table["max_rss"].where(own)})
        rows.append(shown.assign(rule=parts[0], arm=arm))
    columns = ["rule", "arm", "seconds", "megabytes"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def job_table(study: Study, jobs: pd.DataFrame) -> Table | None:
    """Return what `read_jobs` found by rule and arm; None without any record."""
    if jobs.empty:
        return None
    found = jobs.groupby(["rule", "arm"], sort=False).agg(
        jobs=("seconds", "size"),
        mean=("seconds", "mean"),
        longest=("seconds", "max"),
        total=("seconds", "sum"),
        megabytes=("megabytes", "max"),
    )
    data = found.reset_index().sort_values("total", ascending=False, kind="stable")
    columns = [
        Column("rule", "Rule"),
        Column("arm", "Arm", arm=True),
        Column("jobs", "Jobs", wording.count),
        Column("mean", "Mean time", wording.duration),
        Column("longest", "Longest", wording.duration),
        Column("total", "In all", wording.duration),
        Column("megabytes", "Memory, MB", wording.count, "highest; not known of forked jobs"),
    ]
    styles = style_arms(study.arms, study.full_arms)
    return build_table("jobs", "Time and memory of the jobs", data, columns, styles)


def rights(study: Study) -> dict[str, str]:
    """Return whom to cite, and under which licenses everything on the page stands."""
    found = {
        "citation of the data": study.card.get("citation"),
        "license of the data": study.card.get("license"),
        "frugalseg": f"{version('frugalseg')}, MIT",
        "chart on this page": "plotly.js, MIT",
    }
    return {name: str(said) for name, said in found.items() if said}
