import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from frugalseg.acquisition.base import Maps
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.randomness import torch_seed
from frugalseg.inference.passes import Passes, predict_passes, tile_passes
from frugalseg.models.build import build_model
from frugalseg.models.dropout import find_dropout
from frugalseg.models.predict import predict, to_probs
from frugalseg.models.scaling import Scaling

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 64, 64, 3)).astype(np.uint8)
ROWS = np.array([3, 0, 4])
CPU = torch.device("cpu")


def model(where: str | None = "decoder", classes: int = 1) -> nn.Module:
    return build_model(
        arch="unet",
        encoder="resnet18",
        weights="none",
        classes=classes,
        channels=3,
        seed=0,
        decoder_channels=(16, 16, 8, 8, 8),
        dropout=None if where is None else {"p": 0.5, "where": where},
    )


def maps(
    network: nn.Module,
    rows: NDArray[np.int64] = ROWS,
    passes: int = 5,
    batch: int | None = None,
    key: int = 0,
) -> list[Maps]:
    batches = predict_passes(
        network,
        IMAGES,
        rows,
        scaling=Scaling("imagenet"),
        device=CPU,
        passes=Passes(passes, (key, "arm", 1), batch),
    )
    return [
        Maps(one.numpy(), entropy.numpy())
        for _, probs, expected in batches
        for one, entropy in zip(probs, expected, strict=True)
    ]


def by_hand(network: nn.Module, row: int, passes: int) -> Maps:
    """Every pass in full, all kept, and averaged in double precision."""
    dropout = find_dropout(network.eval())
    assert dropout is not None
    image = Scaling("imagenet").tensor(IMAGES[row : row + 1], CPU)
    kept = []
    for number in range(passes):
        seed = torch_seed(0, "arm", 1, "pass", row, number)
        dropout.generators = [torch.Generator().manual_seed(seed)]
        with torch.inference_mode():
            kept.append(to_probs(network(image))[0].double().numpy())
    dropout.generators = None
    probs_T_K_H_W = np.stack(kept)
    entropy = -(probs_T_K_H_W * np.log(probs_T_K_H_W)).sum(axis=1)
    return Maps(probs_T_K_H_W.mean(axis=0), entropy.mean(axis=0))


@pytest.mark.parametrize("where", ["encoder", "decoder", "head"])
@pytest.mark.parametrize("classes", [1, 2])
def test_running_sums_equal_passes_kept_and_averaged(where: str, classes: int) -> None:
    network = model(where, classes)
    for row, found in zip(ROWS, maps(network), strict=True):
        expected = by_hand(network, int(row), 5)
        assert found.probs.dtype == found.expected_entropy.dtype == np.float32
        assert found.probs.shape == (classes + 1, 64, 64)
        np.testing.assert_allclose(found.probs, expected.probs, atol=1e-5)
        np.testing.assert_allclose(found.expected_entropy, expected.expected_entropy, atol=1e-5)


@pytest.mark.parametrize("batch", [1, 2, 3, 7, 100])
def test_maps_do_not_depend_on_the_batch(batch: int) -> None:
    network = model()
    for one, two in zip(maps(network), maps(network, batch=batch), strict=True):
        np.testing.assert_allclose(one.probs, two.probs, atol=1e-5)
        np.testing.assert_allclose(one.expected_entropy, two.expected_entropy, atol=1e-5)


def test_the_order_of_images_orders_the_maps_and_nothing_else() -> None:
    network = model()
    there, back = maps(network), maps(network, ROWS[::-1])
    for one, two in zip(there, back[::-1], strict=True):
        np.testing.assert_allclose(one.probs, two.probs, atol=1e-5)


def test_the_key_decides_the_masks() -> None:
    network = model()
    one, same, other = maps(network), maps(network), maps(network, key=1)
    assert np.array_equal(one[0].probs, same[0].probs)
    assert not np.allclose(one[0].probs, other[0].probs, atol=1e-4)


def test_the_mean_has_more_entropy_than_its_passes() -> None:
    for found in maps(model()):
        total = -(found.probs * np.log(found.probs)).sum(axis=0)
        assert (total - found.expected_entropy).min() > -1e-6
        assert (total - found.expected_entropy).max() > 1e-4
        np.testing.assert_allclose(found.probs.sum(axis=0), 1, atol=1e-6)


def test_one_pass_is_the_deterministic_one() -> None:
    network = model()
    expected = [
        probs
        for _, batch in predict(network, IMAGES, ROWS, scaling=Scaling("imagenet"), device=CPU)
        for probs in batch.numpy()
    ]
    for found, probs in zip(maps(network, passes=1), expected, strict=True):
        assert np.array_equal(found.probs, probs)
        entropy = -(probs * np.log(probs)).sum(axis=0)
        np.testing.assert_allclose(found.expected_entropy, entropy, atol=1e-6)
    assert len(maps(model(None), passes=1)) == 3


def test_certain_pixels_have_no_entropy() -> None:
    network = model()
    nn.init.constant_(network.segmentation_head[0].bias, 1e4)  # type: ignore[index,union-attr]
    found = maps(network, passes=2)[0]
    assert (found.expected_entropy == 0).all()


def test_batches_come_with_their_rows() -> None:
    batches = predict_passes(
        model(),
        IMAGES,
        ROWS,
        scaling=Scaling("unit"),
        device=CPU,
        passes=Passes(3, (0,), batch=2),
    )
    assert [rows.tolist() for rows, _, _ in batches] == [[3, 0], [4]]


def test_what_cannot_be_passed_is_refused() -> None:
    with pytest.raises(FrugalsegError, match="need a model with dropout"):
        maps(model(None), passes=2)


def test_no_rows_give_no_maps() -> None:
    assert maps(model(), np.array([], np.int64)) == []


@pytest.mark.parametrize("passes", [20, 100])
def test_no_more_passes_are_computed_together_than_the_batch_holds(passes: int) -> None:
    network, sizes = model("head"), []
    head = network.segmentation_head
    assert isinstance(head, nn.Module)
    head.register_forward_hook(lambda module, args, output: sizes.append(len(args[0])))
    maps(network, ROWS[:2], passes=passes, batch=6)
    # one image in the search for the cut, then every pass of both images
    assert sum(sizes) == 1 + 2 * passes
    assert max(sizes) <= 6


@pytest.mark.parametrize("passes", [1, 4])
def test_tiles_get_the_same_as_images(passes: int) -> None:
    network, how = model("decoder", 2), Passes(passes, (0, "arm", 1))
    tiles = Scaling("imagenet").tensor(IMAGES, CPU)
    with torch.inference_mode():
        whole = tile_passes(network, 3, how, CPU)(tiles).numpy()
        look = tile_passes(network, 3, how, CPU)
        parts = [look(tiles[:3]).numpy(), look(tiles[3:]).numpy()]  # numbers go on
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-6)
    assert whole.shape == (5, 4, 64, 64)
    for one, expected in zip(whole, maps(network, np.arange(5), passes), strict=True):
        np.testing.assert_allclose(one[:-1], expected.probs, atol=1e-6)
        np.testing.assert_allclose(one[-1], expected.expected_entropy, atol=1e-6)
