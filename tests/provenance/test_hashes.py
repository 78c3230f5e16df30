import os
from pathlib import Path

import pytest

from frugalseg.provenance.hashes import Hashes

A = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"  # SHA-256 of "a" (NIST)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("file")
    path.write_text("a")
    return path


def test_a_file_of_the_same_size_and_time_is_not_read_again(file: Path) -> None:
    hashes = Hashes()
    assert hashes.of("file") == A
    hashes.save()
    times = file.stat().st_mtime_ns
    file.write_text("b")
    os.utime(file, ns=(times, times))
    assert Hashes().of("file") == A
    os.utime(file, ns=(times, times + 1))
    assert Hashes().of("file") != A


def test_a_file_written_anew_with_the_same_content_gets_its_time_back(file: Path) -> None:
    hashes = Hashes()
    hashes.of("file")
    before = file.stat().st_mtime_ns
    os.utime(file, ns=(before, before + 10**9))
    assert not hashes.reset_time("file", before / 1e9 + 5), "a record of another time"
    assert hashes.reset_time("file", before / 1e9)
    assert file.stat().st_mtime_ns == before
    file.write_text("b")
    assert not hashes.reset_time("file", before / 1e9)
    assert not Hashes().reset_time("other", before / 1e9)


def test_a_touched_file_keeps_its_hash(file: Path) -> None:
    hashes = Hashes()
    hashes.of("file")
    file.write_text("b")  # were it read again, the hash would be another
    hashes.restamp("file")
    assert hashes.of("file") == A
    hashes.restamp("unknown")


def test_what_is_gone_or_damaged_is_forgotten(file: Path) -> None:
    hashes = Hashes(Path("kept.json"))
    hashes.of("file")
    hashes.save()
    file.unlink()
    Hashes(Path("kept.json")).save()
    assert Path("kept.json").read_text().strip() == "{}"
    Path("kept.json").write_text('{"file": ')
    file.write_text("a")
    assert Hashes(Path("kept.json")).of("file") == A


def test_nothing_is_written_if_nothing_changed(file: Path) -> None:
    Hashes(Path("kept.json")).save()
    assert not Path("kept.json").exists()
    hashes = Hashes(Path("kept.json"))
    hashes.of("file")
    hashes.save()
    before = Path("kept.json").stat().st_mtime_ns
    again = Hashes(Path("kept.json"))
    again.of("file")
    again.save()
    assert Path("kept.json").stat().st_mtime_ns == before
    os.utime("file", (1, 1))
    again.restamp("file")
    again.save()
    assert Path("kept.json").stat().st_mtime_ns != before
