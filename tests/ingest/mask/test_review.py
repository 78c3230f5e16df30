"""Messages name files, what they hold, and the line of params.yaml that reads them."""

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.review import MaskFile, find_own_codes, review
from frugalseg.ingest.mask.values import Kind, MaskValues
from frugalseg.settings.mask import MaskParams


def file(name: str, *levels: int, kind: Kind = Kind.TWO, foreground: int = 5) -> MaskFile:
    return MaskFile(name, MaskValues(kind, levels, levels[-1]), foreground, 100, 100)


def files(*held: MaskFile) -> dict[str, MaskFile]:
    return {one.name: one for one in held}


def test_masks_below_the_threshold_are_found_by_their_two_values() -> None:
    held = files(
        file("a", 0, 255), file("b", 0, 1), file("c", 0, 40), file("d", 0, kind=Kind.BLANK)
    )
    assert find_own_codes(held, 127.0, ["pit"]) == {"b", "c"}
    assert find_own_codes(held, None, ["pit"]) == {"a", "b", "c"}
    assert find_own_codes(files(held["b"], held["d"]), 0.5, ["pit"]) == frozenset()


def test_equal_values_of_other_types_are_told_by_their_gray_levels() -> None:
    """Floats of 0 and 1 are black and white, bytes of 0 and 1 nearly black."""
    floats = MaskFile("b", MaskValues(Kind.TWO, (0.0, 1.0), 255), 5, 100, 100)
    assert find_own_codes(files(file("a", 0, 1), floats), 127.0, ["pit"]) == {"a"}


def test_two_values_among_gray_levels_are_certain_if_far_apart() -> None:
    gray = file("a", *range(256), kind=Kind.GRAY)
    assert find_own_codes(files(gray, file("b", 0, 100)), 127.0, ["pit"]) == {"b"}
    with pytest.raises(FrugalsegError, match=r"1 of 2 that hold something might be misread: b\."):
        find_own_codes(files(gray, file("b", 0, 1)), 127.0, ["pit"])


def test_the_message_gives_the_readings() -> None:
    held = files(file("a", 0, 255), file("b", 0, 1, 255, kind=Kind.CODES))
    with pytest.raises(FrugalsegError) as error:
        find_own_codes(held, 127.0, ["pit"])
    assert str(error.value) == (
        "The masks are coded in different ways, or in one that is not certain; 1 of 2 that hold "
        "something might be misread: b.\n"
        "  - 0, 255: 1 mask, such as a\n"
        "  - 0, 1, 255: 1 mask, such as b\n"
        "Write the line that is right under the data set in params.yaml:\n"
        "  - every value but 0 is the defect: mask: {method: nonzero}\n"
        "  - the values are numbers of classes, or one means 'no label': mask: {values: {pit: 1, "
        "background: 0, ignore: 255}}"
    )


@pytest.mark.parametrize(
    ("levels", "classes", "line"),
    [
        ((0, 1, 2), ["pit"], "{pit: [1, 2], background: 0}"),
        ((0, 1, 2, 255), ["pit", "rust"], "{pit: 1, rust: 2, background: 0, ignore: 255}"),
        ((0, 29, 50, 76), ["pit", "rust"], "{pit: 29, rust: [50, 76], background: 0}"),
        ((0, 127, 255), ["pit"], "{pit: 255, background: 0, ignore: 127}"),
        ((0, 128, 255), ["pit"], "{pit: 255, background: 0, ignore: 128}"),
        ((0, 1, 255), ["pit", "rust"], "{pit: 1, rust: 2, background: 0, ignore: 255}"),
    ],
)
def test_the_line_names_the_values_that_were_found(
    levels: tuple[int, ...], classes: list[str], line: str
) -> None:
    with pytest.raises(FrugalsegError) as error:
        find_own_codes(files(file("a", *levels, kind=Kind.CODES)), None, classes)
    assert f"mask: {{values: {line}}}" in str(error.value)


def test_more_than_ten_kinds_are_counted() -> None:
    held = files(*(file(f"{n}", 0, n, 255, kind=Kind.CODES) for n in range(1, 13)))
    with pytest.raises(FrugalsegError, match="and 2 more kinds"):
        find_own_codes(held, None, ["pit"])


def test_a_set_in_order_has_no_warning() -> None:
    held = [file("a", 0, 255), file("b", 0, kind=Kind.BLANK, foreground=0)]
    for method in ("otsu", "nonzero", "threshold"):
        assert not list(review(held, MaskParams(method=method), ["pit"]))


def test_masks_that_mark_nearly_all_of_their_image_among_small_ones_look_inverted() -> None:
    small = [file(f"s{n}", 0, 255, foreground=n) for n in range(1, 21)]
    large = [file("a", 0, 255, foreground=96), file("b", 255, kind=Kind.FLAT, foreground=100)]
    (said,) = review([*small, *large], MaskParams(method="otsu"), ["pit"])
    assert said.startswith("2 of 22 masks mark at least 80% of their image")
    assert ": a, b. Invert those" in said
    (said,) = review([*small[:1], *large], MaskParams(method="otsu"), ["pit"])
    assert said.startswith("2 of 3 masks mark")
    of_any_size = [file(f"m{n}", 0, 255, foreground=5 * n) for n in range(1, 16)]
    assert not list(review([*of_any_size, *large], MaskParams(method="otsu"), ["pit"]))


def test_class_numbers_mixed_by_interpolation_are_named() -> None:
    values = MaskValues(Kind.CODES, (0, 1, 2), 2, is_interpolated=True)
    held = [file("a", 0, 2), MaskFile("b", values, 5, 100, 100)]
    for params in (MaskParams(method="index"), MaskParams(values={"pit": 1, "rust": 2})):
        (said,) = review(held, params, ["pit", "rust"])
        assert said.startswith("1 of 2 masks look resized by interpolation")
        assert "b (0, 1, 2)" in said


def test_foreground_everywhere_may_be_a_class_of_background() -> None:
    held = [file(name, 1, 2, kind=Kind.PAIR, foreground=70) for name in "ab"]
    (said,) = review(held, MaskParams(method="index"), ["pit", "rust"])
    assert "If one of the classes is the background, say so" in said
    (said,) = review(held, MaskParams(method="nonzero"), ["pit"])
    assert said.endswith("If 0 is the defect, set mask: {values: {pit: 0, background: 255}}.")


def test_areas_below_the_threshold_are_named() -> None:
    held = [file("a", 0, 255), file("b", 0, 60, 255, kind=Kind.CODES)]
    (said,) = review(held, MaskParams(threshold=100), ["pit"])
    assert "Areas of values from 1 to the threshold 100" in said
    assert "b (0, 60, 255)" in said
