import pytest
import segmentation_models_pytorch as smp
import timm

from frugalseg.models.encoder_names import check_encoder, encoder_names


def test_the_list_is_that_of_the_pinned_libraries() -> None:
    known = {*smp.encoders.get_encoder_names(), *(f"tu-{name}" for name in timm.list_models())}
    assert encoder_names() == known  # after a new lock: scripts/encoders


def test_the_reference_encoder_is_known_and_a_typing_error_is_not() -> None:
    assert check_encoder("efficientnet-b4") == "efficientnet-b4"
    with pytest.raises(ValueError, match=r"Nearest known: .*resnet50"):
        check_encoder("resnet5O")
