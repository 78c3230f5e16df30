from pathlib import Path

import numpy as np
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.reporting.load.study import Study, load_study
from tests.reporting.study_factory import Plan, params, write_study


def test_arms_come_in_the_order_of_the_parameters(study: Study) -> None:
    assert study.arms == ("full", "initial", "random", "entropy", "mean_teacher")
    assert study.seeds == (0, 1, 2, 3, 4)
    assert study.full_arms == ("full",)
    assert study.start("random") == "initial"
    assert study.start("full") is None


def test_options_come_from_the_report_then_the_costs(study: Study) -> None:
    assert study.option("samples", 99) == 4
    assert study.option("price_per_hour", 0) == 30
    assert study.option("nothing", "default") == "default"
    assert study.confidence == "95%"


def test_histories_carry_their_run(study: Study) -> None:
    runs = study.histories.groupby(["arm", "seed", "round"]).size()
    assert len(runs) == 5 * (3 * 1 + 2 * 2)
    assert (runs == 60).all()


def test_a_ledger_is_the_one_of_the_last_round(study: Study) -> None:
    random = study.labels[(study.labels["arm"] == "random") & (study.labels["seed"] == 0)]
    assert set(random["round"]) == {2}
    train = random[random["part"] == "train"]
    assert train.groupby("bought").size().to_dict() == {0: 2, 1: 2, 2: 2}


def test_stacks_are_memory_mapped(study: Study) -> None:
    assert isinstance(study.images, np.memmap)
    assert isinstance(study.masks, np.memmap)


def test_what_an_old_arm_left_behind_is_not_shown(tmp_path: Path) -> None:
    write_study(tmp_path, Plan(seeds=1))
    train = tmp_path / "results" / "train"
    (train / "random").rename(train / "gone")
    found = load_study(tmp_path / "data", tmp_path / "results", params(Plan()), {})
    assert "gone" not in set(found.histories["arm"])
    assert "random" not in set(found.histories["arm"])


def test_names_that_look_like_missing_values_stay_names(tmp_path: Path) -> None:
    arms = {"NA": {"labels": 0.1}, "1": {"labels": 0.2}}
    write_study(tmp_path, Plan(seeds=1, arms=arms))
    found = load_study(tmp_path / "data", tmp_path / "results", {}, {})
    assert found.arms == ("NA", "1")
    assert set(found.samples) == {"NA", "1"}


@pytest.mark.parametrize("name", ["results/scores.csv", "data/card.json", "data/masks.npy"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    write_study(tmp_path, Plan(seeds=1))
    (tmp_path / name).unlink()
    with pytest.raises(FrugalsegError, match=Path(name).name):
        load_study(tmp_path / "data", tmp_path / "results", {}, {})


def test_no_pickle_is_loaded(tmp_path: Path) -> None:
    write_study(tmp_path, Plan(seeds=1))
    np.save(tmp_path / "data" / "images.npy", np.array([{}]), allow_pickle=True)
    with pytest.raises(ValueError, match="Python objects"):
        load_study(tmp_path / "data", tmp_path / "results", {}, {})
