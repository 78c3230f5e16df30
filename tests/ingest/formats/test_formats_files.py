"""The files of an export: images by their names, JSON parsed once, XML that cannot do harm."""

import json
from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats import files as module
from frugalseg.ingest.formats.files import Files, read_lines, read_object, read_xml


def touch(root: Path, *names: str) -> Files:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return Files(root)


@pytest.mark.parametrize(
    ("name", "near", "split", "expected"),
    [
        ("b.png", "", None, "x/b.png"),
        ("x/b.png", "", None, "x/b.png"),
        ("c:\\photos\\b.png", "", None, "x/b.png"),
        ("y/a.png", "", None, "y/a.png"),
        ("a.png", "x", None, "x/a.png"),
        ("c.png", "annotations", "val", "val2017/c.png"),
        ("Ri\u0301o.png", "", None, "R\u00edo.png"),
    ],
)
def test_images_are_found(
    tmp_path: Path, name: str, near: str, split: str | None, expected: str
) -> None:
    images = touch(tmp_path, "x/a.png", "y/a.png", "x/b.png", "R\u00edo.png", "x/._b.png")
    images = touch(tmp_path, "train2017/c.png", "val2017/c.png")
    assert images.find(name, tmp_path / near, split) == tmp_path / expected


@pytest.mark.parametrize(
    "name", ["none.png", "a.png", "z/a.png", "../../none.png", "", "x/", "/etc/passwd"]
)
def test_no_image_or_several_are_told(tmp_path: Path, name: str) -> None:
    images = touch(tmp_path, "x/a.png", "y/a.png")
    with pytest.raises(FrugalsegError, match=f"expected one image called {name!r}, found"):
        images.find(name, tmp_path)


def test_json_is_parsed_once_for_all_formats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {"a": {"p": 1, "q": 2, "imageData": "x" * 99}, "b": {"q": 3}, "c": {"r": 4}, "d": 5}
    for name, content in contents.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    parsed: list[str] = []

    def read(path: Path) -> object:
        parsed.append(path.stem)
        return read_object(path)

    monkeypatch.setattr(module, "read_object", read)
    files = Files(tmp_path, [("p", "q"), ("q",)])
    assert files.json(("p", "q")) == [(tmp_path / "a.json", {"p": 1, "q": 2})]
    assert [path.stem for path, _ in files.json(("q",))] == ["a", "b"]
    assert files.json(("r",)) == []  # of no kind that was asked for, so it is not kept
    assert parsed == ["a", "b", "c", "d"]


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "\\xff", '{"a": ' + "1" * 5000 + "}"])
def test_what_is_not_json_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(FrugalsegError, match=r"a\.json: cannot be read as JSON"):
        read_object(tmp_path / "a.json")


def test_other_values_than_objects_are_none(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[1]")
    assert read_object(tmp_path / "a.json") is None


def test_lines(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf a b \r\n\nc")
    assert read_lines(tmp_path / "a.txt") == ["a b", "", "c"]
    (tmp_path / "a.txt").write_bytes(b"\xff")
    with pytest.raises(FrugalsegError, match=r"a\.txt: expected text in UTF-8"):
        read_lines(tmp_path / "a.txt")


def test_xml_is_found_by_its_first_element(tmp_path: Path) -> None:
    (tmp_path / "a.XML").write_text("<?xml version='1.0'?>\n<annotations>\n</annotations>")
    (tmp_path / "b.xml").write_text("<annotation><annotations_no/></annotation>")
    files = Files(tmp_path)
    assert files.xml("annotations") == [tmp_path / "a.XML"]
    assert read_xml(tmp_path / "a.XML").tag == "annotations"


BOMB = """<?xml version="1.0"?>
<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]>
<a>&y;</a>"""
FETCH = """<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, r"has a document type \(DTD\)"),
        (FETCH, r"has a document type \(DTD\)"),
        ('<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>', r"has a document type \(DTD\)"),
        ("<a>&x;</a>", "undefined entity"),
        ("<a>" * 33 + "</a>" * 33, "more than 32 nested elements"),
        ("<a><b></a>", "cannot be read as XML"),
        ("<a/", "cannot be read as XML"),
        ("", "cannot be read as XML"),
        ("<?xml version='1.0' encoding='none'?><a/>", "cannot be read as XML"),
        ("<?xml version='1.0' encoding='utf-16'?><a/>", "cannot be read as XML"),
    ],
)
def test_xml_that_does_harm_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.xml").write_text(text)
    with pytest.raises(FrugalsegError, match=rf"a\.xml: .*{message}"):
        read_xml(tmp_path / "a.xml")


def test_files_that_are_too_large_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 3)
    (tmp_path / "a.xml").write_text("<a/>")
    with pytest.raises(FrugalsegError, match=r"a\.xml: 4 bytes, more than 3"):
        read_xml(tmp_path / "a.xml")
