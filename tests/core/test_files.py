import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from frugalseg.core.files import read_json, read_json_or, replacing, sha256, write_csv, write_json


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    target.write_text("old")

    def fail() -> None:
        with replacing(target) as partial:
            partial.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [file.name for file in tmp_path.iterdir()] == ["table.csv"]
    assert target.read_text() == "old"


def test_csv_uses_newlines_and_no_index(tmp_path: Path) -> None:
    write_csv(tmp_path / "deep" / "t.csv", pd.DataFrame({"a": [1, 2], "b": [0.1, None]}))
    assert (tmp_path / "deep" / "t.csv").read_bytes() == b"a,b\n1,0.1\n2,\n"


def test_json_round_trip_sorts_keys(tmp_path: Path) -> None:
    write_json(tmp_path / "x.json", {"b": 1, "a": [1.5]})
    assert read_json(tmp_path / "x.json") == {"a": [1.5], "b": 1}
    assert list(json.loads((tmp_path / "x.json").read_text())) == ["a", "b"]


def test_a_damaged_or_missing_file_gives_the_default(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    assert read_json_or(path, {"a": 1}) == {"a": 1}
    for text, content in (("[1", {}), ("[1]", {}), ('{"a": 1}', {"a": 1})):
        path.write_text(text)
        assert read_json_or(path, {}) == content


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Path("a"), np.int64(1)])
def test_what_json_has_not_is_refused_and_the_old_file_kept(tmp_path: Path, value: object) -> None:
    write_json(tmp_path / "x.json", {"a": 1})
    with pytest.raises((TypeError, ValueError), match="JSON"):
        write_json(tmp_path / "x.json", {"a": value})
    assert read_json(tmp_path / "x.json") == {"a": 1}


def test_sha256_of_a_known_text(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")  # FIPS 180-2, appendix B.1
    assert sha256(tmp_path / "abc").startswith("ba7816bf8f01cfea414140de5dae2223")
