"""Archives that are damaged or made to deceive, each with what must be said of it."""

import io
import zipfile
from dataclasses import dataclass

from tests.ingest.archive.zip_bytes import DEFLATED, FOLDER, LINK, Entry, build, end

GOOD = Entry(b"images/good.png")
MIB = 1 << 20


@dataclass(frozen=True)
class Case:
    """A hostile archive; `entry` and `reason` must be in the error."""

    name: str
    content: bytes
    entry: str
    reason: str


def _one(name: str, entry: Entry, reason: str, shown: str | None = None) -> Case:
    shown = entry.name.decode("utf-8", "replace") if shown is None else shown
    return Case(name, build(GOOD, entry), shown, reason)


_NAMES = [
    ("parent", b"../evil.png", "leaves the folder"),
    ("parent_deep", b"images/../../evil.png", "leaves the folder"),
    ("parent_inside", b"images/../other.png", "leaves the folder"),
    ("parent_last", b"images/..", "leaves the folder"),
    ("parent_folder", b"../evil/", "leaves the folder"),
    ("parent_clutter", b"__MACOSX/../../evil.png", "leaves the folder"),
    ("absolute", b"/evil.png", "absolute path"),
    ("absolute_double", b"//server/evil.png", "absolute path"),
    ("absolute_etc", b"/etc/cron.d/evil", "absolute path"),
    ("drive", b"C:/evil.png", "Windows drive"),
    ("drive_relative", b"c:evil.png", "Windows drive"),
    ("root_only", b"/", "absolute path"),
    ("dot_only", b".", "has no name"),
    ("dots_only", b"././.", "has no name"),
    ("part_256_bytes", b"a" * 256, "more than 255 bytes"),
    ("part_86_kanji", "\u6f22".encode() * 86, "more than 255 bytes"),
    ("path_too_long", b"/".join([b"a" * 100] * 6), "more than 512 bytes"),
    ("path_64_kib", b"a/" * 32767, "more than 512 bytes"),
    ("too_deep", b"a/" * 33 + b"b", "more than 32 folders deep"),
]
_ESCAPED = [
    ("backslash_parent", b"..\\evil.png", "'..\\\\evil.png'", "backslash"),
    ("backslash_folder", b"images\\evil.png", "'images\\\\evil.png'", "backslash"),
    ("drive_backslash", b"C:\\evil.png", "'C:\\\\evil.png'", "Windows drive"),
    ("share", b"\\\\server\\evil", "'\\\\\\\\server\\\\evil'", "backslash"),
    ("newline", b"a\nb.png", "'a\\nb.png'", "control characters"),
    ("nul", b"a.png\0.exe", "'a.png\\x00.exe'", "control characters"),
    ("escape", b"\x1b[2Ja.png", "'\\x1b[2Ja.png'", "control characters"),
    ("delete", b"a\x7f.png", "'a\\x7f.png'", "control characters"),
    ("c1_control", "a\u0085.png".encode(), "'a\\x85.png'", "control characters"),
    ("line_separator", "a\u2028.png".encode(), "'a\\u2028.png'", "control characters"),
    ("empty_name", b"", "''", "has no name"),
]
_KINDS = [
    ("symlink", LINK, b"../../evil", "symbolic link"),
    ("symlink_inside", LINK, b"good.png", "symbolic link"),
    ("character_device", 0o020666, b"", "character device"),
    ("block_device", 0o060666, b"", "block device"),
    ("pipe", 0o010666, b"", "pipe"),
    ("socket", 0o140666, b"", "socket"),
    ("folder_with_data", FOLDER, b"data", "folder that holds 4 bytes"),
]
_TWINS = [
    ("same_name", b"images/good.png", "'images/good.png'", "more than once"),
    ("other_case", b"images/GOOD.png", "'images/GOOD.png'", "only in case"),
    ("folder_case", b"Images/other.png", "'Images'", "only in case"),
    ("hidden_by_dot", b"images/./good.png", "'images/good.png'", "more than once"),
    ("hidden_by_slashes", b"images//good.png", "'images/good.png'", "more than once"),
    ("file_as_folder", b"images/good.png/a", "'images/good.png'", "both a file and a folder"),
    ("folder_as_file", b"images", "'images'", "both a file and a folder"),
]
_METHODS = [(1, "shrink"), (6, "implode"), (9, "deflate64"), (12, "bzip2"), (14, "lzma"), (99, "?")]


def _header_cases() -> list[Case]:
    zeros = b"\0" * (4 * MIB)
    return [
        _one("encrypted", Entry(b"a.png", flags=0x801), "is encrypted"),
        _one("strongly_encrypted", Entry(b"a.png", flags=0x841), "is encrypted"),
        _one("hidden_headers", Entry(b"a.png", flags=0x2800), "is encrypted"),
        _one("ratio", Entry(b"a.png", zeros, DEFLATED), "times as many"),
        _one("size_claimed", Entry(b"a.png", method=DEFLATED, file_size=2**31), "allowed"),
        _one("stored_size", Entry(b"a.png", file_size=9), "stores 6 bytes as 9"),
        _one("no_local_header", Entry(b"a.png", local_signature=b"PK\3\5"), "is not where"),
        _one("offset_after_end", Entry(b"a.png", offset=10**6), "is not where"),
        _one("offset_amid", Entry(b"a.png", offset=7), "is not where"),
        Case(
            "overlap_same_data",
            build(GOOD, Entry(b"images/twin.png", local_name=GOOD.name, offset=0)),
            "'images/good.png'",
            "overlaps 'images/twin.png'",
        ),
        Case("overlap_quoted", _quoted(), "'a.png'", "overlaps 'b.png'"),
        _one("overlap_directory", Entry(b"a.png", compress_size=60, file_size=60), "overlaps"),
    ]


