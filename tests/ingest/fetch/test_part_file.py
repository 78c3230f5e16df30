from pathlib import Path

import pytest

from frugalseg.ingest.fetch.http_resume import (
    Origin,
    discard,
    load_origin,
    resume_point,
    save_origin,
    sidecar,
)

ORIGIN = Origin("https://example.org/a.zip", '"tag"', 100)


def test_origin_is_kept_and_old_bytes_are_not(tmp_path: Path) -> None:
    part = tmp_path / "a.zip.part"
    part.write_bytes(b"old")
    save_origin(part, ORIGIN)
    assert not part.exists()
    assert load_origin(part, ORIGIN.url) is None
    part.write_bytes(b"new")
    assert load_origin(part, ORIGIN.url) == ORIGIN
    assert load_origin(part, "https://example.org/b.zip") is None
    discard(part)
    assert list(tmp_path.iterdir()) == []


def test_origin_that_cannot_be_asked_for_is_not_kept(tmp_path: Path) -> None:
    part = tmp_path / "a.zip.part"
    save_origin(part, Origin(ORIGIN.url, "", 100))
    part.write_bytes(b"new")
    assert load_origin(part, ORIGIN.url) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"url": 1, "more": 2}', "\udcff"])
def test_damaged_sidecar_is_no_origin(tmp_path: Path, text: str) -> None:
    part = tmp_path / "a.zip.part"
    part.write_bytes(b"new")
    sidecar(part).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert load_origin(part, ORIGIN.url) is None


@pytest.mark.parametrize(
    ("size", "total", "expected"),
    [(0, 100, 0), (60, 100, 60), (100, 100, 99), (150, 100, 99), (60, None, 60), (0, 0, 0)],
)
def test_resume_point(tmp_path: Path, size: int, total: int | None, expected: int) -> None:
    part = tmp_path / "a.zip.part"
    part.write_bytes(b"x" * size)
    assert resume_point(part, Origin("", "", total)) == expected


def test_unknown_bytes_are_not_resumed(tmp_path: Path) -> None:
    assert resume_point(tmp_path / "none", None) == 0
