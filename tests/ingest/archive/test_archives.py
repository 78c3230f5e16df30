import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.archive import archives, checks
from frugalseg.ingest.archive.archives import extract
from frugalseg.settings.dataset import LimitParams
from tests.ingest.archive.hostile_zips import GOOD, MIB, Case, hostile_cases, nested
from tests.ingest.archive.zip_bytes import DEFLATED, FOLDER, Entry, build

LIMITS = LimitParams(entries=100, total_bytes=8 * MIB, ratio=200)


@pytest.fixture
def ratio_of_small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "RATIO_FROM_BYTES", MIB)


def _write(folder: Path, content: bytes) -> Path:
    path = folder / "in" / "archive.zip"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def _listing(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def _refusal(tmp_path: Path, content: bytes, limits: LimitParams = LIMITS) -> str:
    """Return the error of unpacking, having checked that not a trace of it is left."""
    archive = _write(tmp_path, content)
    (tmp_path / "out").mkdir()
    before = _listing(tmp_path)
    with pytest.raises(FrugalsegError) as caught:
        extract(archive, tmp_path / "out" / "raw", limits)
    assert _listing(tmp_path) == before
    assert archive.read_bytes() == content
    assert str(archive) in str(caught.value)
    return str(caught.value)


@pytest.mark.usefixtures("ratio_of_small_files")
@pytest.mark.parametrize("case", hostile_cases(), ids=lambda case: case.name)
def test_hostile_archive_is_refused_without_a_trace(tmp_path: Path, case: Case) -> None:
    message = _refusal(tmp_path, case.content)
    assert case.entry in message
    assert case.reason in message
    blamed = [line.split()[0] for line in message.splitlines() if line.startswith("  ")]
    assert "'images/good.png'" not in blamed or case.entry == "'images/good.png'"
    assert any(remedy in message for remedy in ("again", "raise th"))


def test_there_are_enough_cases_and_each_is_another() -> None:
    cases = hostile_cases()
    assert len({case.content for case in cases}) == len({case.name for case in cases}) >= 80


def test_all_bad_entries_are_named_at_once(tmp_path: Path) -> None:
    bad = [Entry(b"../a"), Entry(b"b", mode=0o120777), Entry(b"c", flags=1), Entry(b"d", method=99)]
    message = _refusal(tmp_path, build(GOOD, *bad))
    assert [line.split()[0] for line in message.splitlines()[1:-1]] == [
        "'../a'",
        "'b'",
        "'c'",
        "'d'",
    ]


def test_all_damaged_entries_are_named_at_once(tmp_path: Path) -> None:
    message = _refusal(tmp_path, build(Entry(b"a", crc=1), GOOD, Entry(b"b", crc=2)))
    assert "'a' " in message
    assert "'b' " in message
    assert "good.png" not in message


def test_a_flood_of_faults_is_counted_and_not_shown(tmp_path: Path) -> None:
    message = _refusal(tmp_path, build(*(Entry(b"../%d" % k) for k in range(250))), LimitParams())
    assert "and 50 more" in message
    assert len(message.splitlines()) == 203


def test_harmless_archive_comes_out_as_it_went_in(tmp_path: Path) -> None:
    files = {
        "Warwick QU Dataset (Released 2016_07_08)/Grade.csv": b"name, patient ID\r",
        "images/a.png": b"\0" * 3 * MIB,
        "images/A\u0308ngstr\u00f6m \u6f22.png": b"",
        "Ma\u00df.png": b"1",
        "Mass.png": b"2",
        "ab:c?.png": b"3",
        "..c/d...": b"4",
    }
    entries = [Entry(name.encode(), data, DEFLATED) for name, data in files.items()]
    content = build(Entry(b"./", b"", mode=FOLDER), Entry(b"empty/", b"", mode=FOLDER), *entries)
    target = tmp_path / "deep" / "raw"
    extract(_write(tmp_path, content), target, LimitParams())
    found = {name: target / name for name in _listing(target)}
    assert {n: p.read_bytes() for n, p in found.items() if p.is_file()} == files
    assert [n for n, p in found.items() if p.is_dir()] == [
        "..c",
        "Warwick QU Dataset (Released 2016_07_08)",
        "empty",
        "images",
    ]
    assert _listing(target.parent)[0] == "raw"


def test_clutter_of_macos_is_left_out(tmp_path: Path) -> None:
    clutter = [b"__MACOSX/images/._a.png", b"images/.DS_Store", b"images/._a.png", b"a/__MACOSX/b"]
    content = build(GOOD, *(Entry(name) for name in clutter))
    left_out = extract(_write(tmp_path, content), tmp_path / "raw", LIMITS)
    assert _listing(tmp_path / "raw") == ["images", "images/good.png"]
    assert left_out == [name.decode() for name in clutter]


def test_hidden_files_are_left_out_and_named(tmp_path: Path) -> None:
    hidden = [b"images/.ipynb_checkpoints/good-checkpoint.png", b"images/Thumbs.db"]
    content = build(GOOD, Entry(b".git/", mode=FOLDER), *(Entry(name) for name in hidden))
    left_out = extract(_write(tmp_path, content), tmp_path / "raw", LIMITS)
    assert _listing(tmp_path / "raw") == ["images", "images/good.png"]
    assert left_out == [name.decode() for name in hidden]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Größe.png".encode(), "Größe.png"),
        ("Größe.png".encode("cp437"), "Größe.png"),
        ("\u732b.png".encode("shift-jis"), b"\x94L.png".decode("cp437")),
        (b"a\xff.png", "a\u00a0.png"),
    ],
)
def test_unmarked_names_are_utf8_or_else_code_page_437(
    tmp_path: Path, raw: bytes, expected: str
) -> None:
    extract(_write(tmp_path, build(Entry(raw, flags=0))), tmp_path / "raw", LIMITS)
    assert _listing(tmp_path / "raw") == [expected]


