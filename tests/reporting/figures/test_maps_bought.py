from dataclasses import replace

import numpy as np

from frugalseg.reporting.figures.bought import (
    blend,
    bought_drawings,
    caption,
    frames,
    shown_purchases,
)
from frugalseg.reporting.load.purchases import Purchases
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.pictures import build_album
from frugalseg.reporting.palette import FALSE


def test_the_first_and_the_last_round_of_the_first_seed_are_shown(study: Study) -> None:
    shown = shown_purchases(study)
    assert {(p.arm, p.round) for p in shown} == {
        (arm, number) for arm in ("random", "entropy") for number in (1, 2)
    }
    assert all((p.scores is not None) == (p.arm == "entropy") for p in shown)
    scored = next(p for p in shown if p.scores is not None)
    assert scored.scores is not None
    assert scored.scores.shape == (48, 64)
    assert scored.boxes == ((0, 0, 48, 64),)
    assert scored.words.endswith("bought by entropy in round 1: 1 box, scores of its pixels")


def test_nothing_bought_is_nothing_drawn(study: Study) -> None:
    empty = replace(study, purchases=Purchases())
    assert shown_purchases(empty) == []
    assert list(bought_drawings(empty)) == []
    assert build_album(empty).bought == []


def test_every_arm_has_a_figure_and_a_strip(study: Study) -> None:
    drawings = list(bought_drawings(study))
    album = build_album(study)
    assert [d.name for d in drawings] == [strip.figure for strip in album.bought]
    assert all(len(strip.pictures) == 4 for strip in album.bought)
    pictures = {strip.arm: strip.pictures[0] for strip in album.bought}
    assert len(pictures["entropy"].layers) == 2  # scores, frame
    assert len(pictures["random"].layers) == 1
    assert max(p.photo for s in album.bought for p in s.pictures) == len(album.photos) - 1


def test_a_caption_tells_the_peak_and_the_oracle(study: Study) -> None:
    assert "at most 0.5 in round 1, 0.5 in round 2" in caption(study, "entropy")
    assert "score" not in caption(study, "random")
    told = replace(study, params={**study.params, "oracles": ["random"]})
    assert "An oracle" in caption(told, "random")


def test_frames_are_rims() -> None:
    layer = frames([(1, 1, 4, 5)], (8, 8))
    assert layer.sum() == 2 * 4 + 2 * 5 - 4
    assert layer[1, 1:6].all()
    assert not layer[2:4, 2:5].any()


def test_scores_are_blended_in_color() -> None:
    image = np.full((1, 2, 1), 100, np.uint8)
    mixed = blend(image, np.array([[0, 255]], np.uint8))
    assert mixed[0, 0].tolist() == [100, 100, 100]
    assert mixed[0, 1].tolist() == [int(0.2 * 100 + 0.8 * value + 1e-4) for value in FALSE]
