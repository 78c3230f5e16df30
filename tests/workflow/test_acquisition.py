"""Rounds that a model chooses, by image and by region, in the real workflow."""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from study_fixtures import finished
from workflow_project import Project, tiny

BY_REGION = {"unit": "region", "region": {"size": 16, "stride": 8}, "query": 0.1, "rounds": 1}
TAIL = ["score", "test", "plot", "jobs", "report", "index", "reports/all"]
RUN = "results/builtin/train"


def active(document: dict[str, Any]) -> dict[str, Any]:
    """Return the tiny study with arms that choose; one seed."""
    small = tiny(document)
    small["seeds"] = 1
    small["models"]["small"]["dropout"] = {"p": 0.2, "where": "decoder"}
    arms = small["arms"]["builtin"]
    small["arms"]["builtin"] = {
        "initial": arms["initial"] | {"start": {"by": "typical"}},
        "entropy": {"start": "initial", "acquire": "entropy", "query": 0.1, "rounds": 2},
        "entropy_region": {"start": "initial", "acquire": "entropy"} | BY_REGION,
        "random_region": {"start": "initial", "acquire": "random"} | BY_REGION,
    }
    small["contrasts"]["builtin"] = [{"a": "entropy_region", "b": "random_region"}]
    return small


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project whose study of active arms has been run to the report."""
    return finished(tmp_path_factory.mktemp("active"), active)


def test_regions_are_bought_chosen_and_paid_by_their_pixels(study: Project) -> None:
    spent = {}
    for arm in ("entropy_region", "random_region"):
        folder = study.folder / RUN / arm / "seed-0" / "round-1"
        ledger = pd.read_csv(folder / "labels.csv")
        regions = ledger[ledger["unit"] == "region"]
        assert regions["pixels"].eq(256).all()
        acquired = pd.read_csv(folder / "acquired.csv")
        assert (acquired["rank"] > 0).sum() == len(regions)
        maps = np.load(folder / "acquired.npz", allow_pickle=False)["maps"]
        assert (len(maps) > 0) == (arm == "entropy_region")
        spent[arm] = int(regions["pixels"].sum())
    assert len(set(spent.values())) == 1
    scores = pd.read_csv(study.folder / "results/builtin/scores.csv")
    table = scores.groupby("arm")[["fraction", "pixels", "seconds"]].max()
    first, one, other = (table.loc[arm].to_dict() for arm in ("initial", *spent))
    assert one == other
    assert one["fraction"] - first["fraction"] == pytest.approx(0.1, abs=0.02)
    assert one["pixels"] - first["pixels"] == spent["random_region"]
    paid = one["seconds"] - first["seconds"]
    opened = spent["random_region"] / 16**2
    assert paid == pytest.approx(opened * 3 + spent["random_region"] * 2 / 1000)


def test_a_round_is_chosen_by_the_model_of_the_round_before(study: Project) -> None:
    assert study.planned() == Counter()
    slower = {"like": "base", "lr": 1e-3}
    with study.params(lambda d: d["arms"]["builtin"]["entropy"].update(training=slower)):
        planned = study.planned()
    jobs = ["train entropy/0/1", "label entropy/0/2", "train entropy/0/2", "evaluate entropy/0"]
    assert planned == Counter([*jobs, *TAIL])
    with study.params(lambda d: d["arms"]["builtin"]["initial"].update(training=slower)):
        planned = study.planned()
    assert {"label entropy/0/1", "label entropy_region/0/1"} <= set(planned)
    assert "label random_region/0/1" not in planned


def test_another_number_of_passes_chooses_anew_for_its_arm_only(study: Project) -> None:
    with study.params(lambda d: d["arms"]["builtin"]["entropy"].update(passes=3)):
        planned = study.planned()
    rounds = [f"{rule} entropy/0/{number}" for rule in ("label", "train") for number in (1, 2)]
    assert planned == Counter([*rounds, "evaluate entropy/0", *TAIL])


def test_another_stride_chooses_anew_and_a_price_does_not(study: Project) -> None:
    region = {"size": 16, "stride": 16}
    with study.params(lambda d: d["arms"]["builtin"]["random_region"].update(region=region)):
        planned = study.planned()
    jobs = ["label random_region/0/1", "train random_region/0/1", "evaluate random_region/0"]
    assert planned == Counter([*jobs, *TAIL])
    with study.params(lambda d: d["costs"].update(region_seconds_per_kilopixel=5)):
        assert study.planned() == Counter(TAIL)