def test_nested_archives_stay_files(tmp_path: Path) -> None:
    extract(_write(tmp_path, nested()), tmp_path / "raw", LIMITS)
    assert _listing(tmp_path / "raw") == [f"4-{k}.zip" for k in range(4)]


def test_setuid_and_times_are_not_taken_over(tmp_path: Path) -> None:
    extract(_write(tmp_path, build(Entry(b"a", mode=0o104777))), tmp_path / "raw", LIMITS)
    (tmp_path / "plain").write_bytes(b"")
    assert (tmp_path / "raw" / "a").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_archive_behind_other_bytes_is_read(tmp_path: Path) -> None:
    extract(_write(tmp_path, b"#!/bin/sh\n" * 100 + build(GOOD)), tmp_path / "raw", LIMITS)
    assert (tmp_path / "raw" / "images" / "good.png").read_bytes() == b"pixels"


def test_missing_archive_and_folder_for_archive(tmp_path: Path) -> None:
    for archive in (tmp_path / "none.zip", tmp_path):
        with pytest.raises(FrugalsegError, match="cannot be read"):
            extract(archive, tmp_path / "raw", LIMITS)


def test_target_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "raw"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    with pytest.raises(FrugalsegError, match="already exists; remove it"):
        extract(_write(tmp_path, build(GOOD)), target, LIMITS)
    assert _listing(target) == ["mine.txt"]


def test_target_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "raw").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FrugalsegError, match="already exists; remove it"):
        extract(_write(tmp_path, build(GOOD)), tmp_path / "raw", LIMITS)
    assert _listing(tmp_path / "elsewhere") == []


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, MemoryError])
def test_interruption_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interruption: type[BaseException]
) -> None:
    def interrupted(*_: object) -> None:
        assert (tmp_path / "raw").exists()
        raise interruption

    monkeypatch.setattr(archives, "_unpack_file", interrupted)
    archive = _write(tmp_path, build(GOOD))
    with pytest.raises(interruption):
        extract(archive, tmp_path / "raw", LIMITS)
    assert _listing(tmp_path) == ["in", "in/archive.zip"]


