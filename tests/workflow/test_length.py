"""A training whose length is chosen, in the real workflow."""

import json
from typing import Any

import pytest
from study_fixtures import finished
from workflow_project import Project, jobs, tiny

TARGET = "results/builtin/train/initial/seed-1/round-0/model.safetensors"
LENGTH = "results/builtin/train/length-base.json"


def automatic(document: dict[str, Any]) -> dict[str, Any]:
    small = tiny(document)
    small["training"]["base"] |= {"steps": {"start": 1, "most": 2, "gain": 0.9}}
    small["training"]["base"]["validate_every"] = "auto"
    return small


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project with the model of one arm, whose training had its length chosen."""
    return finished(tmp_path_factory.mktemp("length"), automatic, target=TARGET)


def test_the_length_is_chosen_once_and_every_run_reads_it(study: Project) -> None:
    length = json.loads((study.folder / LENGTH).read_text())
    assert (length["steps"], length["arm"], length["seed"]) == (1, "full", 0)
    record = json.loads((study.folder / TARGET).with_name("run.json").read_text())
    assert record["steps"] == 1
    assert record["length"] == length


def test_what_has_no_part_in_the_length_does_not_choose_it_again(study: Project) -> None:
    def rerun() -> set[str]:
        return set(jobs(study.snakemake("-n", TARGET).stdout))

    assert rerun() == set()
    with study.params(lambda document: document["training"]["base"].update(lr=0.1)):
        assert rerun() == {"length", "train initial/1/0"}
    with study.params(lambda document: document.update(seeds=3)):
        assert rerun() == set()


def test_one_core_chooses_by_the_same_scores(study: Project) -> None:
    before = (study.folder / LENGTH).read_bytes()
    done = study.snakemake("--cores", "1", "--force", LENGTH)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (study.folder / LENGTH).read_bytes() == before
    assert "threads: 2" in study.snakemake("-n", "--force", LENGTH).stdout
