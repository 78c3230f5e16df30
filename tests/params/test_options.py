import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.params.options import strategy_options, unlabeled_options
from frugalseg.params.schema import ArmParams


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
    drawn = unlabeled_options("arms.a.b", own, "mean_teacher", {"batch": 9})
    assert drawn is not None
    assert drawn["batch"] == 2
    assert unlabeled_options("arms.a.b", arm(), "mean_teacher", {"batch": 9}) == {"batch": 9}


def test_options_of_another_strategy_are_refused() -> None:
    with pytest.raises(FrugalsegError, match=r"arms\.a\.b\.fixmatch: options of a strategy"):
        strategy_options("arms.a.b", arm(fixmatch={}), "mean_teacher", None)
    with pytest.raises(FrugalsegError, match="'supervised' learns from labeled images alone"):
        unlabeled_options("arms.a.b", arm(unlabeled={}), "supervised", None)
    assert unlabeled_options("arms.a.b", arm(), "supervised", {"batch": 9}) is None