def test_full_disk_is_told_before_and_while_unpacking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = _write(tmp_path, build(GOOD))
    with monkeypatch.context() as patch:
        usage = type("usage", (), {"free": 5})
        patch.setattr("shutil.disk_usage", lambda _: usage)
        with pytest.raises(FrugalsegError, match=r"unpacks to 6 bytes, but .* has 5 left"):
            extract(archive, tmp_path / "raw", LIMITS)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archives, "_unpack_file", full)
    with pytest.raises(FrugalsegError, match=r"No space left.*Make room"):
        extract(archive, tmp_path / "raw", LIMITS)
    assert _listing(tmp_path) == ["in", "in/archive.zip"]


def test_64_bit_archive_is_unpacked(tmp_path: Path) -> None:
    archive = tmp_path / "large.zip"
    with zipfile.ZipFile(archive, "w") as file, file.open("a.bin", "w", force_zip64=True) as sink:
        sink.write(b"abc")
    extract(archive, tmp_path / "raw", LIMITS)
    assert (tmp_path / "raw" / "a.bin").read_bytes() == b"abc"


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    archive = _write(tmp_path, build(Entry(b"a.bin", b"\0" * (96 * MIB), DEFLATED)))
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from frugalseg.ingest.archive.archives import extract\n"
        "from frugalseg.settings.dataset import LimitParams as Limits\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "extract(Path(sys.argv[1]), Path(sys.argv[2]), Limits(ratio=2000))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    command = [sys.executable, "-c", code, str(archive), str(tmp_path / "raw")]
    grown = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert (tmp_path / "raw" / "a.bin").stat().st_size == 96 * MIB
    unit = 1 if sys.platform == "darwin" else 1024
    assert grown * unit < 32 * MIB


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_damage_is_refused_or_does_not_show(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(build(GOOD, Entry(b"masks/a.png", b"01" * 500, DEFLATED), Entry(b"b")))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(len(content) // 2, len(content)))]
    folder = tmp_path_factory.mktemp("damage")
    archive = _write(folder, bytes(content))
    try:
        extract(archive, folder / "out" / "raw", LIMITS)
    except FrugalsegError:
        assert _listing(folder) in (["in", "in/archive.zip"], ["in", "in/archive.zip", "out"])
    else:
        contents = {p.read_bytes() for p in (folder / "out" / "raw").rglob("*") if p.is_file()}
        assert contents <= {b"pixels", b"01" * 500, b""}
        assert [path.name for path in (folder / "out").iterdir()] == ["raw"]


def test_every_real_archive_is_unpacked_whole(tmp_path: Path, real_data: Path) -> None:
    for archive in sorted(real_data.glob("*.zip")):
        target = tmp_path / archive.stem
        extract(archive, target, LimitParams())
        with zipfile.ZipFile(archive) as file:
            sizes = {info.filename: info.file_size for info in file.infolist()}
        assert {name: (target / name).stat().st_size for name in sizes} == sizes


def test_threads_unpack_the_same_and_name_the_same(tmp_path: Path) -> None:
    names = [f"d{k % 3}/{k}.bin" for k in range(20)]
    whole = [Entry(name.encode(), name.encode() * 900) for name in names]
    extract(_write(tmp_path, build(*whole)), tmp_path / "raw", LIMITS, threads=3)
    assert all((tmp_path / "raw" / n).read_bytes() == n.encode() * 900 for n in names)
    damaged = [Entry(name.encode(), crc=k % 4) for k, name in enumerate(names)]
    told = []
    for threads in (1, 3):
        with pytest.raises(FrugalsegError) as caught:
            extract(_write(tmp_path, build(*damaged)), tmp_path / "no", LIMITS, threads=threads)
        told.append(str(caught.value))
    assert told[0] == told[1]
    assert told[0].count("cannot be unpacked") == 20
