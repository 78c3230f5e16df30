from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.inference.predictions import pack, unpack
from frugalseg.reporting.load.samples import Prediction, Samples
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.gallery import (
    BrowsedImage,
    browse_images,
    disagreement,
    gallery_columns,
    gallery_orders,
)


@pytest.fixture(scope="module")
def images(study: Study) -> list[BrowsedImage]:
    return list(browse_images(study, gallery_columns(study)))


def test_every_round_of_every_arm_is_a_column(study: Study) -> None:
    columns = gallery_columns(study)
    assert [(c.arm, c.round) for c in columns if not c.last] == [("random", 1), ("entropy", 1)]
    assert [c.arm for c in columns if c.last] == list(study.arms)


def test_counts_by_hand(study: Study, images: list[BrowsedImage]) -> None:
    columns = gallery_columns(study)
    place = next(
        k for k, column in enumerate(columns) if (column.arm, column.round) == ("entropy", 1)
    )
    found = images[0]
    row = study.index["image_id"].tolist().index(found.image_id)
    target = np.asarray(study.masks[row])
    np.testing.assert_array_equal(unpack(found.truth), target)
    prediction = found.predictions[place]
    assert prediction == study.samples["entropy"].predictions[1, found.image_id]
    pred = unpack(prediction.pred)
    right = int(((pred == target) & (target > 0)).sum())
    missed = int(((pred != target) & (target > 0) & (target < 255)).sum())
    assert found.counts[place] == (right, missed, int(((pred > 0) & (target == 0)).sum()))
    assert right > 0
    assert [e.defect for e in images] == [True] * 4


def image(name: str, score: float, differ: float) -> BrowsedImage:
    return BrowsedImage(name, b"", b"", (), True, (), score, differ)


def test_orders() -> None:
    found = gallery_orders([image("a", 0.5, 3.0), image("b", 0.1, 1.0), image("c", 0.9, 2.0)])
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


def without(samples: Samples, image_id: str) -> Samples:
    return Samples(
        {key: prediction for key, prediction in samples.predictions.items() if key[1] != image_id}
    )


def test_an_arm_without_a_prediction_of_an_image(study: Study) -> None:
    first = study.samples["full"].image_ids[0]
    less = without(study.samples["full"], first)
    shown = replace(study, samples={**study.samples, "full": less})
    columns = gallery_columns(shown)
    found = next(browse_images(shown, columns))
    assert [c.arm for c, n in zip(columns, found.counts, strict=True) if n is None] == ["full"]
    assert [c.arm for c, s in zip(columns, found.predictions, strict=True) if s is None] == ["full"]


def test_a_correctly_empty_prediction_counts_as_right(study: Study) -> None:
    nothing = Prediction(*[pack(np.zeros(study.masks.shape[1:], np.uint8))] * 2)
    quiet = {
        arm: Samples(dict.fromkeys(samples.predictions, nothing))
        for arm, samples in study.samples.items()
    }
    shown = replace(study, samples=quiet, masks=np.zeros_like(study.masks))
    assert {e.score for e in browse_images(shown, gallery_columns(shown))} == {1.0}


def test_without_samples_there_is_nothing_to_browse(study: Study) -> None:
    empty = replace(study, samples={})
    assert gallery_columns(empty) == ()
    assert list(browse_images(empty, ())) == []