def _data_cases() -> list[Case]:
    half = Entry(b"a.png", b"0123456789" * 1000, DEFLATED)
    half.packed = half.packed[: len(half.packed) // 2]
    noise = Entry(b"a.png", b"0123456789", DEFLATED)
    noise.packed = b"\xff" * len(noise.packed)
    return [
        _one("wrong_crc", Entry(b"a.png", crc=1), "Bad CRC-32"),
        _one("wrong_crc_deflated", Entry(b"a.png", method=DEFLATED, crc=1), "Bad CRC-32"),
        _one("half_a_stream", half, "cannot be unpacked"),
        _one("noise_for_stream", noise, "cannot be unpacked"),
        _one(
            "size_lies_low",
            Entry(b"a.png", b"\0" * MIB, DEFLATED, file_size=10),
            "declared 10 bytes, found more",
        ),
        _one(
            "size_lies_high",
            Entry(b"a.png", b"0123456789", DEFLATED, file_size=11),
            "declared 11 bytes, found 10",
        ),
        _one("other_local_name", Entry(b"a.png", local_name=b"b.png"), "cannot be unpacked"),
    ]


def _quoted() -> bytes:
    """Return Fifield's bomb in small: the data of `a.png` are the local header of `b.png`."""
    kernel = Entry(b"b.png")
    outer = Entry(b"a.png", kernel.local())
    inner = Entry(b"b.png", offset=30 + len(outer.name))
    return build(outer, inner)


def _whole_file_cases() -> list[Case]:
    whole = build(GOOD, Entry(b"a.png", b"x" * 3000))
    reason = "expected a whole zip archive"
    contents = {
        "zero_bytes": b"",
        "one_byte": b"P",
        "text": b"<html>please log in</html>",
        "truncated_half": whole[: len(whole) // 2],
        "truncated_last_byte": whole[:-1],
        "truncated_directory": whole[:-60],
        "first_half_missing": whole[len(whole) // 2 + 1500 :],
        "directory_overwritten": whole.replace(b"PK\1\2", b"PK\7\7"),
        "directory_beyond_file": end(1, 2**31, 0),
        "version_from_the_future": build(Entry(b"a.png", version=99)),
        "gzip": b"\x1f\x8b\x08" + b"\0" * 40,
    }
    return [Case(name, content, "", reason) for name, content in contents.items()] + [
        Case("no_entries", build(), "", "holds no files"),
        Case("only_folders", build(Entry(b"a/", b"", mode=FOLDER)), "", "holds no files"),
        Case("only_clutter", build(Entry(b"__MACOSX/a")), "", "holds no files"),
        Case("name_not_utf8", build(Entry(b"a\xff.png")), "a\\\\xff.png", "marked as UTF-8"),
        Case("too_many", build(*_numbered(101)), "'100.png'", "one of 101 entries"),
        Case("folders_without_number", build(*_numbered(60, b"/a")), "", "more than 100"),
        Case("total", build(*(Entry(b"%d" % k, b"x" * MIB) for k in range(9))), "'0'", "in all"),
        Case("huge_directory", _huge_directory(), "", "its directory takes"),
    ]


def _numbered(count: int, below: bytes = b"") -> list[Entry]:
    return [Entry(b"%d%s.png" % (k, below), b"") for k in range(count)]


def _huge_directory() -> bytes:
    directory = Entry(b"a" * 60000).central(0) * 40
    return directory + end(40, len(directory), 0)


def hostile_cases() -> list[Case]:
    """Return all cases; 100 entries, 8 MiB in all, ratios checked from 1 MiB on."""
    names = [_one(name, Entry(raw), why, raw.decode()[:100]) for name, raw, why in _NAMES]
    escaped = [_one(name, Entry(raw), why, shown) for name, raw, shown, why in _ESCAPED]
    kinds = [_one(name, Entry(b"odd", data, mode=m), why) for name, m, data, why in _KINDS]
    twins = [_one(name, Entry(raw), why, shown) for name, raw, shown, why in _TWINS]
    forms = [Entry("a\u0301.png".encode()), Entry("\u00e1.png".encode())]
    twins.append(Case("other_unicode_form", build(*forms), "\u00e1.png", "Unicode form"))
    methods = [
        _one(f"method_{number}", Entry(b"a.png", method=number), f"method {number} ({name}")
        for number, name in _METHODS[:-1]
    ]
    methods.append(_one("method_99", Entry(b"a.png", method=99), "method 99 (unknown)"))
    return [
        *(names + escaped + kinds + twins + methods),
        *(_header_cases() + _data_cases() + _whole_file_cases()),
    ]


def nested() -> bytes:
    """Return a zip of zips of zips, each of the inner ones tiny."""
    content = build(Entry(b"bomb.bin", b"\0" * MIB, DEFLATED))
    for depth in range(5):
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as file:
            for k in range(4):
                file.writestr(f"{depth}-{k}.zip", content)
        content = sink.getvalue()
    return content
