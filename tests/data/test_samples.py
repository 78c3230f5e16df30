import numpy as np

from frugalseg.data.samples import choose_samples


def test_samples_go_from_small_to_large_and_keep_room_for_negatives() -> None:
    names = [f"i{number}" for number in range(10)]
    areas = np.array([0, 50, 0, 10, 90, 30, 0, 70, 0, 20])
    chosen = choose_samples(names, areas, 6)
    assert chosen == ["i3", "i5", "i1", "i4", "i0", "i2"]


def test_few_images_are_all_taken() -> None:
    assert choose_samples(["a", "b"], np.array([5, 0]), 6) == ["a", "b"]
    assert choose_samples(["a", "b"], np.array([0, 0]), 6) == ["a", "b"]
    assert choose_samples(["a", "b", "c"], np.array([3, 1, 2]), 3) == ["b", "c", "a"]
