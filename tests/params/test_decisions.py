import json
from pathlib import Path
from typing import Any

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.params import parse, plan
from frugalseg.params.decisions import Decisions, keep_decisions, read_decisions, seeds_of_arms

ARM = {"model": "m", "training": "t"}
LOOKS = {"looks": [2, 4, 8]}


def seeds(granted: dict[str, int] | None, planned: Any = LOOKS) -> dict[str, list[int]]:
    params = parse(
        {
            "run": ["d"],
            "seeds": planned,
            "datasets": {
                "d": {"reader": "builtin", "source": "builtin:defects", "image_size": [64, 64]}
            },
            "models": {"m": {"arch": "unet", "encoder": "resnet18"}},
            "training": {"t": {"loss": ["bce"], "lr": 1e-3, "steps": 1, "batch": 2}},
            "arms": {
                "d": {
                    "full": {"labels": 1.0, **ARM},
                    "initial": {"labels": 4, **ARM},
                    "random": {"start": "initial", "acquire": "random", "query": 2, "rounds": 1},
                }
            },
        }
    )
    if granted is not None:
        keep_decisions("d", Decisions(seeds=granted))
    return seeds_of_arms(params, plan(params, "d"))


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_arm_has_the_planned_seeds() -> None:
    assert list(seeds({"full": 4}, 3).values()) == [[0, 1, 2]] * 3


def test_a_sequential_study_begins_with_its_first_look() -> None:
    assert list(seeds(None).values()) == [[0, 1]] * 3


def test_an_arm_has_the_seeds_of_those_that_start_from_it() -> None:
    found = seeds({"full": 2, "initial": 2, "random": 8})
    assert found == {"full": [0, 1], "initial": list(range(8)), "random": list(range(8))}


def test_an_arm_without_a_decision_has_the_seeds_of_the_first_look() -> None:
    assert seeds({"full": 4})["random"] == [0, 1]


def test_seeds_that_are_no_look_are_refused() -> None:
    with pytest.raises(
        FrugalsegError, match=r"results/d/decisions.json: full has 3 seeds.*2, 4, 8"
    ):
        seeds({"full": 3})


@pytest.mark.parametrize("text", ["{", "[]", '{"seeds": {"full": "two"}}', '{"seats": {}}'])
def test_a_damaged_file_is_refused(text: str) -> None:
    path = Path("results/d/decisions.json")
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(FrugalsegError, match=r"decisions.json is damaged.*Restore it from git"):
        read_decisions("d")


def test_what_is_kept_is_read() -> None:
    kept = Decisions(seeds={"full": 4})
    keep_decisions("d", kept)
    assert read_decisions("d") == kept
    assert json.loads(Path("results/d/decisions.json").read_text())["seeds"] == {"full": 4}
