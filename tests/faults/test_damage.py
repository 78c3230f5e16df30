"""Files that are damaged, and two runs at once: said, and mended by running again."""

import signal
import sys
from base64 import urlsafe_b64encode
from collections import Counter
from pathlib import Path

import pytest
from faults import EVALUATED, LEFT, ROUND, RUN, SCORES, SNAKEMAKE, copied, same, started, wait_for
from workflow_project import Project, jobs

pytestmark = pytest.mark.timeout(1200)  # several runs of the workflow each


def test_a_damaged_model_is_made_again_and_what_is_sound_is_left(
    project: Project, tmp_path: Path
) -> None:
    study = copied(project, tmp_path)
    model = study.folder / ROUND / "model.safetensors"
    before = model.read_bytes()
    model.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    ran = study.check(*RUN)
    assert f"{ROUND}/model.safetensors: no matching provenance record; deleted" in ran
    assert jobs(ran) == Counter(["train initial/0/0", "evaluate initial/0", "score"])
    assert model.read_bytes() == before
    assert same(project, study)


def test_an_output_whose_record_is_cut_off_is_made_again(project: Project, tmp_path: Path) -> None:
    study = copied(project, tmp_path)
    name = urlsafe_b64encode(SCORES.encode()).decode()  # as Snakemake names it
    record = study.folder / ".snakemake/metadata" / name
    record.write_bytes(record.read_bytes()[:100])
    ran = study.check(*RUN)
    assert f"{SCORES}: no matching provenance record; deleted" in ran
    assert jobs(ran) == Counter(["score"])
    assert same(project, study)


def test_a_training_without_memory_is_done_again(project: Project, tmp_path: Path) -> None:
    """Snakemake takes 0.4 GB of addresses, a training that has imported its libraries 5 GB."""
    study = copied(project, tmp_path, f"{ROUND}/model.safetensors", EVALUATED, SCORES)
    study.own_imports = True
    short = study.run("bash", "-c", 'ulimit -v 2000000 && exec "$@"', "bash", *SNAKEMAKE)
    assert short.returncode != 0
    assert "Error in rule train:" in short.stderr
    assert not (study.folder / ROUND / "model.safetensors").exists()
    assert jobs(study.check(*SNAKEMAKE)) == Counter(["train initial/0/0", *LEFT])
    assert same(project, study)


def is_locked(locks: Path) -> bool:
    """Say whether Snakemake has locked a folder: it lists the inputs, then the outputs."""
    return any(path.stat().st_size for path in locks.glob("*.output.lock"))


def test_a_second_run_is_told_of_the_first(project: Project, tmp_path: Path) -> None:
    study = copied(project, tmp_path, SCORES)
    with started(study, *SNAKEMAKE) as first:
        wait_for(lambda: is_locked(study.folder / ".snakemake/locks"))
        first.send_signal(signal.SIGSTOP)  # lest it be done before the second has begun
        second, repeated = study.run(*SNAKEMAKE), study.run(*RUN)
        first.send_signal(signal.SIGCONT)
        assert second.returncode != 0
        assert (repeated.returncode, repeated.stdout) == (2, "")
        assert f"Another run is at work in this folder (process {first.pid}," in repeated.stderr
        assert f"Another run is at work in this folder (process {first.pid}," in second.stderr
        output, _ = first.communicate()
    assert first.returncode == 0
    assert jobs(output) == Counter(["score"])
    assert same(project, study)


def test_what_a_killed_dvc_left_cut_off_is_taken_away_by_the_next_run(
    tracked: Project, tmp_path: Path
) -> None:
    """DVC writes its list of users in place, and reads it before anything of ours begins."""
    study = copied(tracked, tmp_path)
    (study.folder / ".dvc/tmp/rwlock").write_text("")
    stopped = study.run(sys.executable, "-m", "dvc", "repro")
    assert stopped.returncode != 0
    assert "rwlock" in stopped.stderr
    assert "Removed .dvc/tmp/rwlock" in study.check(*RUN)
    assert "up to date" in study.dvc("repro")
