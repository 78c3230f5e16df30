import pytest
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.ingest.archive.names import (
    Fault,
    collisions,
    describe,
    is_clutter,
    is_from_macos,
    name_faults,
    name_parts,
    shorten,
)


def _reason(name: str) -> str:
    return "".join(fault.reason for fault in name_faults(name))


@pytest.mark.parametrize(
    "name",
    [
        "a.png",
        "a b/(c)/d.png",
        "./a.png",
        "./",
        "a//b",
        "...",
        "..a/b..",
        "\u6f22\u5b57.png",
        "ab:c",
    ],
)
def test_plain_names_pass(name: str) -> None:
    assert _reason(name) == ""


def test_limits_are_counted_in_bytes_and_reached_exactly() -> None:
    assert _reason("\u00e9" * 127 + "a") == ""
    assert "255 bytes" in _reason("\u00e9" * 128)
    halves = "a" * 254 + "/" + "b" * 254
    assert _reason(halves + "/cc") == ""
    assert "512 bytes" in _reason(halves + "/ccc")
    assert _reason("a/" * 32 + "c") == ""
    assert "32 folders deep" in _reason("a/" * 33 + "c")


@given(st.text())
def test_name_that_passes_stays_inside(name: str) -> None:
    if not _reason(name):
        path = "/".join(name_parts(name))
        assert ".." not in path.split("/")
        assert not path.startswith("/")
        assert path.isprintable() or not any(ord(c) < 32 for c in path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("__MACOSX/a.png", True),
        ("a/__MACOSX/b", True),
        ("a/.DS_Store", True),
        ("a/._b.png", True),
        ("DS_Store", False),
        ("__MACOSX.png", False),
        ("./", False),
        ("..c/d...", False),
        ("./a.png", False),
    ],
)
def test_clutter(name: str, expected: bool) -> None:
    assert is_clutter(name) is expected
    assert is_from_macos(name) is expected


@pytest.mark.parametrize(
    "name",
    [
        ".hidden",
        "a/.ipynb_checkpoints/b.png",
        ".thumbnails/b.png",
        "a/Thumbs.db",
        "desktop.ini",
        "@eaDir/b.png",
        "$RECYCLE.BIN/b.png",
    ],
)
def test_clutter_that_a_user_may_see(name: str) -> None:
    assert is_clutter(name)
    assert not is_from_macos(name)


def _clashes(*names: str) -> list[tuple[str, str]]:
    found = collisions((name.rstrip("/"), name.endswith("/")) for name in names)
    return [(fault.entry, fault.reason) for fault in found]


def test_folders_may_be_named_again_and_files_may_not() -> None:
    assert _clashes("a/", "a/", "a/b", "a/c") == []
    assert _clashes("a", "a", "a") == [("a", "is in the archive more than once")]


def test_colliding_folder_is_named_once_for_all_its_files() -> None:
    found = _clashes("A/x", "a/y", "a/z")
    assert found == [("a", "differs only in case or Unicode form from 'A'")]


def test_letters_that_only_full_case_folding_joins_stay_apart() -> None:
    assert _clashes("Ma\u00df", "Mass") == []


def test_file_and_folder_of_one_name() -> None:
    assert _clashes("a", "a/b") == [("a", "is both a file and a folder")]
    assert _clashes("a/b", "a") == [("a", "is both a file and a folder")]


def test_description_names_each_remedy_once_and_shows_no_control_characters() -> None:
    faults = [Fault("a\n\x1b", "is bad", "mend it"), Fault("b", "is bad", "mend it")]
    assert describe(faults) == "  'a\\n\\x1b' is bad\n  'b' is bad\nWhat to do: mend it."


def test_long_names_are_cut() -> None:
    assert shorten("a" * 200, 5) == "'aaaaa...'"
