import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from frugalseg.ingest.fetch.local_source import DATA
from frugalseg.params import Params, load, parse, read_config
from frugalseg.pipeline import rule_params
from frugalseg.pipeline.rule_params import Study

FILE = Path(__file__).parents[2] / "params.yaml"
PARAMS = load(FILE)
STUDY = Study.of(PARAMS.model_copy(update={"run": list(PARAMS.arms)}))
PLAN = STUDY.plans["builtin"]


def test_settings_are_plain_values_with_defaults() -> None:
    train = rule_params.train(STUDY, "builtin", "full")
    assert train["training"]["threads"] == 1
    assert train["model"]["encoder"] == "tu-tf_efficientnet_lite0"
    assert set(rule_params.prepare(STUDY, "builtin")) == {
        "reader", "source", "classes", "options", "image_size", "channels", "fit", "mask", "limits",
        "duplicates",
    }  # fmt: skip


def test_a_tiling_is_a_setting_of_tiled_data_sets_only() -> None:
    raw = read_config(FILE).values
    raw["datasets"]["builtin"]["tile"] = {"scale": 0.5}
    tile = rule_params.prepare(Study.of(parse(raw)), "builtin")["tile"]
    assert tile == {"overlap": 0.0, "scale": 0.5, "resize": None}
    assert "tile" not in rule_params.prepare(STUDY, "builtin")


def test_training_knows_nothing_of_prices_or_of_other_arms() -> None:
    text = repr(rule_params.train(STUDY, "builtin", "random")) + repr(
        rule_params.label(STUDY, "builtin", "random")
    )
    assert "seconds" not in text
    assert "full" not in text


def test_unlabeled_images_and_options_reach_only_the_arm_that_uses_them() -> None:
    assert rule_params.train(STUDY, "builtin", "full")["options"] == {}
    assert rule_params.train(STUDY, "builtin", "full")["unlabeled"] is None
    teacher = rule_params.train(STUDY, "builtin", "mean_teacher")
    assert teacher["options"]["keep"] == "teacher"
    assert teacher["unlabeled"]["blur"]["p"] == 0.5
    assert rule_params.evaluate(STUDY, "microct", 0)["patch"] == [256, 256]


def test_predictions_are_kept_of_the_first_seed_alone() -> None:
    params = PARAMS.model_copy(update={"seeds": [4, 2, 3]})
    study = Study.of(params)
    kept = {seed: rule_params.evaluate(study, "builtin", seed)["samples"] for seed in (4, 2, 3)}
    assert kept == {4: 0, 2: PARAMS.evaluation.samples, 3: 0}


def test_a_network_of_our_own_counts_for_the_arms_that_train_it() -> None:
    flexible = rule_params.code("train", STUDY, "microct_published", "supervised")
    assert flexible != rule_params.code("train", STUDY, "builtin", "full")


def test_code_differs_by_stage_and_is_the_same_for_arms_that_learn_alike() -> None:
    one, two = (rule_params.code("train", STUDY, "builtin", arm) for arm in ("full", "random"))
    assert one == two
    assert one != rule_params.code("evaluate", STUDY, "builtin")


def test_drawn_data_count_for_the_scene_that_draws_them() -> None:
    drawn = {rule_params.code("download", STUDY, n) for n in ("builtin", "builtin_particles")}
    assert len(drawn) == 2
    assert rule_params.code("download", STUDY, "glas") not in drawn


def test_a_local_source_is_fingerprinted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA, str(tmp_path))
    study = [Study.of(PARAMS) for _ in range(2)]
    (tmp_path / "KolektorSDD2_SUBSTITUTE_from_KSDD1.zip").write_bytes(b"one")
    before = rule_params.download(study[0], "kolektorsdd2")
    (tmp_path / "KolektorSDD2_SUBSTITUTE_from_KSDD1.zip").write_bytes(b"two")
    after = rule_params.download(study[1], "kolektorsdd2")
    assert before["fingerprint"] != after["fingerprint"]
    assert rule_params.download(study[0], "builtin")["fingerprint"] == ""


def test_a_folder_of_images_is_the_same_source_in_a_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = read_config(FILE).values
    document["datasets"]["builtin"]["source"] = "file:images"
    params = parse(document)

    def identity(folder: Path) -> object:
        monkeypatch.chdir(folder)
        return rule_params.download(Study.of(params), "builtin")["fingerprint"]

    here, clone = tmp_path / "here", tmp_path / "clone"
    (here / "images").mkdir(parents=True)
    (here / "images/a.png").write_bytes(b"1")
    os.utime(here / "images/a.png", (1, 1))
    author = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    for command in (("init", "-q"), ("add", "-A"), (*author, "commit", "-qm", "images")):
        subprocess.run(["git", *command], cwd=here, check=True)
    subprocess.run(["git", "clone", "-q", str(here), str(clone)], check=True)
    assert identity(clone) == identity(here) != ""
    (clone / "images/a.png").write_bytes(b"2")
    assert identity(clone) != identity(here)


def with_arm(**fields: object) -> Params:
    document = read_config(FILE).values
    entry = {"start": "initial", "query": 0.1, "rounds": 1} | fields
    document["arms"]["builtin"] = {"initial": document["arms"]["builtin"]["initial"], "a": entry}
    document["contrasts"]["builtin"] = []
    return parse(document)


