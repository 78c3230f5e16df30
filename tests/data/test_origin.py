import pandas as pd

from frugalseg.data.origin import sources


def test_the_group_of_the_expression_is_the_source() -> None:
    names = pd.Series(["train/CFD_001", "train/noncrack_wall_1", "odd"])
    assert sources(names, r"/([A-Za-z]+\d*)_").tolist() == ["CFD", "noncrack", ""]
