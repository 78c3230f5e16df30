import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.split import amount, training_pool


def test_the_pool_is_the_training_part_of_the_index() -> None:
    index = pd.DataFrame({"image_id": ["a", "b", "c"], "row": [0, 1, 2]})
    parts = pd.DataFrame({"image_id": ["c", "b", "a"], "part": ["train", "val", "train"]})
    assert training_pool(index, parts)["row"].tolist() == [0, 2]


def test_a_share_is_rounded_and_never_nothing() -> None:
    assert amount(0.25, 10, "labels") == 2  # half to even
    assert amount(0.01, 10, "labels") == 1
    assert amount(7, 10, "labels") == 7


def test_more_images_than_there_are_names_the_key() -> None:
    with pytest.raises(FrugalsegError, match=r"'tags.share' asks for 11 images, .* pool has 10"):
        amount(11, 10, "tags.share")
