"""The real workflow on the built-in data: what it makes, and that it makes it again."""

import json

import pandas as pd
import pytest
from workflow_project import Project

from frugalseg.params import read_config

TABLES = ["contrasts", "curve", "budgets", "goal", "ranking", "pairs"]
TABLES += ["new_images", "plans", "costs"]


def test_everything_a_user_is_promised_is_there(project: Project) -> None:
    for name in (
        "reports/index.html",
        "reports/builtin/index.html",
        "reports/builtin/details.html",
        "reports/builtin/figures/figures.json",
        "results/builtin/scores.csv",
        "results/builtin/metrics.json",
        "results/builtin/statistics/contrasts.csv",
        "results/builtin/preregistration.json",
        *(f"results/builtin/statistics/{name}.csv" for name in TABLES),
        "results/builtin/train/random/seed-1/round-1/model.safetensors",
        "results/builtin/train/random/seed-1/round-1/run.json",
        "data/prepared/builtin/card.json",
    ):
        assert (project.folder / name).stat().st_size > 0, name


def test_scores_hold_every_arm_seed_and_metric(project: Project) -> None:
    scores = pd.read_csv(project.folder / "results/builtin/scores.csv")
    runs = scores[["arm", "seed", "round"]].drop_duplicates()
    assert sorted(map(tuple, runs.to_numpy().tolist())) == [
        (arm, seed, number)
        for arm, number in (("full", 0), ("initial", 0), ("random", 1))
        for seed in (0, 1)
    ]
    assert {"dice", "iou", "dice_pooled", "image_fpr"} <= set(scores["metric"])
    full = scores.query("arm == 'full'")
    assert (full["fraction"] == 1).all()


def test_planned_contrasts_and_nothing_else(project: Project) -> None:
    table = pd.read_csv(project.folder / "results/builtin/statistics/contrasts.csv")
    planned = read_config(project.folder / "params.yaml").values["contrasts"]["builtin"]
    assert len(planned) >= 2
    assert table[["a", "b"]].to_numpy().tolist() == [[one["a"], one["b"]] for one in planned]
    assert set(table["standing"]) == {"confirmatory"}


def test_the_page_loads_nothing_from_elsewhere(project: Project) -> None:
    page = (project.folder / "reports/builtin/index.html").read_text()
    assert 'src="http' not in page
    assert 'href="http' not in page.split("<main", 1)[0]
    summary = json.loads((project.folder / "results/builtin/summary.json").read_text())
    assert summary["name"] == "builtin"


def test_one_core_gives_the_same_bytes(project: Project) -> None:
    scores = project.folder / "results/builtin/scores.csv"
    model = project.folder / "results/builtin/train/random/seed-0/round-1/model.safetensors"
    before = scores.read_bytes(), model.read_bytes()
    done = project.snakemake(
        "--cores", "1", "--forcerun", "download", "-U", "score", "--", "results/builtin/scores.csv"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (scores.read_bytes(), model.read_bytes()) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--config", "run=[nothing]"), "run (--config): Unknown data set 'nothing'"),
        (("--config", "colour=red"), "unknown key 'colour'"),
    ],
)
def test_bad_configuration_stops_before_any_job(
    project: Project, arguments: tuple[str, ...], message: str
) -> None:
    done = project.snakemake("reports/all", *arguments)
    assert done.returncode != 0
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
