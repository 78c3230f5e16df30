import io
import zipfile

import pytest

from frugalseg.ingest.archive import checks
from frugalseg.ingest.archive.checks import find_faults, member_of
from frugalseg.settings.dataset import LimitParams
from tests.ingest.archive.zip_bytes import DEFLATED, FOLDER, Entry, build

KIB = 1024


@pytest.fixture(autouse=True)
def ratio_of_small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "RATIO_FROM_BYTES", KIB)


def _faults(limits: LimitParams, *entries: Entry) -> list[tuple[str, str]]:
    file = io.BytesIO(build(*entries))
    with zipfile.ZipFile(file) as archive:
        members = [member_of(info) for info in archive.infolist()]
        faults = find_faults(members, file, archive.start_dir, limits)
    return [(fault.entry, fault.remedy) for fault in faults]


def _files(count: int, size: int = 1) -> list[Entry]:
    return [Entry(b"%d" % k, b"x" * size) for k in range(count)]


@pytest.mark.parametrize(
    ("limits", "entries"),
    [
        (LimitParams(entries=3), _files(3)),
        (LimitParams(entries=3), [Entry(b"a/b/c")]),
        (LimitParams(total_bytes=30), _files(3, 10)),
        (LimitParams(ratio=2), [Entry(b"a", b"\0" * KIB, DEFLATED)]),
        (LimitParams(), [Entry(b"a/" * 32 + b"c")]),
        (LimitParams(), [Entry(b"a" * 254 + b"/" + b"b" * 254 + b"/cd")]),
    ],
)
def test_limits_may_be_reached(limits: LimitParams, entries: list[Entry]) -> None:
    assert _faults(limits, *entries) == []


@pytest.mark.parametrize(
    ("limits", "entries", "name"),
    [
        (LimitParams(entries=3), _files(4), "entries"),
        (LimitParams(entries=3), [Entry(b"a/b/c/d")], "entries"),
        (LimitParams(total_bytes=29), _files(3, 10), "total_bytes"),
        (LimitParams(ratio=2), [Entry(b"a", b"\0" * 2000, DEFLATED)], "ratio"),
    ],
)
def test_limit_exceeded_is_named(limits: LimitParams, entries: list[Entry], name: str) -> None:
    assert all(f"({name})" in remedy for _, remedy in _faults(limits, *entries))
    assert _faults(limits, *entries)


def test_ratio_of_many_small_entries_is_that_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "RATIO_FROM_BYTES", 5 * KIB)
    small = [Entry(b"%d" % k, b"\0" * KIB, DEFLATED) for k in range(10)]
    limits = LimitParams(ratio=50)
    assert [entry for entry, _ in _faults(limits, *small)] == ["0"]


def test_blank_masks_of_usual_size_are_no_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert _faults(LimitParams(), Entry(b"mask.bmp", b"\0" * (1 << 20), DEFLATED)) == []


def test_folder_is_known_by_its_slash_or_its_mode() -> None:
    infos = zipfile.ZipFile(io.BytesIO(build(Entry(b"a/", b""), Entry(b"b", b"", mode=FOLDER))))
    assert [member_of(info).is_folder for info in infos.infolist()] == [True, True]


def test_entries_in_another_order_than_their_data_are_fine() -> None:
    first, second = Entry(b"a"), Entry(b"b")
    offset = len(first.local())
    body = first.local() + second.local()
    directory = second.central(offset) + first.central(0)
    file = io.BytesIO(body + directory + build(first, second)[-22:])
    with zipfile.ZipFile(file) as archive:
        members = [member_of(info) for info in archive.infolist()]
        assert find_faults(members, file, archive.start_dir, LimitParams()) == []
