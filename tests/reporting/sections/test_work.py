from dataclasses import replace

import pandas as pd

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.work import job_table, rights, work_sentences


def runs(*pairs: tuple[float, int, str]) -> tuple[dict[str, object], ...]:
    return tuple({"seconds": s, "threads": t, "device": d} for s, t, d in pairs)


def test_core_hours_and_energy_by_hand(study: Study) -> None:
    # An hour on 2 threads and half an hour on one: 2.5 core-hours, at 12 W a core 30 Wh.
    shown = replace(study, runs=runs((3600, 2, "cpu"), (1800, 1, "cpu")))
    text = " ".join(work_sentences(shown))
    assert "2 trainings, 1.5 h of training time in all: 2.5 core-hours." in text
    assert "about 30 Wh" in text
    assert "GPU" not in text


def test_power_can_be_given(study: Study) -> None:
    params = {**study.params, "report": {"watts_per_core": 5}}
    text = " ".join(work_sentences(replace(study, params=params, runs=runs((7200, 2, "cpu")))))
    assert "about 20 Wh of energy, estimated with 5 W a core" in text


def test_a_gpu_counts_beside_its_core(study: Study) -> None:
    # 10 h on a GPU and one core: 10 x (12 + 200) Wh.
    text = " ".join(work_sentences(replace(study, runs=runs((36000, 1, "cuda")))))
    assert "10 core-hours and 10 GPU-hours" in text
    assert "2.1 kWh" in text


def test_without_trainings_nothing_is_said(study: Study) -> None:
    assert not list(work_sentences(replace(study, runs=())))


def test_jobs_add_up_by_rule_and_arm(study: Study) -> None:
    rows = [
        ("plot", "", 30.0, 250.0),
        ("train", "full", 20.0, 700.0),
        ("train", "full", 40.0, 800.0),
    ]
    jobs = pd.DataFrame(rows, columns=["rule", "arm", "seconds", "megabytes"])
    table = job_table(study, jobs)
    assert table is not None
    first = table.data.iloc[0]
    assert (first["rule"], first["arm"], first["jobs"], first["total"]) == ("train", "full", 2, 60)
    assert (first["longest"], first["megabytes"]) == (40, 800)
    assert job_table(study, jobs.iloc[:0]) is None


def test_rights_name_the_data_and_the_software(study: Study) -> None:
    found = rights(study)
    assert found["license of the data"] == "CC0-1.0"
    assert "A. Author" in found["citation of the data"]
    assert "MIT" in found["frugalseg"]
