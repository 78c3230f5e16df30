from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.params import load, plan
from frugalseg.params.decisions import seeds_of_arms
from frugalseg.pipeline.targets import targets

PARAMS = load(Path(__file__).parents[2] / "params.yaml")


def test_training_names_every_round_of_every_seed() -> None:
    files = targets("train", PARAMS, "builtin")
    planned = plan(PARAMS, "builtin")
    seeds = seeds_of_arms(PARAMS, planned)
    assert len(files) == sum(
        len(seeds[arm.name]) * len(arm.rounds) for arm in planned.arms.values()
    )
    assert "results/builtin/train/random/seed-3/round-1/model.safetensors" in files


def test_data_ends_with_the_splits() -> None:
    files = targets("data", PARAMS, "builtin")
    assert files[0] == "data/prepared/builtin/card.json"
    seeds = seeds_of_arms(PARAMS, plan(PARAMS, "builtin"))
    assert len(files) == 1 + max(map(len, seeds.values()))


def test_tables_on_tags_belong_to_the_stages_that_dvc_keeps_them_in() -> None:
    cracks = load(Path(__file__).parents[2] / "params.yaml")
    drawn = [
        name for name, arm in plan(cracks, "cracks").arms.items() if arm.settings.pseudo is not None
    ]
    assert drawn
    refined = f"results/cracks/evaluate/{drawn[0]}/seed-0/refined.parquet"
    assert refined in targets("evaluate", cracks, "cracks")
    statistics = targets("statistics", cracks, "cracks")
    assert "results/cracks/statistics/ladder.csv" in statistics
    assert targets("statistics", PARAMS, "builtin") == ["results/builtin/statistics/contrasts.csv"]


def test_the_index_is_over_all_data_sets_and_a_report_of_one() -> None:
    assert targets("index", PARAMS, None) == ["reports/all"]
    pages = ["reports/builtin/index.html", "reports/builtin/details.html"]
    assert targets("report", PARAMS, "builtin") == pages


@pytest.mark.parametrize("dataset", [None, "nobody"])
def test_a_stage_of_one_data_set_needs_a_known_one(dataset: str | None) -> None:
    with pytest.raises(FrugalsegError, match="Known: builtin, .*kolektorsdd2, .*yours"):
        targets("train", PARAMS, dataset)
