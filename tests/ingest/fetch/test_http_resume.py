import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.fetch import http_resume
from frugalseg.ingest.fetch.http_resume import download
from tests.ingest.fetch.server import Reply, Web, answer, file, hang_up, noise, serving, silence

CONTENT = bytes(np.random.default_rng(0).integers(0, 256, 300_000).astype(np.uint8))
OTHER = bytes(reversed(CONTENT))
TAG = {"ETag": '"one"'}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_resume, "DELAYS", (0, 0, 0))
    monkeypatch.setattr(http_resume, "CHUNK_BYTES", 10_000)
    monkeypatch.setattr(http_resume, "TIMEOUT", (15, 0.3))


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the seconds that are waited between tries, without waiting."""
    seconds: list[float] = []
    monkeypatch.setattr(http_resume, "DELAYS", (1, 2, 4))
    monkeypatch.setattr("time.sleep", seconds.append)
    return seconds


@pytest.fixture
def part(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data.zip.part"
    assert {path.name for path in tmp_path.iterdir()} <= {"data.zip.part", "data.zip.part.json"}


def _whole(part: Path, content: bytes = CONTENT) -> bool:
    """Tell whether `part` is finished: nothing beside it says that more is to come."""
    return part.read_bytes() == content and len(list(part.parent.iterdir())) == 1


def _refusal(part: Path, *replies: Reply) -> tuple[str, Web]:
    """Return the error of a download that fails, and what the server was asked."""
    with serving(*replies) as web, pytest.raises(FrugalsegError) as caught:
        download(web.url, part)
    assert web.url in str(caught.value) or part.name in str(caught.value)
    return str(caught.value), web


def test_whole_file_in_one_go(part: Path) -> None:
    with serving(file(CONTENT, headers=TAG)) as web:
        download(web.url, part)
    assert _whole(part)
    assert len(web.requests) == 1
    assert "Range" not in web.requests[0]
    assert web.requests[0]["Accept-Encoding"] == "identity"


def test_broken_connection_goes_on_where_it_stopped(part: Path) -> None:
    cuts = [file(CONTENT, cut=cut, headers=TAG) for cut in (100_000, 50_000)]
    with serving(*cuts, file(CONTENT, headers=TAG)) as web:
        download(web.url, part)
    assert _whole(part)
    assert [request.get("Range") for request in web.requests] == [
        None,
        "bytes=100000-",
        "bytes=150000-",
    ]
    assert web.requests[1]["If-Range"] == '"one"'


def test_another_run_goes_on_where_the_last_stopped(part: Path) -> None:
    message, dead = _refusal(part, file(CONTENT, cut=120_000, headers=TAG), answer(503))
    assert "no success in 4 tries; 120000 bytes are there" in message
    assert len(dead.requests) == 4
    assert part.read_bytes() == CONTENT[:120_000]
    origin = part.with_name("data.zip.part.json")
    with serving(file(CONTENT, headers=TAG)) as web:
        # The second server has another port, and is to be taken for the first.
        origin.write_text(origin.read_text().replace(dead.url, web.url))
        download(web.url, part)
    assert _whole(part)
    assert web.requests[0]["Range"] == "bytes=120000-"


def test_beginning_of_another_address_is_not_taken(part: Path) -> None:
    _refusal(part, file(OTHER, cut=120_000, headers=TAG), answer(404))
    assert part.stat().st_size == 120_000
    with serving(file(CONTENT, headers=TAG)) as web:
        download(web.url, part)
    assert _whole(part)
    assert "Range" not in web.requests[0]


def test_file_that_changes_between_tries_is_begun_anew(part: Path) -> None:
    replies = [
        file(OTHER, cut=100_000, headers={"ETag": '"old"'}),
        file(CONTENT, headers={"ETag": '"new"'}),
    ]
    with serving(*replies) as web:
        download(web.url, part)
    assert _whole(part)
    assert web.requests[1]["If-Range"] == '"old"'


def test_server_that_ignores_if_range_does_not_mix_versions(part: Path) -> None:
    head = {"Content-Range": "bytes 100000-299999/300000", "ETag": '"new"'}
    mixed = answer(206, CONTENT[100_000:], head | {"Content-Length": "200000"})
    with serving(
        file(OTHER, cut=100_000, headers={"ETag": '"old"'}), mixed, file(CONTENT, headers=TAG)
    ) as web:
        download(web.url, part)
    assert _whole(part)
    assert "Range" not in web.requests[2]


def test_server_that_ignores_ranges_is_read_from_the_start(part: Path) -> None:
    replies = [file(CONTENT, cut=100_000, headers=TAG), file(CONTENT, ranges=False, headers=TAG)]
    with serving(*replies) as web:
        download(web.url, part)
    assert _whole(part)


@pytest.mark.parametrize(
    "stated", ["bytes 0-299999/300000", "bytes 99999-299999/300000", "rubbish", ""]
)
def test_range_of_another_place_is_thrown_away(part: Path, stated: str) -> None:
    wrong = answer(206, CONTENT[99_999:], TAG | {"Content-Range": stated})
    with serving(file(CONTENT, cut=100_000, headers=TAG), wrong, file(CONTENT, headers=TAG)) as web:
        download(web.url, part)
    assert _whole(part)
    assert "Range" not in web.requests[2]


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"weak"'}])
def test_without_a_strong_validator_nothing_is_resumed(part: Path, headers: dict[str, str]) -> None:
    with serving(file(CONTENT, cut=100_000, headers=headers), file(CONTENT)) as web:
        download(web.url, part)
    assert _whole(part)
    assert "Range" not in web.requests[1]


def test_date_serves_where_there_is_no_etag(part: Path) -> None:
    date = {"Last-Modified": "Tue, 01 Jul 2025 10:00:00 GMT"}
    with serving(file(CONTENT, cut=100_000, headers=date), file(CONTENT, headers=date)) as web:
        download(web.url, part)
    assert _whole(part)
    assert web.requests[1]["If-Range"] == "Tue, 01 Jul 2025 10:00:00 GMT"


def test_complete_part_is_confirmed_by_its_last_byte(part: Path) -> None:
    with serving(file(CONTENT, headers=TAG)) as web:
        part.write_bytes(CONTENT)
        part.with_name("data.zip.part.json").write_text(
            f'{{"url": "{web.url}", "validator": "\\"one\\"", "total": 300000}}'
        )
        download(web.url, part)
    assert _whole(part)
    assert web.requests[0]["Range"] == "bytes=299999-"


def test_unsatisfiable_range_begins_anew(part: Path) -> None:
    replies = [file(CONTENT, cut=100_000, headers=TAG), answer(416), file(CONTENT, headers=TAG)]
    with serving(*replies) as web:
        download(web.url, part)
    assert _whole(part)
    assert "Range" not in web.requests[2]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_passing_trouble_is_waited_out(part: Path, status: int) -> None:
    with serving(answer(status), answer(status), file(CONTENT, headers=TAG)) as web:
        download(web.url, part)
    assert _whole(part)
    assert len(web.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204])
def test_lasting_trouble_is_told_at_once(part: Path, status: int) -> None:
    message, web = _refusal(part, answer(status, headers={"Content-Length": "0"}))
    assert str(status) in message
    assert "Open the address" in message
    assert len(web.requests) == 1
    assert not part.exists()


@pytest.mark.parametrize("reply", [hang_up, noise, silence(1.0)], ids=["hang_up", "noise", "mute"])
def test_server_that_makes_no_sense_at_first(part: Path, reply: Reply) -> None:
    with serving(reply, file(CONTENT, headers=TAG)) as web:
        download(web.url, part)
    assert _whole(part)


def test_silence_amid_the_file_is_cut_short(part: Path) -> None:
    with serving(silence(1.0, head=True), file(b"0123456789", headers={"ETag": '"1"'})) as web:
        download(web.url, part)
    assert _whole(part, b"0123456789")


def test_nobody_there(part: Path) -> None:
    with serving(answer(200)) as web:
        pass
    with pytest.raises(FrugalsegError, match=r"no success in 4 tries.*Check the network"):
        download(web.url, part)


def test_length_that_is_always_too_large_is_told(part: Path) -> None:
    lie = answer(200, b"x" * 50_000, headers={"Content-Length": "60000"})
    message, web = _refusal(part, lie)
    assert "50000 bytes are there" in message
    assert "50000 bytes read, 10000 more expected" in message
    assert len(web.requests) == 4


def test_range_that_holds_more_than_the_file_is_thrown_away(part: Path) -> None:
    long = answer(206, b"x" * 250_000, {"Content-Range": "bytes 100000-299999/300000"})
    with serving(file(CONTENT, cut=100_000, headers=TAG), long, file(CONTENT, headers=TAG)) as web:
        download(web.url, part)
    assert _whole(part)
    assert "Range" not in web.requests[2]


def test_length_unknown(part: Path) -> None:
    with serving(answer(200, CONTENT)) as web:
        download(web.url, part)
    assert _whole(part)


def test_compressed_answer_is_refused(part: Path) -> None:
    message, _ = _refusal(part, answer(200, b"x", headers={"Content-Encoding": "gzip"}))
    assert "gzip" in message


@pytest.mark.parametrize("length", [{"Content-Length": "300000"}, {}])
def test_endless_file_is_stopped(
    part: Path, length: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_resume, "CHUNK_BYTES", 1000)
    monkeypatch.setattr(http_resume, "MAX_BYTES", 50_000)
    message, _ = _refusal(part, answer(200, CONTENT, headers=length))
    assert "allowed: 50000" in message
    assert part.stat().st_size <= 51_000


def test_redirect_is_followed(part: Path) -> None:
    with (
        serving(file(CONTENT)) as there,
        serving(answer(302, headers={"Location": there.url})) as web,
    ):
        download(web.url, part)
    assert _whole(part)


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("http://example.org/data.zip", "anybody on the network path"),
        ("ftp://example.org/data.zip", "begins with https"),
        ("/data.zip", "redirects"),
    ],
)
def test_redirect_is_held_to_the_rules(part: Path, place: str, found: str) -> None:
    with (
        serving(answer(302, headers={"Location": place})) as web,
        pytest.raises(FrugalsegError, match=found),
    ):
        download(web.url, part)
    assert not part.exists()


def test_delays_follow_the_schedule(part: Path, waited: list[float]) -> None:
    _refusal(part, answer(503))
    assert waited == [1, 2, 4]


@pytest.mark.parametrize(("after", "seconds"), [("7", 7), ("99999", 300), ("soon", 1), ("0", 1)])
def test_server_may_ask_for_patience(
    part: Path, after: str, seconds: float, waited: list[float]
) -> None:
    with serving(answer(429, headers={"Retry-After": after}), file(CONTENT)) as web:
        download(web.url, part)
    assert waited == [seconds]


def test_tries_that_bring_something_are_not_counted(part: Path) -> None:
    cuts = [file(CONTENT, cut=20_000, headers=TAG)] * 15
    with serving(*cuts) as web:
        download(web.url, part)
    assert _whole(part)
    assert len(web.requests) == 15


def test_progress_is_logged(part: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), serving(file(CONTENT)) as web:
        download(web.url, part)
    assert "0 of 300000 bytes" in caplog.messages[0]
    assert "300000 of 300000 bytes" in caplog.messages[-1]
