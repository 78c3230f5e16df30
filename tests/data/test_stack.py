from pathlib import Path

import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.stack import open_masks, open_stack, read_index, sources


def test_a_stack_is_opened_and_not_read(prepared: Path) -> None:
    stack = open_stack(prepared)
    assert stack.images.shape == (24, 32, 32, 3)
    assert open_masks(stack.masks_path).shape == (24, 32, 32)
    assert stack.rows(pd.Series(["i05", "i00"])).tolist() == [5, 0]


def test_missing_text_is_empty_and_names_stay_text(prepared: Path) -> None:
    index = read_index(prepared)
    assert index["group"].eq("").all()
    assert index["image_label"].isin(["0", "1"]).all()


def test_a_name_that_is_not_there_says_what_to_do(prepared: Path) -> None:
    with pytest.raises(FrugalsegError, match="run the `split` stage again"):
        open_stack(prepared).rows(pd.Series(["i00", "gone"]))


def test_the_group_of_the_expression_is_the_source() -> None:
    names = pd.Series(["train/CFD_001", "train/noncrack_wall_1", "odd"])
    assert sources(names, r"/([A-Za-z]+\d*)_").tolist() == ["CFD", "noncrack", ""]
    assert sources(names.iloc[:0], "(a)").tolist() == []
