from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from frugalseg.reporting.browse import (
    LEVELS,
    VIEWS,
    Entry,
    disagreement,
    gallery_cells,
    gallery_entries,
    gallery_orders,
)
from frugalseg.reporting.overlay import error_map
from frugalseg.reporting.palette import FALSE, HIT, MISSED
from frugalseg.reporting.study import Study


@pytest.fixture(scope="module")
def entries(study: Study) -> list[Entry]:
    return list(gallery_entries(study, gallery_cells(study)))


def test_every_round_of_every_arm_is_a_cell(study: Study) -> None:
    cells = gallery_cells(study)
    assert [(c.arm, c.round) for c in cells if not c.last] == [("random", 1), ("entropy", 1)]
    assert [c.arm for c in cells if c.last] == list(study.arms)


def test_cells_lie_side_by_side(study: Study, entries: list[Entry]) -> None:
    cells = gallery_cells(study)
    height, width = study.masks.shape[1:3]
    sprite = Image.open(BytesIO(entries[0].layers["errors"]))
    assert sprite.size == (width * len(cells), height)
    place = next(k for k, cell in enumerate(cells) if (cell.arm, cell.round) == ("entropy", 1))
    row = study.index["image_id"].tolist().index(entries[0].image_id)
    samples = study.samples["entropy"]
    pred = samples.preds[0, samples.image_ids.index(entries[0].image_id)]
    errors = error_map(pred, np.asarray(study.masks[row]))
    shown = np.asarray(sprite.convert("RGBA"))[:, place * width : (place + 1) * width, :3]
    colors = np.array([(0, 0, 0), HIT, MISSED, FALSE])
    np.testing.assert_array_equal(shown, colors[errors])
    counts = entries[0].counts[place]
    assert counts == tuple(int((errors == kind).sum()) for kind in (1, 2, 3))


def test_views_in_few_colors(entries: list[Entry]) -> None:
    assert set(entries[0].layers) == set(VIEWS)
    for view in ("probability", "uncertainty"):
        levels = np.asarray(Image.open(BytesIO(entries[0].layers[view])))
        assert levels.max() < LEVELS


def test_doubt_is_greatest_at_one_half(study: Study) -> None:
    flat = {
        arm: replace(s, probs=np.full_like(s.probs, value))
        for (arm, s), value in zip(study.samples.items(), (0, 128, 255, 64, 192), strict=True)
    }
    shown = replace(study, samples=flat)
    cells = gallery_cells(shown)
    entry = next(gallery_entries(shown, cells))
    levels = np.asarray(Image.open(BytesIO(entry.layers["uncertainty"])))
    width = study.masks.shape[2]
    found = {cell.arm: int(levels[0, k * width]) for k, cell in enumerate(cells)}
    # Entropy in bits of p = 0, 0.5, 1, and of 0.25 and 0.75 (0.81), in steps of 1 / 15.
    assert found == {"full": 0, "initial": 15, "random": 0, "entropy": 12, "mean_teacher": 12}


def entry(name: str, score: float, differ: float) -> Entry:
    return Entry(name, b"", b"", {}, (), score, differ)


def test_orders() -> None:
    found = gallery_orders([entry("a", 0.5, 3.0), entry("b", 0.1, 1.0), entry("c", 0.9, 2.0)])
    assert found["worst"] == [1, 0, 2]
    assert found["best"] == [2, 0, 1]
    assert found["disagreed"] == [0, 2, 1]
    assert sorted(found["random"]) == [0, 1, 2]


def test_disagreement_by_hand() -> None:
    found = np.zeros((3, 1, 2), bool)
    found[0, 0, 0] = True
    # One pixel on which 2 of the 3 pairs differ.
    assert disagreement(found) == pytest.approx(2 / 3)
    assert disagreement(found[:1]) == 0.0


@given(st.integers(2, 5), st.integers(0, 2**32 - 1))
def test_disagreement_is_the_mean_over_pairs(k: int, seed: int) -> None:
    found = np.random.default_rng(seed).random((k, 3, 4)) < 0.5
    pairs = [(found[i] != found[j]).sum() for i in range(k) for j in range(i)]
    assert disagreement(found) == pytest.approx(np.mean(pairs))


def test_an_arm_without_a_prediction_of_an_image(study: Study) -> None:
    less = study.samples["full"]
    less = replace(
        less, image_ids=less.image_ids[1:], preds=less.preds[:, 1:], probs=less.probs[:, 1:]
    )
    shown = replace(study, samples={**study.samples, "full": less})
    cells = gallery_cells(shown)
    first = next(gallery_entries(shown, cells))
    assert [c.arm for c, n in zip(cells, first.counts, strict=True) if n is None] == ["full"]


def test_rightly_found_empty_counts_as_right(study: Study) -> None:
    quiet = {arm: replace(s, preds=s.preds * 0) for arm, s in study.samples.items()}
    shown = replace(study, samples=quiet, masks=np.zeros_like(study.masks))
    assert {e.score for e in gallery_entries(shown, gallery_cells(shown))} == {1.0}


def test_without_samples_there_is_nothing_to_browse(study: Study) -> None:
    empty = replace(study, samples={})
    assert gallery_cells(empty) == ()
    assert list(gallery_entries(empty, ())) == []
