import os
from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.fetch.local_source import find_source, fingerprint, take

MIB = 1 << 20


def test_source_is_looked_for_here_first_and_then_in_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "there" / "a.zip").write_bytes(b"there")
    assert find_source("file:a.zip", [tmp_path / "there"]).read_bytes() == b"there"
    (tmp_path / "here" / "a.zip").write_bytes(b"here")
    assert find_source("file:a.zip", [tmp_path / "there"]).read_bytes() == b"here"
    absolute = tmp_path / "there" / "a.zip"
    assert find_source(f"file:{absolute}", []) == absolute
    assert find_source(f"file://{absolute}", []) == absolute


def test_every_place_is_named_where_nothing_was_found(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError) as caught:
        find_source("file:sub/none.zip", [tmp_path / "one", tmp_path / "two"])
    for place in ("sub/none.zip", tmp_path / "one/sub/none.zip", tmp_path / "two/sub/none.zip"):
        assert str(place) in str(caught.value)
    assert "FRUGALSEG_DATA" in str(caught.value)


def test_empty_path_is_not_the_current_folder() -> None:
    with pytest.raises(FrugalsegError, match="gives no path"):
        find_source("file: ", [])


@pytest.mark.parametrize("size", [0, 1, 3 * MIB + 5])
def test_file_is_copied_and_shares_nothing(tmp_path: Path, size: int) -> None:
    source = tmp_path / "a.zip"
    source.write_bytes(os.urandom(size))
    take(source, tmp_path / "copy.zip")
    assert (tmp_path / "copy.zip").read_bytes() == source.read_bytes()
    assert source.stat().st_nlink == 1
    assert not source.samefile(tmp_path / "copy.zip")


def test_file_is_copied_where_the_kernel_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> int:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "copy_file_range", unsupported, raising=False)
    (tmp_path / "a.zip").write_bytes(b"content")
    take(tmp_path / "a.zip", tmp_path / "copy.zip")
    assert (tmp_path / "copy.zip").read_bytes() == b"content"


def test_neither_file_nor_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FrugalsegError, match="found neither"):
        take(tmp_path / "pipe", tmp_path / "copy.zip")
    assert fingerprint(f"file:{tmp_path / 'pipe'}", []) == ""


@pytest.mark.parametrize("place", [0, MIB - 1, 2 * MIB, 3 * MIB - 1])
def test_fingerprint_of_a_file_sees_its_edges(tmp_path: Path, place: int) -> None:
    path = tmp_path / "a.zip"
    content = bytearray(3 * MIB)
    path.write_bytes(content)
    before = fingerprint(f"file:{path}", [])
    os.utime(path, (1, 1))
    assert fingerprint("file:a.zip", [tmp_path]) == before != ""
    content[place] = 1
    path.write_bytes(content)
    assert fingerprint(f"file:{path}", []) != before


def test_fingerprint_of_a_file_sees_its_size(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(2 * MIB))
    (tmp_path / "b").write_bytes(bytes(3 * MIB))
    assert fingerprint(f"file:{tmp_path / 'a'}", []) != fingerprint(f"file:{tmp_path / 'b'}", [])


def test_fingerprint_of_a_folder_sees_names_and_contents_and_no_times(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").write_bytes(b"1")
    (tmp_path / "dangling").symlink_to("nowhere")
    seen = [fingerprint(f"file:{tmp_path}", [])]
    os.utime(tmp_path / "sub" / "a", ns=(5, 5))
    assert fingerprint(f"file:{tmp_path}", []) == seen[0] != ""
    (tmp_path / "sub" / "a").write_bytes(b"2")
    os.utime(tmp_path / "sub" / "a", ns=(5, 5))
    seen.append(fingerprint(f"file:{tmp_path}", []))
    (tmp_path / "sub" / "a").rename(tmp_path / "b")
    seen.append(fingerprint(f"file:{tmp_path}", []))
    assert len(set(seen)) == 3
    (tmp_path / ".DS_Store").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    assert fingerprint(f"file:{tmp_path}", []) == seen[-1]


@pytest.mark.parametrize("source", ["file:none", "file:", "https://x.org/a", "builtin:defects"])
def test_fingerprint_of_what_has_none(source: str) -> None:
    assert fingerprint(source, []) == ""
