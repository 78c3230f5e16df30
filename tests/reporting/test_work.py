from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from frugalseg.reporting.study import Study
from frugalseg.reporting.work import job_table, read_jobs, rights, work_sentences

HEAD = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


def runs(*pairs: tuple[float, int, str]) -> tuple[dict[str, object], ...]:
    return tuple({"seconds": s, "threads": t, "device": d} for s, t, d in pairs)


def test_core_hours_and_energy_by_hand(study: Study) -> None:
    # An hour on 2 threads and half an hour on one: 2.5 core-hours, at 12 W a core 30 Wh.
    shown = replace(study, runs=runs((3600, 2, "cpu"), (1800, 1, "cpu")))
    text = " ".join(work_sentences(shown))
    assert "2 trainings, 1.5 h of training time in all: 2.5 core-hours." in text
    assert "about 30 Wh" in text
    assert "GPU" not in text


def test_a_gpu_counts_beside_its_core(study: Study) -> None:
    # 10 h on a GPU and one core: 10 x (12 + 200) Wh.
    text = " ".join(work_sentences(replace(study, runs=runs((36000, 1, "cuda")))))
    assert "10 core-hours and 10 GPU-hours" in text
    assert "2.1 kWh" in text


def test_without_trainings_nothing_is_said(study: Study) -> None:
    assert not list(work_sentences(replace(study, runs=())))


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    for name, row in {
        "plot.tsv": "30\t0:00:30\t250\t1\t1\t1\t0\t0\t90\t28",
        "train/full/seed-0/round-0.tsv": "20\t0:00:20\t29\t1\t1\t1\t0\t0\t1\t0.2",
        "train/full/seed-1/round-0.tsv": "40\t0:00:40\t29\t1\t1\t1\t0\t0\t1\t0.2",
        "split/seed-0.tsv": "1\t0:00:01\t-\t-\t-\t-\t-\t-\t0\t0.9",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + row + "\n")
    (tmp_path / "other.tsv").write_text("a\tb\n1\t2\n")
    return tmp_path


def test_jobs_are_read_with_their_rule_and_arm(logs: Path) -> None:
    jobs = read_jobs(logs)
    assert sorted(zip(jobs["rule"], jobs["arm"], jobs["seconds"], strict=True)) == [
        ("plot", "", 30.0), ("split", "", 1.0), ("train", "full", 20.0), ("train", "full", 40.0)
    ]  # fmt: skip
    # A job that waited for a fork of another process does not know that one's memory.
    memory = jobs.set_index("rule")["megabytes"]
    assert memory["plot"] == 250
    assert memory["train"].isna().all()


def test_no_logs_no_jobs(tmp_path: Path, study: Study) -> None:
    assert read_jobs(tmp_path / "missing").empty
    assert job_table(study, read_jobs(tmp_path / "missing")) is None


def test_jobs_add_up_by_rule_and_arm(logs: Path, study: Study) -> None:
    table = job_table(study, read_jobs(logs))
    assert table is not None
    first = table.data.iloc[0]
    assert (first["rule"], first["arm"], first["jobs"], first["total"]) == ("train", "full", 2, 60)
    assert pd.isna(first["megabytes"])


def test_rights_name_the_data_and_the_software(study: Study) -> None:
    found = rights(study)
    assert found["license of the data"] == "CC0-1.0"
    assert "A. Author" in found["citation of the data"]
    assert "MIT" in found["frugalseg"]
