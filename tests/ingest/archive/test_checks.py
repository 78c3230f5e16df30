import io
import zipfile

import pytest

from frugalseg.ingest.archive.checks import Limits, find_faults, member_of
from tests.ingest.archive.zip_bytes import DEFLATED, FOLDER, Entry, build

KIB = 1024


def _faults(limits: Limits, *entries: Entry) -> list[tuple[str, str]]:
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
        (Limits(entries=3), _files(3)),
        (Limits(entries=3), [Entry(b"a/b/c")]),
        (Limits(total_bytes=30), _files(3, 10)),
        (Limits(ratio_from_bytes=KIB, ratio=2), [Entry(b"a", b"\0" * KIB, DEFLATED)]),
        (Limits(path_bytes=5, depth=2), [Entry(b"a/b/c")]),
    ],
)
def test_limits_may_be_reached(limits: Limits, entries: list[Entry]) -> None:
    assert _faults(limits, *entries) == []


@pytest.mark.parametrize(
    ("limits", "entries", "name"),
    [
        (Limits(entries=3), _files(4), "entries"),
        (Limits(entries=3), [Entry(b"a/b/c/d")], "entries"),
        (Limits(total_bytes=29), _files(3, 10), "total_bytes"),
        (Limits(ratio_from_bytes=KIB, ratio=2), [Entry(b"a", b"\0" * 2000, DEFLATED)], "ratio"),
    ],
)
def test_limit_exceeded_is_named(limits: Limits, entries: list[Entry], name: str) -> None:
    assert all(f"({name})" in remedy for _, remedy in _faults(limits, *entries))
    assert _faults(limits, *entries)


def test_ratio_of_many_small_entries_is_that_of_all() -> None:
    small = [Entry(b"%d" % k, b"\0" * KIB, DEFLATED) for k in range(10)]
    limits = Limits(ratio_from_bytes=5 * KIB, ratio=50)
    assert [entry for entry, _ in _faults(limits, *small)] == ["0"]


def test_blank_masks_of_usual_size_are_no_bomb() -> None:
    assert _faults(Limits(), Entry(b"mask.bmp", b"\0" * (1 << 20), DEFLATED)) == []


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
        assert find_faults(members, file, archive.start_dir, Limits()) == []
