import numpy as np

from frugalseg.suggest.overlay import FRAME, HEAT, OUTLINE, draw_overlay


def test_heat_outline_and_frame_by_hand() -> None:
    image = np.full((8, 8, 1), 100, np.uint8)
    scores, preds = np.zeros((8, 8), np.float32), np.zeros((8, 8), np.uint8)
    scores[0, 0], scores[0, 1] = 0.7, 0.35
    preds[2:5, 2:5] = 1
    painted = draw_overlay(image, scores, preds, [(5, 5, 3, 3)], most=0.7)
    assert painted.shape == (8, 8, 3)
    assert painted[7, 0].tolist() == [100, 100, 100]
    assert painted[0, 0].tolist() == (0.2 * 100 + 0.8 * HEAT[2]).round().tolist()
    strength = 0.8 * np.sqrt(0.5)
    assert painted[0, 1].tolist() == ((1 - strength) * 100 + strength * HEAT[1]).round().tolist()
    assert painted[2, 2].tolist() == list(OUTLINE)
    assert painted[3, 3].tolist() == [100, 100, 100]
    assert painted[5, 6].tolist() == painted[7, 7].tolist() == list(FRAME)
    assert painted[6, 6].tolist() == [100, 100, 100]


def test_an_image_without_doubt_stays_as_it_is() -> None:
    image = np.full((2, 2, 3), 9, np.uint8)
    nothing = np.zeros((2, 2), np.float32)
    assert (draw_overlay(image, nothing, nothing.astype(np.uint8), most=0.0) == 9).all()
