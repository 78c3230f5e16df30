import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from frugalseg.data.cutmix import draw_boxes, mix


def test_a_box_shows_the_next_image() -> None:
    values = torch.arange(3.0).view(3, 1, 1, 1).expand(3, 2, 4, 4)
    boxes = torch.zeros(3, 1, 4, 4, dtype=torch.bool)
    boxes[:2, :, 1:3, 1:3] = True
    mixed = mix(values, boxes)
    assert mixed[0, :, 1:3, 1:3].eq(1).all()
    assert mixed[1, :, 1:3, 1:3].eq(2).all()
    assert mixed[2].eq(2).all()
    assert mixed[0, :, 0].eq(0).all()
    assert torch.equal(mix(values[:, 0], boxes), mixed[:, 0])  # targets, N x H x W


def test_one_image_alone_is_mixed_with_itself() -> None:
    values = torch.rand(1, 3, 8, 8)
    assert torch.equal(mix(values, draw_boxes(1, (8, 8), 1.0, np.random.default_rng(0))), values)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999))
def test_boxes_are_full_rectangles(seed: int) -> None:
    for box in draw_boxes(4, (20, 30), 1.0, np.random.default_rng(seed))[:, 0]:
        assert int(box.sum()) == int(box.any(0).sum()) * int(box.any(1).sum())


def test_probability_and_area() -> None:
    rng = np.random.default_rng(0)
    assert not draw_boxes(50, (16, 16), 0.0, rng).any()
    drawn = draw_boxes(2000, (32, 32), 0.5, rng).flatten(1)
    assert abs(float(drawn.any(1).float().mean()) - 0.5) < 0.05
    # without clipping a box covers half on average; clipping takes a part of it
    assert 0.25 < float(drawn[drawn.any(1)].float().mean()) < 0.5
