import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from frugalseg.core.errors import FrugalsegError
from frugalseg.suggest.brush import decode_mask, encode_mask

HEAD = "00000000000000000000000000011000" + "00111" + "0010001101111111"


def by_hand(bits: str) -> list[int]:
    bits += "0" * (8 - len(bits) % 8)
    return [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]


def test_a_small_mask_by_hand() -> None:
    mask = np.array([[0, 1, 0], [0, 0, 1]], bool)
    # 24 values; runs of 4, 4, 12 and 4 of them
    runs = "100" + "011" + "00000000" + "100" + "011" + "11111111"
    runs += "101" + "1011" + "00000000" + "100" + "011" + "11111111"
    # the same from label-studio-sdk 2.1.2: converter.brush.mask2rle(mask * 255)
    peer = [0, 0, 0, 24, 57, 27, 252, 96, 17, 255, 219, 0, 143, 252]
    assert encode_mask(mask) == by_hand(HEAD + runs) == peer
    assert np.array_equal(decode_mask(by_hand(HEAD + runs), (2, 3)), mask)


def test_values_one_by_one_are_read_too() -> None:
    pixels = "".join(f"{value:08b}" for value in [0] * 4 + [255] * 4)
    literal = "0" + "00" + "111" + pixels  # eight values, each written out
    rest = "1" + "01" + "1111" + "00000000"
    assert decode_mask(by_hand(HEAD + literal + rest), (2, 3)).tolist() == [
        [False, True, False],
        [False, False, False],
    ]


@given(arrays(bool, st.tuples(st.integers(1, 30), st.integers(1, 30))))
def test_a_mask_comes_back(mask: np.ndarray) -> None:
    assert np.array_equal(decode_mask(encode_mask(mask), (mask.shape[0], mask.shape[1])), mask)


def test_a_run_of_more_than_a_length_holds() -> None:
    mask = np.zeros((200, 200), bool)
    mask[150:] = True
    assert np.array_equal(decode_mask(encode_mask(mask), (200, 200)), mask)


@pytest.mark.parametrize("damage", ["cut", "size", "text", "none"])
def test_what_is_no_mask_of_the_size_is_refused(damage: str) -> None:
    whole = encode_mask(np.eye(9, dtype=bool))
    cases = {"cut": whole[:-4], "size": whole, "text": ["a"], "none": []}
    size = (9, 8) if damage == "size" else (9, 9)
    with pytest.raises(FrugalsegError, match="cannot be read as a mask of 9 x"):
        decode_mask(cases[damage], size)  # type: ignore[arg-type]
    with pytest.raises(FrugalsegError, match="expected a mask of 1 to"):
        decode_mask(whole, (0, 9))
