import numpy as np

from frugalseg.training.batches import walk


def test_every_row_once_an_epoch_whatever_the_batch() -> None:
    rows = np.array([3, 5, 8, 9, 11])
    shown = np.concatenate([walk(rows, 3, step, (0, "a")) for step in range(10)])
    for epoch in shown.reshape(6, 5):
        assert sorted(epoch) == rows.tolist()
    assert len({tuple(epoch) for epoch in shown.reshape(6, 5)}) > 1


def test_one_row_is_repeated() -> None:
    assert walk(np.array([7]), 4, 3, (0,)).tolist() == [7, 7, 7, 7]


def test_the_key_decides_the_order() -> None:
    rows = np.arange(20)
    assert not np.array_equal(walk(rows, 20, 0, (0, "a")), walk(rows, 20, 0, (0, "b")))
