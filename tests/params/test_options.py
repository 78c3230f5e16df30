import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.params.options import strategy_options, unlabeled_options
from frugalseg.settings.arm import ArmParams
from frugalseg.settings.strategy import UnlabeledParams


def arm(**entry: object) -> ArmParams:
    return ArmParams.model_validate({"start": "initial", **entry})


def test_options_have_their_defaults_and_are_plain() -> None:
    found = strategy_options("arms.a.b", arm(mean_teacher={"ema_decay": 0.5}), "mean_teacher", None)
    assert (found["ema_decay"], found["keep"]) == (0.5, "teacher")
    assert strategy_options("arms.a.b", arm(), "supervised", None) == {}
    assert strategy_options("arms.a.b", arm(), "fixmatch", None)["threshold"] == 0.95


def test_what_an_arm_leaves_out_comes_from_its_start() -> None:
    inherited = {"ema_decay": 0.7}
    assert strategy_options("arms.a.b", arm(), "mean_teacher", inherited) is inherited
    own = arm(mean_teacher={}, unlabeled={"batch": 2})
    assert strategy_options("arms.a.b", own, "mean_teacher", inherited)["ema_decay"] == 0.99
    nine = UnlabeledParams(batch=9)
    assert unlabeled_options("arms.a.b", own, "mean_teacher", nine) == UnlabeledParams(batch=2)
    assert unlabeled_options("arms.a.b", arm(), "mean_teacher", nine) is nine


def test_options_of_another_strategy_are_refused() -> None:
    with pytest.raises(FrugalsegError, match=r"arms\.a\.b\.fixmatch: options of a strategy"):
        strategy_options("arms.a.b", arm(fixmatch={}), "mean_teacher", None)
    with pytest.raises(FrugalsegError, match="'supervised' learns from labeled images alone"):
        unlabeled_options("arms.a.b", arm(unlabeled={}), "supervised", None)
    assert unlabeled_options("arms.a.b", arm(), "supervised", UnlabeledParams(batch=9)) is None


def test_a_strategy_without_a_section_is_told_the_options_of_its_arm() -> None:
    own = arm(options={"temperature": 0.5})
    assert strategy_options("arms.a.b", own, "sharpened", None) == {"temperature": 0.5}
    assert strategy_options("arms.a.b", arm(), "sharpened", {"temperature": 1}) == {
        "temperature": 1
    }
    with pytest.raises(FrugalsegError, match="b.options: .* or move them to 'fixmatch'"):
        strategy_options("arms.a.b", own, "fixmatch", None)
