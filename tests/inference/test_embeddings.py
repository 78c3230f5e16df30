from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from frugalseg.inference.embeddings import (
    embed,
    encoder_features,
    head_gradients,
    salient_features,
)
from frugalseg.models.build import build_model
from frugalseg.models.predict import to_probs
from frugalseg.models.scaling import Scaling

IMAGES = np.random.default_rng(0).integers(0, 255, (5, 32, 64, 3)).astype(np.uint8)
ROWS = np.array([4, 0, 3])
WHOLE = np.array([[32, 64]] * 3)
WAY: dict[str, Any] = {"scaling": Scaling("unit"), "device": torch.device("cpu")}


class Encoder(nn.Module):
    """Halve the image once."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(3, 4, 2, stride=2)

    def forward(self, images: Tensor) -> list[Tensor]:
        return [images, self.layer(images)]


class Decoder(nn.Module):
    """Bring the deepest features back to the image's size."""

    def forward(self, features: list[Tensor]) -> Tensor:
        return nn.functional.interpolate(features[-1], scale_factor=2, mode="bilinear")


class Tiny(nn.Module):
    """A network of the form that segmentation-models-pytorch gives its own."""

    def __init__(self, logits: int) -> None:
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder()
        self.segmentation_head = nn.Conv2d(4, logits, 1)

    def forward(self, images: Tensor) -> Tensor:
        out: Tensor = self.segmentation_head(self.decoder(self.encoder(images)))
        return out


def tiny(logits: int = 1) -> Tiny:
    torch.manual_seed(0)
    return Tiny(logits)


def test_embeddings_are_means_over_the_deepest_features_of_real_pixels() -> None:
    extents = np.array([[32, 64], [16, 64], [32, 20]])
    found = embed(encoder_features, tiny(), IMAGES, ROWS, extents, **WAY)
    for vector, row, (height, width) in zip(found, ROWS, extents, strict=True):
        features = tiny().encoder(Scaling("unit").tensor(IMAGES[[row]], torch.device("cpu")))[-1]
        real = features[0, :, : height // 2, : width // 2]
        assert np.allclose(vector, real.mean(dim=(1, 2)).detach(), atol=1e-6)


def test_the_salient_patch_is_the_one_that_differs_most_from_the_real_rest() -> None:
    images = np.full((1, 32, 64, 3), 90, np.uint8)
    images[0, 10:12, 20:22] = 200  # one cell of the features
    images[0, 30:] = 255  # in the padding
    extents = np.array([[30, 64]])
    model = tiny()
    found = embed(salient_features, model, images, np.array([0]), extents, **WAY)
    features = model.encoder(Scaling("unit").tensor(images, torch.device("cpu")))[-1].detach()
    mean = features[0, :, :15].mean(dim=(1, 2))
    assert np.allclose(found[0], features[0, :, 5, 10] - mean, atol=1e-5)


@pytest.mark.parametrize("logits", [1, 3])
def test_gradients_are_those_of_the_last_layer_were_the_prediction_true(logits: int) -> None:
    model = tiny(logits)
    found = embed(head_gradients, model, IMAGES, ROWS, WHOLE, **WAY)
    for vector, row in zip(found, ROWS, strict=True):
        out = model(Scaling("unit").tensor(IMAGES[[row]], torch.device("cpu")))
        winner = to_probs(out).argmax(dim=1)
        if logits == 1:
            loss = nn.functional.binary_cross_entropy_with_logits(out[:, 0], winner.float())
        else:
            loss = nn.functional.cross_entropy(out, winner)
        (gradient,) = torch.autograd.grad(loss, model.segmentation_head.weight)
        assert np.allclose(vector, gradient.flatten(), atol=1e-6)


def test_padding_has_no_part_in_a_gradient() -> None:
    extents = np.array([[16, 64]])
    one = embed(head_gradients, tiny(), IMAGES, np.array([2]), extents, **WAY)
    changed = IMAGES.copy()
    changed[2, 18:] = 0  # two rows further, for the decoder looks across
    other = embed(head_gradients, tiny(), changed, np.array([2]), extents, **WAY)
    assert np.allclose(one, other, atol=1e-7)


@pytest.mark.parametrize("embedding", [encoder_features, salient_features, head_gradients])
def test_the_batch_has_no_influence_and_an_empty_pool_gives_nothing(embedding: Any) -> None:
    found = [
        embed(embedding, tiny(), IMAGES, ROWS, WHOLE, batch=batch, **WAY) for batch in (1, 2, 3)
    ]
    assert all(np.allclose(one, found[0], atol=1e-6) for one in found[1:])
    assert found[0].dtype == np.float32
    assert len(embed(embedding, tiny(), IMAGES, ROWS[:0], WHOLE[:0], **WAY)) == 0


def test_it_takes_the_networks_that_are_built_here() -> None:
    model = build_model(
        arch="unet", encoder="tu-tf_efficientnet_lite0", weights="none", classes=1, channels=3,
        seed=0, decoder_channels=(16, 16, 8, 8, 8),
    )  # fmt: skip
    assert embed(encoder_features, model, IMAGES, ROWS, WHOLE, **WAY).shape == (3, 320)
    assert embed(head_gradients, model, IMAGES, ROWS, WHOLE, **WAY).shape == (3, 8)
