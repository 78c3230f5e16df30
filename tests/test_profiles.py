"""Every profile speaks of rules that there are, and leaves no choice of the default one out."""

from pathlib import Path
from typing import Any

import pytest

from frugalseg.params import read_config
from frugalseg.pipeline.rules import stages_of_rules

PROFILES = Path(__file__).parents[1] / "workflow/profiles"
ALWAYS = ("scheduler", "keep-going", "rerun-incomplete", "show-failed-logs")


def read(name: str) -> dict[str, Any]:
    profile: dict[str, Any] = read_config(PROFILES / name / "config.yaml").values
    return profile


def named(profile: dict[str, Any]) -> set[str]:
    """Return the rules that a profile names."""
    texts = [*profile.get("set-resources", []), *profile.get("groups", [])]
    return {text.split("=")[0].split(":")[0] for text in texts} | set(profile.get("until", []))


@pytest.mark.parametrize("name", ["gpu", "kubernetes", "slurm"])
def test_a_profile_names_rules_that_there_are(name: str) -> None:
    assert named(read(name)) <= set(stages_of_rules())


@pytest.mark.parametrize("name", ["gpu", "kubernetes", "slurm"])
def test_a_profile_decides_as_the_default_one_does(name: str) -> None:
    default, other = read("default"), read(name)
    assert {key: other.get(key) for key in ALWAYS} == {key: default[key] for key in ALWAYS}


def test_jobs_of_this_machine_start_at_the_same_rate() -> None:
    rates = [read(name)["max-jobs-per-timespan"] for name in ("default", "gpu")]
    assert rates[0] == rates[1]


def test_only_groups_that_exist_are_made_of_several() -> None:
    slurm = read("slurm")
    groups = {text.split("=")[1] for text in slurm["groups"]}
    assert {text.split("=")[0] for text in slurm["group-components"]} <= groups


def test_what_comes_after_the_evaluations_is_one_group() -> None:
    # a group that is left and entered again waits for itself
    groups = dict(text.split("=") for text in read("slurm")["groups"])
    after = {
        "score",
        *(rule for rule, stage in stages_of_rules().items() if stage in {"statistics", "report"}),
    }
    assert {rule for rule, group in groups.items() if group == "{dataset}"} == after - {"index"}
