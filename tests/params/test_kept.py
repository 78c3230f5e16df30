from pathlib import Path

import pytest
from pydantic import BaseModel

from frugalseg.core.errors import FrugalsegError
from frugalseg.params.kept import read_kept


class Content(BaseModel):
    seeds: dict[str, int]


def test_a_file_is_read_and_a_missing_one_is_none(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    assert read_kept(path, Content, "") is None
    path.write_text('{"seeds": {"a": 3}}')
    assert read_kept(path, Content, "") == Content(seeds={"a": 3})


@pytest.mark.parametrize(
    ("text", "where"), [("{", "the file"), ('{"seeds": {"a": "x"}}', "seeds.a"), ("{}", "seeds")]
)
def test_a_damaged_file_says_where_and_what_is_lost(tmp_path: Path, text: str, where: str) -> None:
    path = tmp_path / "kept.json"
    path.write_text(text)
    with pytest.raises(FrugalsegError) as error:
        read_kept(path, Content, "nobody knows. Restore it.")
    assert str(error.value).startswith(f"{path} is damaged ({where}: ")
    assert str(error.value).endswith("), so nobody knows. Restore it.")
