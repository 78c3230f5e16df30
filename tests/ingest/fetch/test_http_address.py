import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.fetch.http_address import check_url, is_loopback


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a.zip?download=1",
        "http://127.0.0.1:8000/a.zip",
        "http://localhost/a.zip",
        "http://[::1]:80/a.zip",
    ],
)
def test_allowed(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://example.org/a.zip", "anybody on the network path"),
        ("http://127.0.0.1.example.org/a.zip", "anybody on the network path"),
        ("http://localhost@example.org/a.zip", "user name or password"),
        ("ftp://example.org/a.zip", "begins with https"),
        ("https:///a.zip", "begins with https"),
        ("https://[::1/a.zip", "not an address"),
    ],
)
def test_refused(url: str, found: str) -> None:
    with pytest.raises(FrugalsegError, match=found):
        check_url(url)


def test_password_is_not_repeated() -> None:
    with pytest.raises(FrugalsegError) as caught:
        check_url("https://me:hunter2@example.org/a.zip")
    assert "hunter2" not in str(caught.value)


def test_loopback() -> None:
    assert is_loopback("127.8.9.1")
    assert not is_loopback("10.0.0.1")
