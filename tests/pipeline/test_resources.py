from pathlib import Path
from typing import Any

from frugalseg.params import Params, parse, plan, read_config
from frugalseg.pipeline import resources
from frugalseg.pipeline.resources import Request
from frugalseg.pipeline.rule_params import Study

FILE = Path(__file__).parents[2] / "params.yaml"


def study(training: dict[str, Any], **arm: Any) -> Params:
    """Return a study of one data set and two arms: `plain`, and `other` with what is given."""
    raw = read_config(FILE).values
    raw["run"], raw["contrasts"], raw["published"] = ["builtin"], {}, {}
    raw["datasets"]["builtin"]["image_size"] = [128, 64]
    raw["training"]["base"] |= {"batch": 8, "steps": 100, "augment": {}} | training
    plain = {"labels": 0.5, "strategy": "supervised", "model": "small", "training": "base"}
    raw["arms"] = {"builtin": {"plain": plain, "other": plain | arm}}
    return parse(raw)


def requests(params: Params) -> dict[tuple[str, str], Request]:
    study = Study.of(params)
    return {
        (dataset, arm): resources.training_request(study, dataset, arm)
        for dataset, planned in study.plans.items()
        for arm in planned.arms
    }


def test_memory_and_minutes_follow_pixels_of_a_step_and_steps() -> None:
    # 8 images of 8,192 pixels: 65,536 x 8e-3 = 524.3 MB; 100 steps x 65,536 x 6e-5 = 393.2 s
    found = requests(study({}))["builtin", "plain"]
    assert found == Request(mem_mb=2025, runtime=27, vram_mb=1525)
    double = requests(study({"batch": 16, "steps": 200}))["builtin", "plain"]
    assert double == Request(mem_mb=2549, runtime=47, vram_mb=2049)


def test_threads_share_the_work() -> None:
    assert requests(study({"threads": 4}))["builtin", "plain"].runtime == 22


def test_crops_count_instead_of_whole_images() -> None:
    crop = {"crop": {"size": [64, 64], "foreground": 0.5, "jitter": 0.0}}
    found = requests(study({"augment": crop}))["builtin", "plain"]
    assert found.mem_mb == 1500 + 263


def test_a_size_that_is_chosen_later_counts_as_the_largest() -> None:
    params = study({"batch": "auto"})
    entry = params.datasets["builtin"].model_copy(update={"image_size": "auto"})
    params = params.model_copy(update={"datasets": {"builtin": entry}})
    # 2 images of 512 x 512 pixels: 4194.3 MB
    assert requests(params)["builtin", "plain"].mem_mb == 1500 + 4195


def test_unlabeled_images_come_in_two_views() -> None:
    params = study({}, strategy="mean_teacher", unlabeled={"batch": 4})
    arm = plan(params, "builtin").arms["other"]
    assert resources.batch_pixels(arm, (128, 64)) == (8 + 2 * 4) * 8192
    params = study({}, strategy="mean_teacher")
    arm = plan(params, "builtin").arms["other"]
    assert resources.batch_pixels(arm, (128, 64)) == (8 + 2 * 8) * 8192


def test_predicting_takes_longer_for_more_rounds() -> None:
    other = {"start": "plain", "labels": None, "acquire": "random", "query": 0.1, "rounds": 3}
    params = study({}, **other)
    planned = Study.of(params)
    one, three = (resources.prediction_request(planned, "builtin", a) for a in ("plain", "other"))
    assert (one.runtime, three.runtime) == (40, 80)
    assert one.mem_mb == three.mem_mb == 1566


def test_a_length_that_is_chosen_may_take_the_longest_twice() -> None:
    params = study({"steps": {"start": 100, "most": 200}})
    planned = Study.of(params)
    # 200 steps x 65,536 pixels x 6e-5 = 786.4 s
    assert resources.training_request(planned, "builtin", "plain").runtime == 20 + 14
    assert resources.length_request(planned, "builtin", "plain").runtime == 20 + 27
