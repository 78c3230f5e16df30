from pathlib import Path

import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.ledger import empty_ledger
from frugalseg.data.stack import read_index
from frugalseg.inference.start import first_images


def images_of(prepared: Path) -> pd.DataFrame:
    return read_index(prepared).query("split != 'test'").reset_index(drop=True)


def test_a_random_order_depends_on_the_seed_and_on_nothing_else(prepared: Path) -> None:
    images = images_of(prepared)
    order = {
        seed: first_images(prepared, images, empty_ledger(), 18, seed, start={"by": "random"})
        for seed in range(3)
    }
    assert all(sorted(names) == sorted(images["image_id"]) for names in order.values())
    assert len({tuple(names) for names in order.values()}) == 3
    shuffled = images.iloc[::-1].reset_index(drop=True)
    again = first_images(prepared, shuffled, empty_ledger(), 5, 0, start={"by": "random"})
    assert again == order[0][:5]


def test_every_image_is_equally_likely_to_be_first(prepared: Path) -> None:
    images = images_of(prepared)
    firsts = pd.Series(
        [
            first_images(prepared, images, empty_ledger(), 1, seed, start={"by": "random"})[0]
            for seed in range(540)
        ]
    )
    # 30 of 540 each, with a standard deviation of 5.3
    assert firsts.value_counts().reindex(images["image_id"], fill_value=0).between(9, 54).all()


def test_an_unknown_start_is_named(prepared: Path) -> None:
    with pytest.raises(FrugalsegError, match="Unknown start 'typicle'.*'typical'"):
        first_images(prepared, images_of(prepared), empty_ledger(), 1, 0, start={"by": "typicle"})
