import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from frugalseg.models.sliding import SlidingWindow, window_starts, windowed


@pytest.mark.parametrize(
    ("size", "window", "overlap", "starts"),
    [
        (768, 256, 0.5, [0, 128, 256, 384, 512]),
        (768, 256, 0.0, [0, 256, 512]),
        (100, 64, 0.0, [0, 36]),
        (64, 64, 0.5, [0]),
        (32, 64, 0.5, [0]),
    ],
)
def test_starts_by_hand(size: int, window: int, overlap: float, starts: list[int]) -> None:
    assert window_starts(size, window, overlap) == starts


@given(st.integers(1, 400), st.integers(1, 128), st.sampled_from([0.0, 0.25, 0.5, 0.9]))
def test_windows_cover_a_side_and_stay_inside(size: int, window: int, overlap: float) -> None:
    starts = window_starts(size, window, overlap)
    covered = {at for begin in starts for at in range(begin, min(begin + window, size))}
    assert covered == set(range(size))
    assert all(begin + window <= size for begin in starts) or starts == [0]


def test_a_network_that_sees_pixels_alone_gives_the_same_by_windows() -> None:
    network, images = nn.Conv2d(3, 2, 1), torch.rand(2, 3, 40, 56)
    by_window = SlidingWindow(network, (16, 24), 0.5)
    assert torch.allclose(by_window(images), network(images), atol=1e-6)


def test_overlapping_windows_are_averaged() -> None:
    class Mean(nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return images.mean(dim=(1, 2, 3), keepdim=True).expand(-1, 1, *images.shape[-2:])

    image = torch.tensor([0.0, 0.0, 4.0, 8.0]).view(1, 1, 1, 4)
    found = SlidingWindow(Mean(), (1, 2), 0.5)(image)  # windows of means 0, 2, 6
    assert found.flatten().tolist() == [0, 1, 4, 6]


def test_a_card_without_a_window_leaves_the_network_alone() -> None:
    network = nn.Identity()
    assert windowed(network, None) is network
    wrapped = windowed(network, {"size": [8, 4], "overlap": 0.25})
    assert isinstance(wrapped, SlidingWindow)
    assert (wrapped.window, wrapped.overlap) == ((8, 4), 0.25)
