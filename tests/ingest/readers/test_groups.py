"""The table of groups, and its mistakes."""

from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.readers.groups import group_items, read_groups
from frugalseg.ingest.sample import Item


def table(folder: Path, content: str | bytes) -> Path:
    path = folder / "groups.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def items(*names: str) -> list[Item]:
    return [Item(name, Path(name)) for name in names]


def test_names_stems_and_what_is_not_listed(tmp_path: Path) -> None:
    path = table(tmp_path, "\ufeffgroup,note,image\r\npart 1,x,a.png\r\n part 1 ,,b\r\n,,c\r\n\r\n")
    grouped = group_items(items("a.png", "b.png", "c.png", "d.png"), path)
    assert [item.group for item in grouped] == ["part 1", "part 1", None, None]


def test_unicode_forms_are_equal(tmp_path: Path) -> None:
    path = table(tmp_path, "image,group\nRi\u0301o,1\n")
    assert group_items(items("R\u00edo.png"), path)[0].group == "1"


def test_quoted_lines_hold_together(tmp_path: Path) -> None:
    path = table(tmp_path, 'image,group\n"a, b","g\nh"\n')
    assert read_groups(path) == {"a, b": {"g\nh"}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("image,group\na.png\n", r"expected 2 fields in every row, found \['a\.png'\]"),
        ('image,group\na.png,"1\n', "unexpected end of data.*Close every quote"),
        ('image,group\na.png,"1"2\n', "Close every quote"),
        ("image;group\na.png;1\n", "separated by a comma, found .*image;group"),
        ("file,part\na.png,1\n", "expected the columns image and group"),
        ("", "no rows"),
        (b"image,group\n\xff\xfe,1\n", "UTF-8"),
        ("image,group\nz.png,1\n", r"no image of the name z\.png"),
        ("image,group\na.png,1\na.png,2\n", r"a\.png is in the groups 1 and 2"),
        ("image,group\na.png,1\na,2\n", r"a\.png is in the groups 1 and 2"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = table(tmp_path, content)
    with pytest.raises(FrugalsegError, match=message) as error:
        group_items(items("a.png"), path)
    assert str(path) in str(error.value)


def test_an_image_may_be_named_twice_in_one_group(tmp_path: Path) -> None:
    path = table(tmp_path, "image,group\na.png,1\na,1\n")
    assert group_items(items("a.png"), path)[0].group == "1"
