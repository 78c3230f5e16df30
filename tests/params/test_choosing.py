import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.params.choosing import check_acquisition, check_passes
from frugalseg.settings.model import DropoutParams, ModelParams

PLAIN = ModelParams(arch="unet", encoder="resnet18")
DROPPED = PLAIN.model_copy(update={"dropout": DropoutParams(p=0.5, where="encoder")})


def test_a_unit_or_passes_without_meaning_are_refused() -> None:
    check_acquisition("arms.a.b", "bald", "region", 2)
    with pytest.raises(FrugalsegError, match=r"arms\.a\.b\.unit: 'badge' chooses by image;"):
        check_acquisition("arms.a.b", "badge", "region", 1)
    with pytest.raises(FrugalsegError, match=r"arms\.a\.b\.passes: 'bald' .* 2; found 1"):
        check_acquisition("arms.a.b", "bald", "image", 1)


def test_every_model_that_chooses_in_several_passes_has_dropout() -> None:
    check_passes("arms.a.b", "bald", 8, {"arms.a.b": DROPPED})
    with pytest.raises(FrugalsegError, match=r"b\.passes: 8 .* the model of arms\.a\.c has none"):
        check_passes("arms.a.b", "bald", 8, {"arms.a.b": DROPPED, "arms.a.c": PLAIN})


def test_one_pass_or_no_look_at_a_model_needs_no_dropout() -> None:
    check_passes("arms.a.b", "entropy", 1, {"arms.a.b": PLAIN})
    check_passes("arms.a.b", "random", 8, {"arms.a.b": PLAIN})


def test_a_network_whose_own_dropout_sleeps_at_evaluation_is_refused() -> None:
    own = ModelParams(arch="flex_unet", dropout=DropoutParams(p=0.5, where="encoder"))
    with pytest.raises(FrugalsegError, match="networks with an encoder only"):
        check_passes("arms.a.b", "entropy", 2, {"arms.a.b": own})
