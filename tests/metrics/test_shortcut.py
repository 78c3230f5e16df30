import numpy as np

from frugalseg.metrics.shortcut import shortcut


def test_sources_that_give_the_tag_away() -> None:
    train = np.array(["road", "road", "wall", "wall"], object)
    tags = np.array([True, True, False, True])  # a tie in `wall` says yes
    found = shortcut(
        train,
        tags,
        np.array(["road", "wall", "wall", "new"], object),
        np.array([True, False, True, False]),
        np.array([True, False, False, False]),
    )
    assert found["majority"] == 0.5
    assert found["source"] == 0.5
    assert found["model"] == 0.75
    assert found["agreement"] == 0.25


def test_no_training_tag_says_no() -> None:
    empty = np.array([], object)
    found = shortcut(empty, empty.astype(bool), *(np.array([v]) for v in ("a", False, False)))
    assert found["source"] == 1.0
