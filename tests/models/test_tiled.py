from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from monai.inferers.utils import sliding_window_inference
from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.models.predict import to_probs
from frugalseg.models.scaling import Scaling
from frugalseg.models.tiled import Tiling, batch_size, blend_tiles, gaussian_weights, lay_tiles

CPU, UNIT = torch.device("cpu"), Scaling("unit")


def picture(height: int, width: int, channels: int = 3) -> np.ndarray:
    rng = np.random.default_rng(height * 1000 + width)
    return rng.integers(0, 256, (height, width, channels), dtype=np.uint8)


def network(classes: int = 1, channels: int = 3) -> nn.Module:
    """A network whose answer depends on where a tile ends, as a real one's does."""
    logits = 1 if classes == 1 else classes + 1
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layers = nn.Conv2d(channels, 8, 5, padding=2), nn.ReLU(), nn.Conv2d(8, logits, 5, padding=2)
    return nn.Sequential(*layers).eval()


def look_of(model: nn.Module) -> Callable[[Tensor], Tensor]:
    return lambda tiles: to_probs(model(tiles))


def predicted(model: nn.Module, image: np.ndarray, tiling: Tiling, batch: int = 3) -> np.ndarray:
    bands = blend_tiles(look_of(model), image, tiling=tiling, scaling=UNIT, device=CPU, batch=batch)
    return np.concatenate(list(bands), axis=1)


@pytest.mark.parametrize(
    ("size", "tile", "overlap", "starts", "source"),
    [
        (4, 4, 0.5, [0], [0, 1, 2, 3]),
        (3, 4, 0.5, [0], [0, 1, 2, 1]),
        (1, 4, 0.5, [0], [0, 0, 0, 0]),
        (2, 5, 0.5, [0], [0, 1, 0, 1, 0]),
        (5, 4, 0.5, [0, 2, 4], [1, 0, 1, 2, 3, 4, 3, 2]),
        (6, 4, 0.0, [0, 4], [0, 1, 2, 3, 4, 5, 4, 3]),
    ],
)
def test_tiles_along_a_side_by_hand(
    size: int, tile: int, overlap: float, starts: list[int], source: list[int]
) -> None:
    axis = lay_tiles(size, tile, overlap)
    assert (axis.starts, axis.source.tolist()) == (starts, source)


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(1, 96), st.sampled_from([0.0, 0.25, 0.5, 0.75, 0.99]))
def test_tiles_cover_a_side_and_its_padding(size: int, tile: int, overlap: float) -> None:
    axis = lay_tiles(size, tile, overlap)
    assert axis.starts[-1] + tile == len(axis.source)
    assert axis.source[axis.before : axis.before + size].tolist() == list(range(size))
    assert all(b - a <= tile for a, b in zip(axis.starts, axis.starts[1:], strict=False))


def test_weights_are_highest_in_the_middle_and_never_nothing() -> None:
    weights = gaussian_weights((5, 3))
    # at the middle of a side of 5 the next pixel is 1 / (5 / 8) deviations away
    assert weights[2, 1] == 1
    assert weights[1, 1] == pytest.approx(np.exp(-0.5 * 1.6**2))
    assert weights[0, 0] == pytest.approx(1e-3)


@pytest.mark.parametrize("classes", [1, 3])
@pytest.mark.parametrize("overlap", [0.0, 0.25, 0.5])
@pytest.mark.parametrize("shape", [(70, 90), (32, 24), (20, 130), (97, 10)])
def test_equals_monai_on_the_padded_image(
    shape: tuple[int, int], overlap: float, classes: int
) -> None:
    model, image, tiling = network(classes), picture(*shape), Tiling((32, 24), overlap)
    rows, columns = (lay_tiles(n, t, overlap) for n, t in zip(shape, tiling.size, strict=True))
    padded = image[rows.source][:, columns.source]
    with torch.inference_mode():
        peer = sliding_window_inference(
            UNIT.tensor(padded[None], CPU),
            tiling.size,
            4,
            lambda tiles: to_probs(model(tiles)),
            overlap=overlap,
            mode="gaussian",
        )
    assert isinstance(peer, torch.Tensor)
    top, left = rows.before, columns.before
    inside = peer[0, :, top : top + shape[0], left : left + shape[1]]
    found = predicted(model, image, tiling)
    assert found.shape == (classes + 1, *shape)
    np.testing.assert_allclose(found, inside.numpy(), atol=1e-5)


def test_an_image_of_a_tiles_size_is_seen_as_in_training() -> None:
    model, image = network(), picture(32, 24)
    with torch.inference_mode():
        whole = to_probs(model(UNIT.tensor(image[None], CPU)))[0].numpy()
    np.testing.assert_allclose(predicted(model, image, Tiling((32, 24))), whole, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from([0.0, 0.3, 0.5, 0.8]))
def test_a_network_that_sees_pixels_alone_gives_the_same_by_tiles(
    height: int, width: int, overlap: float
) -> None:
    model, image = nn.Conv2d(3, 1, 1), picture(height, width)
    with torch.inference_mode():
        whole = to_probs(model(UNIT.tensor(image[None], CPU)))[0].numpy()
    found = predicted(model, image, Tiling((16, 12), overlap))
    np.testing.assert_allclose(found, whole, atol=1e-6)


def test_batches_do_not_matter() -> None:
    model, image, tiling = network(), picture(50, 80), Tiling((32, 32), 0.5)
    one, many = (predicted(model, image, tiling, batch) for batch in (1, 7))
    np.testing.assert_allclose(one, many, atol=1e-6)


def test_rows_are_read_a_row_of_tiles_at_a_time() -> None:
    asked = []

    class Watched:
        shape = (200, 40, 3)

        def __getitem__(self, rows: np.ndarray) -> np.ndarray:
            asked.append(len(rows))
            return np.zeros((len(rows), *self.shape[1:]), np.uint8)

    bands = blend_tiles(
        look_of(network()), Watched(), tiling=Tiling((32, 32), 0.5), scaling=UNIT, device=CPU
    )
    assert next(bands).shape[1] <= 32
    assert asked == [32]
    assert sum(band.shape[1] for band in bands) > 150
    assert set(asked) == {32}


@pytest.mark.parametrize(("size", "overlap"), [((0, 4), 0.5), ((4, 4), 1.0), ((4, 4), -0.1)])
def test_tiles_that_cover_nothing_are_refused(size: tuple[int, int], overlap: float) -> None:
    with pytest.raises(FrugalsegError, match="at least one pixel and an overlap"):
        Tiling(size, overlap)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_says_the_same() -> None:
    model, image, tiling = network(), picture(70, 90), Tiling((32, 24), 0.5)
    expected, cuda = predicted(model, image, tiling), torch.device("cuda")
    bands = blend_tiles(look_of(model.to(cuda)), image, tiling=tiling, scaling=UNIT, device=cuda)
    np.testing.assert_allclose(np.concatenate(list(bands), axis=1), expected, atol=1e-4)


def test_large_images_come_one_by_one_and_small_ones_together() -> None:
    assert batch_size((100, 96, 96, 3), CPU) == 28
    assert batch_size((100, 640, 224, 3), CPU) == 1
    assert batch_size((100, 2560, 2048, 3), torch.device("cuda")) == 1
    assert batch_size((100, 256, 256, 3), torch.device("cuda")) == 64
