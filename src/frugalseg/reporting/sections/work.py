"""What a study took: trainings, core-hours and an estimate of energy, and the time of every job."""

from collections.abc import Iterator
from importlib.metadata import version

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import style_arms
from frugalseg.reporting.table import Column, Table, build_table

WATTS_PER_CORE = 12.0
WATTS_PER_GPU = 200.0
"""Power where the kind of processor is not known: the rows "Any" of the Green Algorithms calculator
(Lannelongue, Grealey & Inouye, Advanced Science 2021, doi 10.1002/advs.202100707), which are
data/v3.0/TDP_cpu.csv and data/latest/TDP_gpu.csv of GreenAlgorithms/green-algorithms-tool."""


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
    per_core = float(study.option("watts_per_core", WATTS_PER_CORE))
    per_gpu = float(study.option("watts_per_gpu", WATTS_PER_GPU))
    energy = cores * per_core + gpus * per_gpu
    yield (
        f"{wording.plural(len(runs), 'training')}, {wording.duration(3600 * float(hours.sum()))} "
        f"of training time in all: {_hours(cores)} core-hours"
        + (f" and {_hours(gpus)} GPU-hours." if gpus else ".")
    )
    yield (
        f"That is about {_energy(energy)} of energy, estimated with {per_core:g} W a core"
        + (f" and {per_gpu:g} W a GPU" if gpus else "")
        + "; memory, cooling and what else the machine did are left out. "
        "Processors differ: report.watts_per_core and report.watts_per_gpu say what yours draw."
    )


def _hours(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _energy(watt_hours: float) -> str:
    return f"{watt_hours / 1000:.2g} kWh" if watt_hours >= 1000 else f"{watt_hours:.2g} Wh"


def job_table(study: Study, jobs: pd.DataFrame) -> Table | None:
    """Return time and memory by rule and arm; None without any job.

    Args:
        jobs: as stage `jobs` writes them: rule, arm, seconds, megabytes.
    """
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
        Column("megabytes", "Memory, MB", wording.count, "the highest of these jobs"),
    ]
    styles = style_arms(study.arms, study.full_arms)
    return build_table(
        "jobs",
        "Time and memory of the jobs that ran where this report was made",
        data,
        columns,
        styles,
    )


def rights(study: Study) -> dict[str, str]:
    """Return whom to cite, and under which licenses everything on the page stands."""
    found = {
        "citation of the data": study.card.get("citation"),
        "license of the data": study.card.get("license"),
        "frugalseg": f"{version('frugalseg')}, MIT",
        "chart on this page": "plotly.js, MIT",
    }
    return {name: str(said) for name, said in found.items() if said}
