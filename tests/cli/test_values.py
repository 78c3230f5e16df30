from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

import pytest

from frugalseg.cli.values import count, refuse_existing, scale, share, tile_side
from frugalseg.core.errors import FrugalsegError


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (tile_side, "64", 64),
        (share, "0", 0.0),
        (share, "0.99", 0.99),
        (scale, "0.5", 0.5),
        (count, "3", 3),
    ],
)
def test_values_within_bounds(read: Callable[[str], object], text: str, value: float) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "texts", "expected"),
    [
        (tile_side, ["0", "33", "-32", "x", "³²"], "a multiple of 32"),
        (share, ["1", "-0.1", "nan", "x"], "at least 0 and under 1"),
        (scale, ["0", "-1", "17", "inf", "nan", "x"], "above 0 and up to 16"),
        (count, ["0", "-1", "1.5", "x", "²"], "a whole number from 1 on"),
    ],
)
def test_other_values_are_refused_by_name(
    read: Callable[[str], object], texts: list[str], expected: str
) -> None:
    for text in texts:
        with pytest.raises(ArgumentTypeError) as told:
            read(text)
        assert expected in str(told.value)
        assert repr(text) in str(told.value)


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "b").touch()
    refuse_existing([tmp_path / "c"], force=False)
    refuse_existing([tmp_path / "a"], force=True)
    with pytest.raises(FrugalsegError, match="a and 1 more would be overwritten"):
        refuse_existing([tmp_path / "c", tmp_path / "a", tmp_path / "b"], force=False)
