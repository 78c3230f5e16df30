"""What a study took: trainings, core-hours and an estimate of energy, and the time of every job."""

from collections.abc import Iterator
from importlib.metadata import version

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.table import ARM, Column, Table, build_table

WATTS_PER_CORE = 12.0
WATTS_PER_GPU = 200.0
"""Power of an unknown processor: the rows "Any" of the Green Algorithms calculator
(Lannelongue, Grealey & Inouye, Advanced Science 2021, doi 10.1002/advs.202100707), which are
data/v3.0/TDP_cpu.csv and data/latest/TDP_gpu.csv of GreenAlgorithms/green-algorithms-tool."""


def work_sentences(study: Study) -> Iterator[str]:
    """Yield how much training stands behind the study, and about how much energy it took."""
    if not study.runs:
        return
    runs = pd.DataFrame(list(study.runs)).reindex(columns=["seconds", "threads", "device"])
    hours = pd.to_numeric(runs["seconds"], errors="coerce").fillna(0.0) / 3600
    threads = pd.to_numeric(runs["threads"], errors="coerce").fillna(1.0)
    cores = float((hours * threads).sum())
    gpus = float(hours[runs["device"].astype(str).str.startswith("cuda")].sum())
    per_core = float(study.option("watts_per_core", WATTS_PER_CORE))
    per_gpu = float(study.option("watts_per_gpu", WATTS_PER_GPU))
    energy = cores * per_core + gpus * per_gpu
    yield (
        f"{wording.plural(len(runs), 'training')}, {wording.duration(3600 * hours.sum())} "
        f"of training time in all: {wording.hours(cores)} core-hours"
        + (f" and {wording.hours(gpus)} GPU-hours." if gpus else ".")
    )
    text = f"{energy / 1000:.2g} kWh" if energy >= 1000 else f"{energy:.2g} Wh"
    yield (
        f"That is about {text} of energy, estimated with {per_core:g} W a core"
        + (f" and {per_gpu:g} W a GPU" if gpus else "")
        + "; memory, cooling and everything else the machine did are left out. "
        "Processors differ: set report.watts_per_core and report.watts_per_gpu to what yours draw."
    )


def job_table(study: Study, jobs: pd.DataFrame | None) -> Table | None:
    """Return time and memory by rule and arm; None without any job.

    Args:
        jobs: as stage `jobs` writes them: rule, arm, seconds, megabytes.
    """
    if jobs is None or jobs.empty:
        return None
    sums = jobs.groupby(["rule", "arm"], sort=False).agg(
        jobs=("seconds", "size"),
        mean=("seconds", "mean"),
        longest=("seconds", "max"),
        total=("seconds", "sum"),
        megabytes=("megabytes", "max"),
    )
    data = sums.reset_index().sort_values("total", ascending=False, kind="stable")
    columns = [
        Column("rule", "Rule"),
        ARM,
        Column("jobs", "Jobs", wording.count),
        Column("mean", "Mean time", wording.duration),
        Column("longest", "Longest", wording.duration),
        Column("total", "In all", wording.duration),
        Column("megabytes", "Memory, MB", wording.count, "the highest of these jobs"),
    ]
    caption = "Time and memory of the jobs that ran where this report was made"
    return build_table("jobs", caption, data, columns, study.styles)


def rights(study: Study) -> dict[str, str]:
    """Return whom to cite, and the licenses of everything on the page."""
    texts = {
        "citation of the data": study.card.get("citation"),
        "license of the data": study.card.get("license"),
        "frugalseg": f"{version('frugalseg')}, MIT",
        "chart on this page": "plotly.js, MIT",
    }
    return {name: str(text) for name, text in texts.items() if text}
