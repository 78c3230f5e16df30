import pytest
from pydantic import ValidationError

from frugalseg.settings.model import FlexUNetParams, ModelParams


def test_a_flexible_unet_needs_no_encoder() -> None:
    model = ModelParams.model_validate({"arch": "flex_unet", "flex": {"levels": 4}})
    assert (model.encoder, model.weights) == (None, "none")
    assert model.flex == FlexUNetParams(levels=4)
    assert ModelParams.model_validate({"arch": "flex_unet"}).flex == FlexUNetParams()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"arch": "flex_unet", "encoder": "resnet18"}, "flex_unet takes no 'encoder'"),
        ({"arch": "flex_unet", "weights": "imagenet"}, "flex_unet takes no 'encoder'"),
        ({"arch": "unet"}, "unet needs an 'encoder'"),
        ({"arch": "unet", "encoder": "resnet18", "flex": {}}, "takes no 'flex'"),
        (
            {"arch": "unet", "encoder": "resnet18", "weights": "none", "frozen_stages": 1},
            "random weights cannot be kept: remove 'frozen_stages'",
        ),
        (
            {"arch": "frozen_head", "encoder": "resnet18", "frozen_stages": 1},
            "frozen_head trains no stage",
        ),
        ({"arch": "flex_unet", "flex": {"kernels": [3, 4]}}, "expected odd sides"),
        ({"arch": "flex_unet", "flex": {"levels": 9}}, "less than or equal to 8"),
    ],
)
def test_what_does_not_belong_together_is_refused(entry: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ModelParams.model_validate(entry)


@pytest.mark.parametrize("weights", ["imagenet", "bundled", "none", "file:a.safetensors"])
def test_known_weights(weights: str) -> None:
    assert ModelParams(arch="unet", encoder="resnet18", weights=weights).weights == weights
