import os
from pathlib import Path
from typing import Any

import pytest

from frugalseg.pipeline import runner
from frugalseg.provenance import workflow
from frugalseg.provenance.reconcile import Reconciliation
from frugalseg.provenance.records import Records

OUTPUTS = {
    "data/raw/one/archive.zip": "download",
    "data/prepared/one/card.json": "prepare",
    "results/one/split/seed-0.csv": "split",
    "results/one/train/full/seed-0/round-0/model.safetensors": "train",
    "reports/index.html": "index",
}


@pytest.fixture
def snakemake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stand in for Snakemake: every output that is missing is made, and its record written."""
    calls: list[Any] = []

    def run(targets: list[str], config: list[str], options: list[str]) -> int:
        missing = [path for path in OUTPUTS if not Path(path).exists()]
        calls.append((targets, config, options, missing))
        for path in missing:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_text(path)
            record: dict[str, Any] = {
                "rule": OUTPUTS[path],
                "input": [],
                "params": [],
                "log": [path],
            }
            record |= {"shellcmd": None, "code": None, "software_stack_hash": "", "job_hash": 1}
            times = {"starttime": 0.0, "endtime": Path(path).stat().st_mtime}
            Records().write(path, record | times)
        return 3 if "fail" in targets else 0

    monkeypatch.setattr(workflow, "run", run)
    monkeypatch.setattr(workflow, "outputs", lambda *_: OUTPUTS)
    monkeypatch.setattr(workflow, "report", lambda path, _: path.touch())
    monkeypatch.chdir(tmp_path)
    return calls


def test_a_stage_exports_what_is_its_own(snakemake: list[Any]) -> None:
    assert runner.make("data", ["card"], ["--config", "run=[one]"], ["--cores", "2"]) == 0
    targets, config, options, missing = snakemake[0]
    assert (targets, options) == (["card"], ["--cores", "2"])
    assert config == ["--config", "run=[one]"]
    assert missing == list(OUTPUTS)
    assert [path.name for path in Path("provenance").iterdir()] == ["data@one.json"]


def test_all_stages_are_exported_and_a_clone_makes_nothing(snakemake: list[Any]) -> None:
    runner.make(None, ["reports/all"], [], [])
    names = ["data@one.json", "index.json", "train@one.json"]
    assert sorted(path.name for path in Path("provenance").iterdir()) == names
    assert Path("reports/provenance.html").is_file()
    for path in OUTPUTS:
        Records().remove(path)
        os.utime(path, (1e9, 1e9))
    runner.make(None, ["reports/all"], [], [])
    assert [call[-1] for call in snakemake] == [list(OUTPUTS), []]
    assert snakemake[1][0] == ["reports/all"]


def test_a_dry_run_deletes_and_exports_nothing(snakemake: list[Any]) -> None:
    unrecorded = Path(list(OUTPUTS)[3])
    unrecorded.parent.mkdir(parents=True)
    unrecorded.write_text("of whom?")
    for stage in (None, "train"):
        runner.make(stage, ["reports/all"], [], ["-n"])
    assert unrecorded.read_text() == "of whom?"
    assert not Path("provenance").exists()


def test_what_is_damaged_or_lost_is_asked_for_by_name(snakemake: list[Any]) -> None:
    """Nothing needs a model whose scores are there: Snakemake would leave it missing."""
    runner.make(None, ["reports/all"], [], [])
    lost, damaged = Path(list(OUTPUTS)[2]), Path(list(OUTPUTS)[3])
    lost.unlink()
    damaged.write_text("other bytes")
    runner.make(None, ["reports/all"], [], [])
    targets, _, _, missing = snakemake[1]
    assert set(targets) == {"reports/all", str(lost), str(damaged)}
    assert missing == [str(lost), str(damaged)]
    assert damaged.read_text() == str(damaged)


def test_a_clone_hears_nothing_of_the_metrics_that_git_brought(
    snakemake: list[Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    metrics = "results/one/metrics.json"
    monkeypatch.setitem(OUTPUTS, metrics, "score")
    Path(metrics).parent.mkdir(parents=True)
    Path(metrics).write_text("of another version")
    runner.make(None, ["reports/all"], [], [])
    assert metrics in snakemake[0][-1], "it is rebuilt"
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == []


def test_what_is_rebuilt_is_named_with_the_reason(caplog: pytest.LogCaptureFixture) -> None:
    deleted = ["results/one/metrics.json", "results/one/scores.csv"]
    runner.log_changes(Reconciliation([], [], deleted, ["results/two/metrics.json"]))
    assert [record.message for record in caplog.records] == [
        "results/one/scores.csv: no matching provenance record; deleted and rebuilt",
        "results/two/metrics.json: made from other inputs than those here; deleted and rebuilt",
    ]


def test_a_part_of_a_stage_is_not_exported_for_the_whole(snakemake: list[Any]) -> None:
    assert runner.make(None, ["reports/index.html"], [], []) == 0
    assert not Path("provenance").exists()


def test_a_run_that_failed_exports_nothing(snakemake: list[Any]) -> None:
    assert runner.make("data", ["fail"], [], []) == 3
    assert not Path("provenance").exists()


def test_an_archive_put_there_by_hand_is_kept(snakemake: list[Any]) -> None:
    archive = Path("data/raw/one/archive.zip")
    archive.parent.mkdir(parents=True)
    archive.write_text("after a login")
    runner.make("data", [], [], [])
    assert archive.read_text() == "after a login"
    assert "archive.zip" not in Path("provenance/data@one.json").read_text()
