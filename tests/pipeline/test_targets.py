from pathlib import Path

import pytest

from frugalseg.errors import FrugalsegError
from frugalseg.params import load, plan
from frugalseg.pipeline.targets import targets

PARAMS = load(Path(__file__).parents[2] / "params.yaml")


def test_training_names_every_round_of_every_seed() -> None:
    files = targets("train", PARAMS, "builtin")
    arms = plan(PARAMS, "builtin").arms.values()
    assert len(files) == len(PARAMS.seed_list) * sum(len(arm.rounds) for arm in arms)
    assert "results/builtin/train/random/seed-4/round-2/model.safetensors" in files


def test_data_ends_with_the_splits() -> None:
    files = targets("data", PARAMS, "builtin")
    assert files[0] == "data/prepared/builtin/card.json"
    assert len(files) == 6


def test_the_report_is_over_all_data_sets() -> None:
    assert targets("report", PARAMS, None) == ["reports/all"]


@pytest.mark.parametrize("dataset", [None, "nobody"])
def test_a_stage_of_one_data_set_needs_a_known_one(dataset: str | None) -> None:
    with pytest.raises(FrugalsegError, match="Known: builtin, .*kolektorsdd2, .*yours"):
        targets("train", PARAMS, dataset)


def test_an_unknown_stage_lists_the_known_ones() -> None:
    with pytest.raises(FrugalsegError, match="Known: data, train, evaluate, statistics, report"):
        targets("trian", PARAMS, "builtin")
