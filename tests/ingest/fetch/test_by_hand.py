from collections.abc import Callable
from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.fetch.by_hand import archive_name, fetch_kaggle, find_by_hand, missing

SetUp = Callable[[str], None]


@pytest.fixture
def kaggle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SetUp:
    """Put a program `kaggle` that does what it is told on an otherwise usual PATH; no secrets."""
    for name in ("KAGGLE_API_TOKEN", "KAGGLE_USERNAME", "KAGGLE_KEY", "KAGGLE_CONFIG_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")

    def set_up(script: str) -> None:
        program = tmp_path / "bin" / "kaggle"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    return set_up


DOWNLOAD = '[ "$1 $2 $3 $4" = "datasets download me/cracks -p" ] && echo zip > "$5/cracks.zip"'


def test_kaggle_is_used_where_it_is_installed(tmp_path: Path, kaggle: SetUp) -> None:
    kaggle(DOWNLOAD)
    part = tmp_path / "out" / "a.zip.part"
    part.parent.mkdir()
    assert fetch_kaggle("kaggle:me/cracks", part) == ""
    assert [(path.name, path.read_text()) for path in part.parent.iterdir()] == [
        ("a.zip.part", "zip\n")
    ]


def test_kaggle_that_fails_is_quoted_and_leaves_nothing(tmp_path: Path, kaggle: SetUp) -> None:
    kaggle('echo half > "$5/cracks.zip"; echo "403 - Forbidden" >&2; exit 1')
    part = tmp_path / "out" / "a.zip.part"
    part.parent.mkdir()
    assert "403 - Forbidden" in fetch_kaggle("kaggle:me/cracks", part)
    assert list(part.parent.iterdir()) == []


def test_kaggle_without_program(tmp_path: Path, kaggle: SetUp) -> None:
    part = tmp_path / "a.zip.part"
    assert "not installed" in fetch_kaggle("kaggle:me/cracks", part)
    assert not part.exists()


@pytest.mark.parametrize("name", ["cracks", "me/", "-p/x", "me/-x", "me/a/b", "me/a;b", "../x y"])
def test_kaggle_name_that_is_none(tmp_path: Path, kaggle: SetUp, name: str) -> None:
    kaggle(DOWNLOAD)
    with pytest.raises(FrugalsegError, match="expected kaggle:OWNER/DATASET"):
        fetch_kaggle(f"kaggle:{name}", tmp_path / "part")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("kaggle:me/cracks", "cracks.zip"),
        ("manual:https://example.org/Warwick%20QU.zip?form=1", "Warwick QU.zip"),
        ("manual:https://example.org/page", "target.zip"),
        ("manual:https://example.org", "target.zip"),
    ],
)
def test_archive_name(source: str, expected: str) -> None:
    assert archive_name(source, Path("raw/target.zip")) == expected


def test_archive_put_there_by_hand_is_found(tmp_path: Path) -> None:
    search = [tmp_path / "one", tmp_path / "two"]
    target = tmp_path / "raw" / "target.zip"
    assert find_by_hand("kaggle:me/cracks", target, search) is None
    search[1].mkdir()
    (search[1] / "cracks.zip").write_bytes(b"")
    assert find_by_hand("kaggle:me/cracks", target, search) == search[1] / "cracks.zip"


def test_error_says_what_from_where_and_whither(tmp_path: Path) -> None:
    target = tmp_path / "raw" / "target.zip"
    message = str(missing("kaggle:me/cracks", target, [tmp_path / "data"], "it rained"))
    for part in ("since it rained", "https://www.kaggle.com/datasets/me/cracks", "file:PATH"):
        assert part in message
    assert str(tmp_path / "data" / "cracks.zip") in message
    assert str(target) in str(missing("manual:https://x.org/form", target, [], "it rained"))
