import hashlib
import zipfile
from pathlib import Path

import numpy as np
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.fetch import http_resume
from frugalseg.ingest.fetch.download import fetch, verify
from tests.ingest.fetch.server import answer, file, serving

CONTENT = bytes(np.random.default_rng(0).integers(0, 256, 100_000).astype(np.uint8))
SHA256 = hashlib.sha256(CONTENT).hexdigest()
MD5 = hashlib.md5(CONTENT).hexdigest()
TAG = {"ETag": '"one"'}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_resume, "DELAYS", (0,))
    monkeypatch.setattr(http_resume, "CHUNK_BYTES", 1000)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "raw" / "a.zip"


def _names(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir())


@pytest.mark.parametrize(("sha256", "md5"), [(None, None), (SHA256, None), (SHA256.upper(), MD5)])
def test_file_from_the_web(target: Path, sha256: str | None, md5: str | None) -> None:
    with serving(file(CONTENT, cut=50_000, headers=TAG), file(CONTENT, headers=TAG)) as web:
        fetch(web.url, target, sha256=sha256, md5=md5)
    assert target.read_bytes() == CONTENT
    assert _names(target) == ["a.zip"]


@pytest.mark.parametrize("expected", [{"sha256": SHA256}, {"md5": MD5}])
def test_wrong_bytes_leave_nothing(target: Path, expected: dict[str, str]) -> None:
    wrong = b"x" + CONTENT[1:]
    with serving(file(wrong, headers=TAG)) as web, pytest.raises(FrugalsegError) as caught:
        fetch(web.url, target, sha256=expected.get("sha256"), md5=expected.get("md5"))
    (name, value) = expected.popitem()
    found = hashlib.new(name, wrong).hexdigest()
    assert f"Expected {name} {value}, found {found} in 100000 bytes" in str(caught.value)
    assert _names(target) == []


def test_length_that_is_too_small_is_found_by_the_checksum(target: Path) -> None:
    short = answer(200, CONTENT, {"Content-Length": "99999"})
    with serving(short) as web, pytest.raises(FrugalsegError, match="in 99999 bytes"):
        fetch(web.url, target, sha256=SHA256)
    assert _names(target) == []


def test_failed_download_keeps_its_beginning_apart_and_goes_on(target: Path) -> None:
    cut = file(CONTENT, cut=50_000, headers=TAG)
    with serving(cut, answer(503), answer(404), file(CONTENT, headers=TAG)) as web:
        for _ in range(2):
            with pytest.raises(FrugalsegError):
                fetch(web.url, target)
            assert _names(target) == ["a.zip.part", "a.zip.part.json"]
        fetch(web.url, target)
        assert web.requests[-1]["Range"] == "bytes=50000-"
    assert target.read_bytes() == CONTENT
    assert _names(target) == ["a.zip"]


