from pathlib import Path

import numpy as np
import pytest
import torch
from model_files import WITH_DROPOUT, write_model

from frugalseg.acquisition.base import Choice, Maps
from frugalseg.acquisition.query_size import Query
from frugalseg.acquisition.uncertainty import predictive_entropy
from frugalseg.core.errors import FrugalsegError
from frugalseg.inference.predictor import Predictor
from frugalseg.suggest.choose import Chooser, Request, explain, usable_acquisitions

CPU = torch.device("cpu")
SURE, HALF, UNSURE = 0.99, 0.8, 0.5


@pytest.fixture
def predictor(tmp_path: Path) -> Predictor:
    return Predictor.load(write_model(tmp_path / "m.safetensors"), CPU)


def maps(foreground: np.ndarray) -> Maps:
    probs = np.stack([1 - foreground, foreground]).astype(np.float32)
    return Maps(probs, np.zeros(foreground.shape, np.float32))


POOL = {"a": SURE, "b": UNSURE, "c": HALF}
SIZES = dict.fromkeys(POOL, (8, 8))


def test_the_least_sure_image_comes_first(predictor: Predictor) -> None:
    chooser = Chooser(predictor, Request(2))
    asked = []

    def load_maps(name: str) -> Maps:
        asked.append(name)
        return maps(np.full((8, 8), POOL[name]))

    choice = chooser.choose(SIZES, load_maps)
    assert [query.image_id for query in choice.queries] == ["b", "c"]
    assert asked == ["a", "b", "c"]
    assert choice.queries[0].score == pytest.approx(np.log(2))


def test_regions_of_one_image_do_not_overlap(predictor: Predictor) -> None:
    uncertain = np.full((32, 32), SURE)
    uncertain[:16, 16:] = UNSURE
    choice = Chooser(predictor, Request(2, region=16)).choose(
        {"a": (32, 32)}, lambda name: maps(uncertain)
    )
    assert choice.queries[0].box == (0, 16, 16, 16)
    assert len(choice.queries) == 2
    assert choice.queries[1].box not in (None, (0, 16, 16, 16), (0, 8, 16, 16), (8, 16, 16, 16))


def test_random_asks_no_model_and_depends_on_the_seed(predictor: Predictor) -> None:
    def never(name: str) -> Maps:
        raise AssertionError(name)

    sizes = {f"i{number}": (8, 8) for number in range(20)}
    drawn = [
        [
            q.image_id
            for q in Chooser(predictor, Request(5, "random", seed=seed))
            .choose(sizes, never)
            .queries
        ]
        for seed in (0, 0, 1)
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_what_cannot_choose_from_a_folder_is_refused(predictor: Predictor) -> None:
    for name in ("coreset", "badge", "foreground_random"):
        with pytest.raises(FrugalsegError, match="cannot choose from a folder.*entropy"):
            Chooser(predictor, Request(1, name))
    with pytest.raises(FrugalsegError, match="entropi"):
        Chooser(predictor, Request(1, "entropi"))
    with pytest.raises(FrugalsegError, match="bald with 10 passes needs a model with dropout"):
        Chooser(predictor, Request(1, "bald"))
    with pytest.raises(FrugalsegError, match="bald needs at least 2 passes; found 1"):
        Chooser(predictor, Request(1, "bald", passes=1))
    assert {"random", "entropy", "margin", "bald"} <= set(usable_acquisitions())
    assert not {"coreset", "badge", "foreground_random"} & set(usable_acquisitions())


def test_passes_of_a_model_with_dropout(tmp_path: Path) -> None:
    path = write_model(tmp_path / "m.safetensors", WITH_DROPOUT)
    chooser = Chooser(Predictor.load(path, CPU), Request(1, "bald", passes=3))
    image = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    one, again, other = (chooser.maps(name, image) for name in ("a", "a", "b"))
    assert one.probs.shape == (3, 40, 50)
    assert np.array_equal(one.probs, again.probs)
    assert not np.array_equal(one.probs, other.probs)
    assert (one.expected_entropy < predictive_entropy(one) + 1e-5).all()
    assert (one.expected_entropy < predictive_entropy(one) - 1e-4).any()


def test_a_reason_by_hand() -> None:
    foreground = np.full((4, 8), SURE)
    foreground[0, :4] = UNSURE  # 4 of 32 pixels
    foreground[2:] = 0.01
    choice = Choice([Query("a", None, 32, 0.6)], np.array([0.6, 0.2, 0.1, np.nan]))
    preds = (foreground >= 0.4).astype(np.uint8)
    whole = explain(choice, 1, (0, 0, 4, 8), maps(foreground), preds, scored=True)
    assert (whole.rank, whole.name, whole.score, whole.defects) == (1, "a", 0.6, 1)
    assert whole.undecided == pytest.approx(4 / 32)
    assert whole.reason == (
        "3.0 times the median score of 3 images; undecided at 12.5 % of its pixels, "
        "1 predicted defect"
    )
    part = explain(choice, 1, (2, 0, 2, 8), maps(foreground), preds, scored=False)
    assert part.reason == "drawn at random; undecided at 0.0 % of its pixels, 0 predicted defects"
