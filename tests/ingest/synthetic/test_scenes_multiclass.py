"""The scene of multiclass defects."""

import numpy as np

from frugalseg.ingest.synthetic import multiclass


def test_index_is_the_kinds_place_in_the_list_of_classes() -> None:
    options = {"images": 4, "test": 0, "positives": 1.0, "size": [96, 96]}
    for index, kind in enumerate(multiclass.CLASSES, start=1):
        for picture in multiclass.draw({**options, "kinds": [kind]}):
            assert picture.image.shape == (96, 96, 3)
            assert set(np.unique(picture.mask).tolist()) == {0, index}


def test_defaults_show_every_class_at_a_size_of_whole_tiles() -> None:
    pictures = list(multiclass.draw({"images": 12, "test": 0}))
    assert {picture.mask.shape for picture in pictures} == {(192, 288)}
    seen = set().union(*(np.unique(picture.mask).tolist() for picture in pictures))
    assert seen == {0, 1, 2, 3, 4}
