import pytest
from purchases import INDEX

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.ledger import (
    bought_boxes,
    bought_pixels,
    buy_images,
    buy_regions,
    empty_ledger,
    labeled_rows,
)


def test_real_pixels_are_charged_and_rounds_are_kept() -> None:
    ledger = buy_images(empty_ledger(), INDEX, ["c"], round_=0, part="val")
    ledger = buy_images(ledger, INDEX, ["b", "a"], round_=1, part="train")
    assert ledger["pixels"].tolist() == [16, 12, 16]
    assert ledger["round"].tolist() == [0, 1, 1]
    assert labeled_rows(INDEX, ledger, "train").tolist() == [0, 1]
    assert labeled_rows(INDEX, ledger, "val").tolist() == [2]


def test_nothing_is_bought_twice_or_out_of_thin_air() -> None:
    ledger = buy_images(empty_ledger(), INDEX, ["a"], round_=0, part="train")
    with pytest.raises(FrugalsegError, match=r"twice \(found \['a'\]\)"):
        buy_images(ledger, INDEX, ["a"], round_=1, part="train")
    with pytest.raises(FrugalsegError, match=r"not in the stack \(found \['z'\]\)"):
        buy_images(ledger, INDEX, ["z"], round_=1, part="train")


def test_overlapping_pixels_are_paid_once_and_round_after_round() -> None:
    ledger = buy_images(empty_ledger(), INDEX, ["c"], round_=0, part="train")
    ledger = buy_regions(ledger, [("a", (0, 0, 2, 2)), ("a", (1, 1, 2, 2))], round_=1, part="train")
    ledger = buy_regions(ledger, [("a", (0, 0, 3, 3))], round_=2, part="train")
    assert ledger["pixels"].tolist() == [16, 4, 3, 2]
    assert ledger["unit"].tolist() == ["image", "region", "region", "region"]
    assert bought_boxes(ledger)["a"] == [(0, 0, 2, 2), (1, 1, 2, 2), (0, 0, 3, 3)]
    assert bought_pixels(ledger).to_dict() == {"a": 9, "c": 16}
    assert labeled_rows(INDEX, ledger, "train").tolist() == [0, 2]


def test_a_region_of_which_all_was_bought_is_refused() -> None:
    ledger = buy_regions(empty_ledger(), [("a", (0, 0, 2, 2))], round_=1, part="train")
    with pytest.raises(FrugalsegError, match="all of .* of image 'a' has been bought"):
        buy_regions(ledger, [("a", (0, 0, 1, 2))], round_=2, part="train")
    whole = buy_images(ledger, INDEX, ["a"], round_=2, part="train")
    with pytest.raises(FrugalsegError, match="cannot buy a region twice"):
        buy_regions(whole, [("a", (3, 3, 1, 1))], round_=3, part="train")


def test_an_image_bought_after_its_regions_costs_the_rest() -> None:
    ledger = buy_regions(empty_ledger(), [("b", (0, 0, 2, 2))], round_=1, part="train")
    ledger = buy_images(ledger, INDEX, ["b", "a"], round_=2, part="train")
    assert ledger["pixels"].tolist() == [4, 8, 16]
