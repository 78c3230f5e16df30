"""Ways of comparing names."""

from pathlib import Path

import pytest

from frugalseg.ingest.name_readings import MOST, Reading, parts_of_names, whole_names, words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("IMG_0007b.png", ("img", "7", "b")),
        ("000.png", ("0",)),
        ("a.b-c (2)_mask.jpg.png", ("a", "b", "c", "2")),
        ("Stra\u00dfe_\u00c9.png", ("strasse", "\u00e9")),
        ("E\u0301.png", ("\u00e9",)),
        ("---.png", ()),
    ],
)
def test_words(name: str, expected: tuple[str, ...]) -> None:
    assert words(Path(name)) == expected


def test_links_join_keys_that_one_file_of_each_side_has() -> None:
    reading = Reading("r", ["a", "b", "c", "c", None], ["c", "b", "a", "a", None, "d"])
    assert reading.links() == {1: 1}
    assert reading.shared() == 3  # a is one image's, b one of both, c one mask's


def test_whole_names_come_before_parts_and_the_strictest_first() -> None:
    images, masks = [Path("i/A_01.png"), Path("i/b.png")], [Path("m/a_1.png"), Path("m/b_mask.png")]
    equal, ending, loose = whole_names(images, masks)
    assert equal.links() == {}
    assert ending.links() == {1: 1}
    assert loose.links() == {0: 0, 1: 1}


def test_parts() -> None:
    images, masks = [Path("x_1_a"), Path("x_2_a")], [Path("1_2_m"), Path("2_2_m")]
    varying, numbers, ends, columns = parts_of_names(images, masks)
    assert varying[0].images == ["1", "2"]
    assert varying[0].masks == ["1", "2"]
    assert numbers[0].masks == ["1_2", "2_2"]
    assert [reading.images for reading in ends[:4]] == [
        [None, None],  # x says nothing of the numbers
        [None, None],
        ["x_1", "x_2"],
        ["1_a", "2_a"],
    ]
    assert {reading.rule for reading in columns} == {
        f"number {image} of the image's name and number {mask} of the mask's"
        for image in ("1", "1 from the end")
        for mask in ("1", "2 from the end")
    }


def test_names_of_many_words_are_compared_up_to_a_limit() -> None:
    names = [Path("_".join(map(str, range(n, n + 90)))) for n in range(3)]
    *_, ends, columns = parts_of_names(names, names)
    assert (len(ends), len(columns)) == (2 * MOST, (2 * MOST) ** 2)