def test_file_that_is_there_is_not_fetched_again(target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(CONTENT)
    with serving(answer(500)) as web:
        fetch(web.url, target, md5=MD5)
        assert web.requests == []


@pytest.mark.parametrize("md5", [None, MD5])
def test_other_file_that_is_there_is_replaced(target: Path, md5: str | None) -> None:
    target.parent.mkdir()
    target.write_bytes(b"old")
    with serving(file(CONTENT)) as web:
        fetch(web.url, target, md5=md5)
    assert target.read_bytes() == CONTENT


def test_old_file_stays_if_the_new_one_fails(target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(b"old")
    with serving(answer(404)) as web, pytest.raises(FrugalsegError):
        fetch(web.url, target)
    assert target.read_bytes() == b"old"


def test_archive_on_disk_is_copied(tmp_path: Path, target: Path) -> None:
    (tmp_path / "a.zip").write_bytes(CONTENT)
    fetch("file:a.zip", target, search=[tmp_path], sha256=SHA256)
    assert target.read_bytes() == CONTENT
    assert _names(target) == ["a.zip"]


def test_archive_on_disk_with_wrong_checksum_stays_and_is_not_taken(
    tmp_path: Path, target: Path
) -> None:
    (tmp_path / "a.zip").write_bytes(b"other")
    with pytest.raises(FrugalsegError, match=f"Expected sha256 {SHA256}, found"):
        fetch("file:a.zip", target, search=[tmp_path], sha256=SHA256)
    assert (tmp_path / "a.zip").read_bytes() == b"other"
    assert _names(target) == []


def test_folder_on_disk_is_packed(tmp_path: Path, target: Path) -> None:
    (tmp_path / "mine" / "images").mkdir(parents=True)
    (tmp_path / "mine" / "images" / "a.png").write_bytes(b"pixels")
    fetch(f"file:{tmp_path / 'mine'}", target)
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["images/a.png"]
    assert _names(target) == ["a.zip"]


def test_interrupted_copy_leaves_nothing(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Path, part: Path) -> None:
        part.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr("shutil.copyfile", interrupted)
    (tmp_path / "a.zip").write_bytes(CONTENT)
    with pytest.raises(KeyboardInterrupt):
        fetch("file:a.zip", target, search=[tmp_path])
    assert _names(target) == []


def test_full_disk(tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    (tmp_path / "a.zip").write_bytes(CONTENT)
    with pytest.raises(FrugalsegError, match=r"file:a\.zip.*No space left.*Make room"):
        fetch("file:a.zip", target, search=[tmp_path])
    assert _names(target) == []


@pytest.mark.parametrize("source", ["manual:https://example.org/get/a.zip", "kaggle:me/a"])
def test_file_put_there_by_hand_is_used(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FrugalsegError, match=r"fetched by hand.*Open https://.*put it at .*a\.zip"):
        fetch(source, target, search=[tmp_path])
    assert _names(target) == []
    (tmp_path / "a.zip").write_bytes(CONTENT)
    fetch(source, target, search=[tmp_path], md5=MD5)
    (tmp_path / "a.zip").unlink()
    fetch(source, target)
    assert target.read_bytes() == CONTENT


def test_wrong_file_put_there_by_hand_is_told_and_stays(target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(b"<html>")
    with pytest.raises(FrugalsegError, match="wrong checksum at .*raw"):
        fetch("manual:https://example.org/get/a.zip", target, sha256=SHA256)
    assert target.read_bytes() == b"<html>"


@pytest.mark.parametrize("source", ["builtin:defects", "a.zip", "", "ftp://x.org/a.zip"])
def test_unknown_source(target: Path, source: str) -> None:
    with pytest.raises(FrugalsegError, match="Unknown source .*Known: https"):
        fetch(source, target)


# FIPS 180-2, B.1 and RFC 1321, A.5: the digests of "abc".
ABC_SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
ABC_MD5 = "900150983cd24fb0d6963f7d28e17f72"


@pytest.mark.parametrize(
    ("sha256", "md5"),
    [(None, None), (ABC_SHA256, None), (None, ABC_MD5), (ABC_SHA256.upper(), ABC_MD5.upper())],
)
def test_file_with_the_expected_checksums_passes(
    tmp_path: Path, sha256: str | None, md5: str | None
) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    verify(tmp_path / "abc", "file:abc", sha256=sha256, md5=md5)


@pytest.mark.parametrize(
    ("sha256", "md5", "actual"),
    [("0" * 64, None, ABC_SHA256), (None, "0" * 32, ABC_MD5), (ABC_SHA256, "0" * 32, ABC_MD5)],
)
def test_other_file_is_refused(
    tmp_path: Path, sha256: str | None, md5: str | None, actual: str
) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    with pytest.raises(FrugalsegError, match=rf"Expected \w+ 0+, found {actual} in 3 bytes"):
        verify(tmp_path / "abc", "file:abc", sha256=sha256, md5=md5)
