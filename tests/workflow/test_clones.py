"""A finished study in another checkout: nothing of it runs again, and nothing of it goes stale."""

import hashlib
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from workflow_project import Project, cloned, jobs

from frugalseg.core.files import read_json, sha256
from frugalseg.params import read_config

pytestmark = pytest.mark.timeout(1200)  # several runs of the workflow each
ALL = "reports/all"
PAGES = ["report", "index", ALL]
TAIL = ["score", "test", "plot", "jobs", *PAGES]
TRAINED = "results/builtin/train/full/seed-0/round-0"


@pytest.fixture(scope="module")
def clone(tracked: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a clone that was restored."""
    clone = cloned(tracked, tmp_path_factory.mktemp("clone") / "project")
    assert "\nverified: " in clone.frugalseg("restore")
    return clone


def of(arm: str, seed: int, number: int, *rules: str) -> list[str]:
    return [*(f"{rule} {arm}/{seed}/{number}" for rule in rules), f"evaluate {arm}/{seed}"]


def provenance(project: Project, stage: str) -> dict[str, str]:
    """Return the SHA-256 of every file that a stage made or read, as git keeps it."""
    text = (project.folder / f"provenance/{stage}@builtin.json").read_text()
    return dict(json.loads(text)["files"])


def digest(project: Project, path: str = f"{TRAINED}/model.safetensors") -> str:
    return sha256(project.folder / path)


def lower_rate(document: dict[str, Any]) -> None:
    document["arms"]["builtin"]["full"]["training"] = {"like": "base", "lr": 1e-3}


def test_a_restored_clone_reruns_what_a_change_touches_and_nothing_else(clone: Project) -> None:
    assert clone.planned() == Counter()
    with clone.params(lower_rate):
        planned = clone.planned()
    assert planned == Counter([*of("full", 0, 0, "train"), *of("full", 1, 0, "train"), *TAIL])
    with clone.params(lambda document: document.update(seeds=3)):
        planned = clone.planned()
    new = [("full", 0), ("initial", 0), ("random", 1)]
    runs = [job for arm, number in new for job in of(arm, 2, number, "label", "train")]
    assert planned == Counter(["split 2", *runs, *TAIL])


def test_a_clone_without_records_keeps_no_model_of_other_parameters(
    tracked: Project, tmp_path: Path
) -> None:
    clone = cloned(tracked, tmp_path / "project")
    clone.dvc("pull", "-q")
    before = {path: path.read_bytes() for path in clone.folder.glob("results/**/*.safetensors")}
    with clone.params(lower_rate):
        done = clone.snakemake("-n", ALL)
        assert done.returncode == 1
        assert "Run `frugalseg restore`" in done.stdout + done.stderr
        ran = clone.check(sys.executable, "-m", "frugalseg.pipeline", "stage", "train", "builtin")
    assert jobs(ran) == Counter(["train full/0/0", "train full/1/0"])
    changed = {path.parents[1].name for path in before if path.read_bytes() != before[path]}
    kept = {path for path in before if path.read_bytes() == before[path]}
    assert changed == {"seed-0", "seed-1"}
    assert {path.parents[2].name for path in kept} == {"initial", "random"}


def damage_in_cache(project: Project, content: bytes) -> None:
    name = hashlib.md5(content).hexdigest()
    file = project.folder / ".dvc/cache/files/md5" / name[:2] / name[2:]
    file.chmod(0o644)
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    file.chmod(0o444)  # as it was: DVC trusts what it has protected


def test_a_model_altered_by_hand_is_found_and_taken_back(clone: Project) -> None:
    model = clone.folder / TRAINED / "model.safetensors"
    before, time = model.read_bytes(), model.stat().st_mtime_ns
    model.chmod(0o644)
    model.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    os.utime(model, ns=(time, time))
    done = clone.run(sys.executable, "-m", "frugalseg.cli", "verify")
    assert done.returncode == 2
    assert f"{TRAINED}/model.safetensors: not the file that rule train made" in done.stderr
    model.unlink()
    damage_in_cache(clone, before)
    told = clone.frugalseg("restore")
    assert f"{TRAINED}/model.safetensors: damaged in DVC's cache; fetched again" in told
    assert "\nverified: " in told
    assert model.read_bytes() == before


def test_one_stage_runs_alone_and_an_older_commit_comes_back(clone: Project) -> None:
    path = clone.folder / "params.yaml"
    document = read_config(path).values
    document["statistics"]["resamples"] = 300
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    assert jobs(clone.dvc("repro", "-s", "statistics@builtin")) == Counter(["test"])
    # the summary comes out as it was, so the page over all data sets stays
    assert jobs(clone.dvc("repro")) == Counter(["plot", "jobs", "report"])
    clone.check("git", "commit", "-qam", "other resamples")
    assert "up to date" in clone.dvc("status")
    clone.check("git", "checkout", "-q", "HEAD~1")
    assert "\nverified: " in clone.frugalseg("restore")
    clone.check("git", "checkout", "-q", "-")
    assert "\nverified: " in clone.frugalseg("restore")


def test_an_experiment_in_a_folder_of_its_own_trains_with_its_parameters(clone: Project) -> None:
    told = clone.dvc("exp", "run", "--temp", "-S", "training.base.lr=0.0005", "train@builtin")
    arms = [("full", 0), ("initial", 0), ("random", 1)]
    trained = [f"train {arm}/{seed}/{number}" for arm, number in arms for seed in (0, 1)]
    assert jobs(told) == Counter(trained)
    name = clone.dvc("exp", "list", "--name-only").split()[-1]
    clone.dvc("exp", "apply", name)
    record = read_json(clone.folder / TRAINED / "run.json")
    assert record["training"]["lr"] == 0.0005
    assert provenance(clone, "train")[f"{TRAINED}/model.safetensors"] == digest(clone)


def test_an_experiment_in_place_trains_what_it_changes(clone: Project) -> None:
    told = clone.dvc("exp", "run", "-S", "arms.builtin.full.labels=0.9", "train@builtin")
    runs = [f"{rule} full/{seed}/0" for rule in ("label", "train") for seed in (0, 1)]
    assert Counter(runs) <= jobs(told)  # and what the experiment above had trained otherwise
    made = provenance(clone, "train")
    models = sorted(clone.folder.glob("results/builtin/train/*/seed-*/round-*/model.safetensors"))
    rate = read_config(clone.folder / "params.yaml").values["training"]["base"]["lr"]
    for model in models:
        assert sha256(model) == made[str(model.relative_to(clone.folder))]
        assert json.loads(model.with_name("run.json").read_text())["training"]["lr"] == rate
    assert len(models) == 6


def test_a_fresh_clone_makes_the_same_bytes(tracked: Project, tmp_path: Path) -> None:
    clone = cloned(tracked, tmp_path / "project")
    done = clone.snakemake(f"{TRAINED}/model.safetensors")
    assert done.returncode == 0, done.stderr
    chain = ["download", "prepare", "split 0", "label full/0/0", "train full/0/0"]
    assert jobs(done.stdout + done.stderr) == Counter(chain)
    for stage in ("data", "train"):
        for path, made in provenance(tracked, stage).items():
            is_same = path.endswith("run.json") or not (clone.folder / path).exists()
            assert is_same or digest(clone, path) == made, path
