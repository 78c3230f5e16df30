from pathlib import Path

import pandas as pd

from frugalseg.core.files import write_json
from frugalseg.stages import jobs

HEAD = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"
BENCHMARKS = {
    "plot.tsv": "30\t0:00:30\t250\t1\t1\t1\t0\t0\t90\t28",
    "train/full/seed-0/round-0.tsv": "20\t0:00:20\t29\t1\t1\t1\t0\t0\t1\t0.2",
    "train/full/seed-1/round-0.tsv": "40\t0:00:40\t29\t1\t1\t1\t0\t0\t1\t0.2",
    "train/gone/seed-0/round-0.tsv": "50\t0:00:50\t29\t1\t1\t1\t0\t0\t1\t0.2",
    "evaluate/full/seed-0.tsv": "2\t0:00:02\t-\t-\t-\t-\t-\t-\t0\t0.9",
    "split/seed-0.tsv": "1\t0:00:01\t-\t-\t-\t-\t-\t-\t0\t0.9",
}


def test_every_job_of_the_plan_with_its_time_and_memory(tmp_path: Path) -> None:
    for name, row in BENCHMARKS.items():
        path = tmp_path / "logs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + row + "\n")
    (tmp_path / "logs/other.tsv").write_text("a\tb\n1\t2\n")
    # a fork did the work: Snakemake saw a script that waited
    write_json(tmp_path / "logs/train/full/seed-0/round-0.json", {"peak_memory_mib": 812.5})
    jobs.run(tmp_path / "logs", [("full", 0), ("full", 1)], tmp_path / "jobs.csv")
    found = pd.read_csv(tmp_path / "jobs.csv", keep_default_na=False).to_numpy().tolist()
    assert found == [
        ["evaluate", "full", 2.0, ""],
        ["plot", "", 30.0, "250.0"],
        ["split", "", 1.0, ""],
        ["train", "full", 20.0, "812.5"],
        ["train", "full", 40.0, "29.0"],
    ]


def test_without_logs_there_is_an_empty_table(tmp_path: Path) -> None:
    jobs.run(tmp_path / "logs", [("full", 0)], tmp_path / "jobs.csv")
    assert (tmp_path / "jobs.csv").read_text() == "rule,arm,seconds,megabytes\n"
