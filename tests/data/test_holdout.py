import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.holdout import assign_validation, hold_out, make_folds
from frugalseg.data.split import NO_PAIRS
from frugalseg.settings.training import CrossParams, HoldoutParams

INDEX = pd.DataFrame(
    {
        "image_id": list("abcdefghij"),
        "image_label": ["0", "1"] * 5,
        "group": "",
        "sha256": list("0123456789"),
    }
)


def bought(image_ids: str, unit: str = "image", part: str = "train") -> pd.DataFrame:
    return pd.DataFrame({"image_id": list(image_ids), "unit": unit, "part": part})


def parts(ledger: pd.DataFrame) -> dict[str, str]:
    return dict(zip(ledger["image_id"], ledger["part"], strict=True))


def validating(ledger: pd.DataFrame) -> str:
    return "".join(ledger.loc[ledger["part"] == "val", "image_id"])


def test_a_share_of_each_tag_validates() -> None:
    # of a, c, e, g and of b, d, f, h: (k + 1) / 4 + .5 passes a whole number at the second
    assert validating(hold_out(bought("abcdefgh"), INDEX, NO_PAIRS, 0.25)) == "cd"
    assert validating(hold_out(bought("abcdefgh"), INDEX, NO_PAIRS, 0.5)) == "abef"


@given(st.permutations(list("abcdefghij")), st.sampled_from([0.2, 0.3, 0.5, 0.7]))
def test_what_validates_goes_on_to_when_labels_are_added(order: list[str], share: float) -> None:
    few, all_ = (
        parts(hold_out(bought("".join(order[:n])), INDEX, NO_PAIRS, share)) for n in (8, 10)
    )
    assert few.items() <= all_.items()


def test_a_group_is_counted_once_and_stays_together() -> None:
    grouped = INDEX.assign(group=["x", "", "x", "", "", "", "", "", "", ""])
    held = hold_out(bought("aceg"), grouped, NO_PAIRS, 0.5)  # units ac, e, g
    assert parts(held) == {"a": "val", "c": "val", "e": "train", "g": "val"}


def test_near_duplicates_stay_together() -> None:
    pairs = pd.DataFrame({"image_id": ["a"], "other_id": ["g"]})
    held = hold_out(bought("aceg"), INDEX, pairs, 0.5)  # units ag, c, e
    assert parts(held) == {"a": "val", "c": "train", "e": "val", "g": "val"}
    folds = [validating(ledger) for ledger in make_folds(bought("aceg"), INDEX, pairs, 2)]
    assert folds == ["aeg", "c"]


def test_an_image_with_regions_only_trains() -> None:
    ledger = pd.concat([bought("aceg"), bought("i", unit="region")])
    assert parts(hold_out(ledger, INDEX, NO_PAIRS, 0.5))["i"] == "train"


def test_tags_are_held_out_where_no_mask_was_bought() -> None:
    ledger = pd.concat([bought("aa", unit="tag"), bought("ce", unit="tag")])
    assert hold_out(ledger, INDEX, NO_PAIRS, 0.4)["part"].tolist() == [
        "train",
        "train",
        "val",
        "train",
    ]


@pytest.mark.parametrize(("image_ids", "share"), [("a", 0.3), ("ab", 0.9)])
def test_a_share_that_leaves_nothing_is_an_error(image_ids: str, share: float) -> None:
    with pytest.raises(FrugalsegError, match=r"training\.<name>\.validation: a share of"):
        hold_out(bought(image_ids), INDEX, NO_PAIRS, share)


def test_every_image_is_in_one_fold_and_tags_are_spread() -> None:
    folds = [validating(ledger) for ledger in make_folds(bought("abcdefgh"), INDEX, NO_PAIRS, 4)]
    assert folds == ["ab", "cd", "ef", "gh"]


def test_more_folds_than_images_are_refused() -> None:
    with pytest.raises(FrugalsegError, match="3 folds need as many labeled images"):
        make_folds(bought("ab"), INDEX, NO_PAIRS, 3)


def test_the_parts_of_the_split_are_kept_or_all_labels_train() -> None:
    ledger = pd.concat([bought("abcd"), bought("ef", part="val")])
    assert assign_validation(ledger, INDEX, NO_PAIRS, "split").equals(ledger)
    assert set(assign_validation(ledger, INDEX, NO_PAIRS, "none")["part"]) == {"train"}
    folds = CrossParams(folds=2)
    assert set(assign_validation(ledger, INDEX, NO_PAIRS, folds)["part"]) == {"train"}
    assert validating(assign_validation(ledger, INDEX, NO_PAIRS, HoldoutParams(share=0.3))) != ""
