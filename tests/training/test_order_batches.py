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


def test_images_that_two_arms_share_come_in_the_same_order() -> None:
    few, more = np.array([2, 5, 9]), np.array([1, 2, 4, 5, 9, 11])
    among_more = walk(more, 6, 0, (0, 3))
    assert walk(few, 3, 0, (0, 3)).tolist() == [row for row in among_more if row in few]
