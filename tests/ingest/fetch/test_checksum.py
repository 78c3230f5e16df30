from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.fetch.checksum import FetchInfo, check_expected, verify

# FIPS 180-2, B.1 and RFC 1321, A.5: the digests of "abc".
SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
MD5 = "900150983cd24fb0d6963f7d28e17f72"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "abc").write_bytes(b"abc")
    return tmp_path / "abc"


@pytest.mark.parametrize(
    ("sha256", "md5"), [(None, None), (SHA256, None), (None, MD5), (SHA256.upper(), MD5.upper())]
)
def test_file_that_was_meant(path: Path, sha256: str | None, md5: str | None) -> None:
    assert verify(path, "file:abc", sha256=sha256, md5=md5) == FetchInfo(SHA256, 3, "file:abc")


@pytest.mark.parametrize(
    ("sha256", "md5", "found"),
    [("0" * 64, None, SHA256), (None, "0" * 32, MD5), (SHA256, "0" * 32, MD5)],
)
def test_other_file(path: Path, sha256: str | None, md5: str | None, found: str) -> None:
    with pytest.raises(FrugalsegError, match=rf"Expected \w+ 0+, found {found} in 3 bytes"):
        verify(path, "file:abc", sha256=sha256, md5=md5)


@pytest.mark.parametrize(("name", "value"), [("sha256", MD5), ("md5", SHA256), ("md5", "x" * 32)])
def test_checksum_that_is_none(name: str, value: str) -> None:
    with pytest.raises(FrugalsegError, match=rf"{name}: expected \d+ hexadecimal digits, found"):
        check_expected(**{name: value})
    check_expected(sha256=SHA256, md5=None)
