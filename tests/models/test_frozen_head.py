import numpy as np
import pytest
import torch

from frugalseg.core.errors import FrugalsegError
from frugalseg.inference.embeddings import embed, encoder_features, head_gradients
from frugalseg.inference.passes import Passes, predict_passes
from frugalseg.models.build import build_model
from frugalseg.models.frozen_head import Features, FrozenHead, Head
from frugalseg.models.scaling import Scaling

CPU, SCALING = torch.device("cpu"), Scaling("imagenet")


def network(classes: int = 1, **changes: object) -> FrozenHead:
    settings = {"arch": "frozen_head", "encoder": "resnet18", "weights": "none"} | changes
    model = build_model(**settings, classes=classes, channels=3, seed=0)  # type: ignore[arg-type]
    assert isinstance(model, FrozenHead)
    return model.eval()


@pytest.mark.parametrize(
    "encoder", ["resnet18", "tu-tf_efficientnet_lite0", "tu-convnext_atto", "vgg11"]
)
def test_encoders_of_every_layout_give_logits_of_the_image_size(encoder: str) -> None:
    model = network(3, encoder=encoder)
    assert model(torch.zeros(2, 3, 64, 96)).shape == (2, 4, 64, 96)


def test_features_are_stages_at_a_quarter_of_the_size_standardized() -> None:
    features = Features(3)
    features.mean[0, 0] = 1.0
    features.std[0, 1] = 2.0
    fine = torch.arange(16.0).view(1, 1, 4, 4)
    stages = [torch.zeros(1, 3, 8, 8), fine, torch.full((1, 1, 2, 2), 6.0), torch.ones(1, 1, 1, 1)]
    maps = features(stages)
    # the finer stage by its means of 2 x 2 cells, (0 + 1 + 4 + 5) / 4 = 2.5 first
    assert maps[0, 0].tolist() == [[1.5, 3.5], [9.5, 11.5]]
    assert (maps[0, 1] == 3).all()
    assert (maps[0, 2] == 1).all()


def test_a_head_is_a_linear_function_of_standardized_features() -> None:
    model = network()
    weight = torch.zeros(1, model.decoder.mean.shape[1])
    weight[0, 0] = 2.0
    mean, std = torch.zeros_like(weight[0]), torch.ones_like(weight[0])
    mean[0], std[0] = 0.5, 4.0
    images = torch.rand(1, 3, 64, 64)
    first = model.decoder(model.encoder(images))[:, :1]
    model.set_head(Head(mean, std, weight, torch.tensor([-1.0])))
    expected = torch.nn.functional.interpolate((first - 0.5) / 2 - 1, (64, 64), mode="bilinear")
    torch.testing.assert_close(model(images), expected)


def test_acquisitions_get_embeddings_and_stochastic_passes() -> None:
    model = network(2, dropout={"p": 0.5, "where": "head"})
    images = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), np.uint8)
    rows, sizes = np.arange(3), np.full((3, 2), 64)
    channels = model.decoder.mean.shape[1]
    for embedding, size in ((encoder_features, 512), (head_gradients, 3 * channels)):
        found = embed(embedding, model, images, rows, sizes, scaling=SCALING, device=CPU)
        assert found.shape == (3, size)
        assert np.isfinite(found).all()
    passes = Passes(4, (0,))
    (_, probs, expected), *_ = predict_passes(
        model, images, rows, scaling=SCALING, device=CPU, passes=passes
    )
    entropy = -(probs * probs.log()).sum(dim=1)
    assert (entropy - expected).max() > 0.01  # passes disagree


def test_dropout_has_no_place_in_a_decoder_that_computes_nothing() -> None:
    with pytest.raises(FrugalsegError, match="Set 'where' to another of encoder, decoder, head"):
        network(dropout={"p": 0.5, "where": "decoder"})
