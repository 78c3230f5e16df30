from pathlib import Path

from frugalseg.params import load, plan
from frugalseg.pipeline import settings

PARAMS = load(Path(__file__).parents[2] / "params.yaml")
PLAN = plan(PARAMS, "builtin")


def test_settings_are_plain_values_with_defaults() -> None:
    train = settings.train(PLAN, "full")
    assert train["training"]["threads"] == 1
    assert train["model"]["encoder"] == "tu-tf_efficientnet_lite0"
    assert set(settings.prepare(PARAMS, "builtin")) == {
        "reader", "source", "classes", "options", "image_size", "channels", "fit", "mask", "limits",
        "duplicates",
    }  # fmt: skip


def test_training_knows_nothing_of_prices_or_of_other_arms() -> None:
    text = repr(settings.train(PLAN, "random")) + repr(settings.label(PLAN, "random"))
    assert "seconds" not in text
    assert "full" not in text


def test_code_differs_by_stage_and_is_the_same_for_arms_that_learn_alike() -> None:
    arms = PLAN.arms
    one, two = (settings.code("train", PARAMS, "builtin", arms[n]) for n in ("full", "random"))
    assert one == two
    assert one != settings.code("evaluate", PARAMS, "builtin")


def test_a_local_source_is_fingerprinted(tmp_path: Path) -> None:
    (tmp_path / "KolektorSDD2_SUBSTITUTE_from_KSDD1.zip").write_bytes(b"one")
    before = settings.download(PARAMS, "kolektorsdd2", [str(tmp_path)])
    (tmp_path / "KolektorSDD2_SUBSTITUTE_from_KSDD1.zip").write_bytes(b"two")
    after = settings.download(PARAMS, "kolektorsdd2", [str(tmp_path)])
    assert before["fingerprint"] != after["fingerprint"]
    assert settings.download(PARAMS, "builtin", [])["fingerprint"] == ""