def label_settings(**fields: object) -> dict[str, Any]:
    params = with_arm(**fields)
    return rule_params.label(Study.of(params), "builtin", "a")


def test_buying_reads_what_its_acquisition_reads() -> None:
    region = {"size": 32, "stride": 16}
    by_region = {"unit": "region", "region": region}
    assert label_settings(acquire="random", passes=9)["options"] == {"region": None}
    assert label_settings(acquire="entropy", **by_region)["options"] == {
        "region": region | {"overlap": False},
        "passes": 1,
        "aggregate": "mean",
    }
    top = label_settings(acquire="entropy", aggregate="top_k", top_k=5)
    assert top["options"]["top_k"] == 5
    seconds = label_settings(acquire="random", query={"seconds": 60})
    assert seconds["query"]["seconds"] == 60
    assert set(seconds["options"]["costs"]) == {
        "mask_seconds",
        "region_seconds",
        "region_seconds_per_kilopixel",
    }


def test_only_a_choosing_model_brings_its_code_into_buying() -> None:
    arms = PLAN.arms
    random = rule_params.code("label", STUDY, "builtin", "random")
    assert random != rule_params.code("label", STUDY, "builtin", "entropy")
    assert rule_params.needs(arms["random"]) == rule_params.needs(arms["initial"]) == "nothing"
    assert not rule_params.asks(PLAN, "random", 1, "maps", "embeddings", "gradients", "masks")


def test_first_labels_by_features_read_images_and_the_model_of_the_arm_that_buys_them() -> None:
    plan = STUDY.plans["builtin_tour"]
    start = rule_params.label(STUDY, "builtin_tour", "typical")["start"]
    assert (start["by"], start["features"], start["normalize"]) == ("typical", "image", "imagenet")
    assert start["model"]["encoder"] == "tu-tf_efficientnet_lite0"
    assert rule_params.asks(plan, "typical", 0, "embeddings")
    assert rule_params.label(STUDY, "builtin", "initial")["start"] == {"by": "random"}
    assert "start" not in rule_params.label(STUDY, "builtin", "random")
    codes = {rule_params.code("label", STUDY, "builtin_tour", arm) for arm in ("typical", "full")}
    assert len(codes) == 2


def test_a_start_by_tags_reads_masks_once() -> None:
    own = {"labels": 8, "acquire": "random", "model": "small", "training": "base"}
    plan = Study.of(with_arm(start={"by": "tags"}, **own)).plans["builtin"]
    assert rule_params.asks(plan, "a", 0, "tags")
    assert not rule_params.asks(plan, "a", 1, "tags")


def test_a_report_knows_which_arms_are_oracles() -> None:
    assert rule_params.report(STUDY, "builtin")["oracles"] == []
    study = Study.of(with_arm(acquire="foreground_random"))
    assert rule_params.report(study, "builtin")["oracles"] == ["a"]


def test_a_report_knows_where_the_steps_of_untrained_arms_are_set() -> None:
    own = Study.of(with_arm(acquire="random", training={"like": "base", "steps": 7}))
    assert rule_params.report(own, "builtin")["steps_keys"] == {
        "initial": "training.base.steps",
        "a": "arms.builtin.a.training.steps",
    }
    inherited = Study.of(with_arm(acquire="random"))
    assert rule_params.report(inherited, "builtin")["steps_keys"]["a"] == "training.base.steps"
    assert (
        "a"
        not in rule_params.report(Study.of(with_arm(acquire="random", warm=True)), "builtin")[
            "steps_keys"
        ]
    )


def test_a_length_is_chosen_for_the_first_seed_by_the_code_that_trains() -> None:
    raw = read_config(FILE).values
    raw["training"]["base"]["steps"], raw["seeds"] = "auto", [4, 2]
    study = Study.of(parse(raw))
    settings = rule_params.length(study, "builtin", "base")
    assert (settings["arm"], settings["seed"]) == ("initial", 2)
    train = rule_params.train(study, "builtin", "initial")
    assert train.items() <= settings.items()
    codes = {rule_params.code(rule, study, "builtin", "initial") for rule in ("train", "length")}
    assert len(codes) == 2


def test_only_arms_that_draw_a_kind_bring_its_code_in(monkeypatch: pytest.MonkeyPatch) -> None:
    document = read_config(FILE).values
    first = document["arms"]["builtin"]["initial"]
    document["arms"]["builtin"] = {
        "initial": first,
        "drawn": first | {"labels": {"images": 2, "points": 5}},
        "more": {"start": "drawn", "training": "base"},
    }
    document["contrasts"]["builtin"] = []
    study = Study.of(parse(document))
    assert rule_params.label(study, "builtin", "drawn")["labels"] == {"images": 2, "points": 5}
    used: list[str] = []

    def digest(*modules: str) -> str:
        used.extend(modules)
        return ""

    monkeypatch.setattr(rule_params, "digest", digest)

    def kinds(rule: str, arm: str | None = None) -> list[str]:
        used.clear()
        rule_params.code(rule, study, "builtin", arm)
        return [name.rpartition(".")[2] for name in used if ".kinds." in name]

    assert (
        kinds("label", "drawn") == kinds("train", "drawn") == kinds("train", "more") == ["points"]
    )
    assert kinds("evaluate") == ["points"]
    assert kinds("label", "initial") == kinds("train", "initial") == kinds("score") == []
