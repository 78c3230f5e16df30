import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.archive.archives import extract
from frugalseg.ingest.archive.packing import list_files, pack
from frugalseg.settings.dataset import LimitParams


def _fill(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def _refusal(folder: Path, archive: Path) -> str:
    with pytest.raises(FrugalsegError) as caught:
        pack(folder, archive)
    assert str(folder) in str(caught.value)
    assert not list(archive.parent.glob("*.zip*"))
    return str(caught.value)


def test_same_files_give_same_bytes_whatever_their_times_and_order(tmp_path: Path) -> None:
    files = {"b.png": b"2", "a/z.png": b"1", "a.png": b"3", "A b (c).png": b""}
    one = _fill(tmp_path / "one", files)
    two = _fill(tmp_path / "two", dict(reversed(files.items())))
    os.utime(two / "b.png", (10**9, 10**9))
    (two / "b.png").chmod(0o600)
    (two / "empty").mkdir()
    pack(one, tmp_path / "one.zip")
    pack(two, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        infos = archive.infolist()
    assert [info.filename for info in infos] == ["A b (c).png", "a.png", "a/z.png", "b.png"]
    assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED}
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}


NAMES = st.text("abc \u00e4(", min_size=1, max_size=5).map(lambda text: f"{text}.png")


@settings(deadline=None, max_examples=40)
@given(files=st.dictionaries(NAMES, st.binary(max_size=50), min_size=1))
def test_unpacking_gives_back_what_was_packed(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("pack")
    pack(_fill(folder / "in", files), folder / "a.zip")
    extract(folder / "a.zip", folder / "out", LimitParams())
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir()} == files


def test_clutter_of_macos_is_left_out(tmp_path: Path) -> None:
    folder = _fill(tmp_path / "in", {"a.png": b"", ".DS_Store": b"", "x/._a.png": b""})
    assert list(list_files(folder)) == ["a.png"]


def test_link_to_a_file_inside_is_packed_as_that_file(tmp_path: Path) -> None:
    folder = _fill(tmp_path / "in", {"a.png": b"pixels"})
    (folder / "b.png").symlink_to("a.png")
    pack(folder, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.read("b.png") == b"pixels"


def test_all_that_cannot_be_packed_is_named_at_once(tmp_path: Path) -> None:
    folder = _fill(tmp_path / "in", {"a.png": b"", "sub/b.png": b"", "C.png": b"", "c.png": b""})
    secret = _fill(tmp_path / "secret", {"s.txt": b"secret"})
    (folder / "out.png").symlink_to(secret / "s.txt")
    (folder / "outdir").symlink_to(secret)
    (folder / "beside").symlink_to("../in-other")
    (folder / "again").symlink_to("sub")
    (folder / "loop").symlink_to("loop")
    (folder / "dangling").symlink_to("none.png")
    (folder / "back\\slash").write_bytes(b"")
    os.mkfifo(folder / "pipe")
    message = _refusal(folder, tmp_path / "a.zip")
    lines = sorted(line.strip() for line in message.splitlines() if line.startswith("  "))
    assert lines == [
        "'again' is a link to a folder",
        "'back\\\\slash' holds a backslash",
        "'beside' is a link that leaves the folder",
        "'c.png' differs only in case or Unicode form from 'C.png'",
        "'dangling' is a link to no file",
        "'loop' is a link to no file",
        "'out.png' is a link that leaves the folder",
        "'outdir' is a link that leaves the folder",
        "'pipe' is neither a file nor a folder",
    ]
    assert "source" in message


@pytest.mark.parametrize("cache", [".dvc/cache/files/md5", "shared/files/md5", "old/.dvc/cache"])
def test_a_link_into_the_cache_of_dvc_gets_advice_for_it(tmp_path: Path, cache: str) -> None:
    stored = tmp_path / cache / "0a" / ("0123456789abcdef" * 2)[:30]
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"pixels")
    folder = _fill(tmp_path / "in", {"a.png": b""})
    (folder / "b.png").symlink_to(stored)
    message = _refusal(folder, tmp_path / "a.zip")
    assert f"dvc unprotect {folder}" in message
    assert "name the folder" not in message


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_folder_without_files(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty" / "sub").mkdir(parents=True)
    _refusal(tmp_path / name, tmp_path / "a.zip")


def test_archive_inside_the_folder(tmp_path: Path) -> None:
    folder = _fill(tmp_path / "in", {"a.png": b""})
    assert "lies inside" in _refusal(folder, folder / "raw" / "a.zip")


def test_old_archive_stays_if_packing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    folder = _fill(tmp_path / "in", {"a.png": b""})
    (tmp_path / "a.zip").write_bytes(b"old")
    monkeypatch.setattr("shutil.copyfileobj", full)
    with pytest.raises(FrugalsegError, match=r"No space left.*Make room"):
        pack(folder, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "in"]
