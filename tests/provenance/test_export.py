from pathlib import Path
from typing import Any

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.provenance.export import export, fetched_from, load_origins, require_origins
from frugalseg.provenance.hashes import Hashes
from frugalseg.provenance.records import Records


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def made(
    output: str,
    *inputs: str,
    params: tuple[str, ...] = ("'lr=1'",),
    job: str = "",
    rule: str = "train",
) -> None:
    """Write an output and the record that Snakemake would leave."""
    path = Path(output)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(output)
    record: dict[str, Any] = {"rule": rule, "input": list(inputs), "params": list(params)}
    record |= {"log": [f"logs/{job or output}.log"], "shellcmd": None, "code": "script"}
    record |= {"software_stack_hash": "d41d", "job_hash": 7, "incomplete": False}
    record |= {"starttime": path.stat().st_mtime - 2, "endtime": path.stat().st_mtime}
    Records().write(output, record)


def test_a_record_comes_back_as_it_was(here: Path) -> None:
    made("in")
    made("out/a", "in", "in", params=("'x'", "'lr=1'"), job="one")
    made("out/b", "in", params=("'x'", "'lr=1'"), job="one")
    export("train@set", ["out/b", "out/a"], Records(), Hashes())
    origins = load_origins()
    assert set(origins) == {"out/a", "out/b"}
    before = Records().read("out/a")
    again = origins["out/a"].as_record(before["endtime"])
    assert {name: again[name] for name in before if name != "starttime"} == {
        name: value for name, value in before.items() if name != "starttime"
    }
    assert again["endtime"] - again["starttime"] == pytest.approx(2, abs=0.1)
    assert again["record_format_version"] == 6
    assert again["input_checksums"] == {"in": f"sha256:{Hashes().of('in')}"}
    assert origins["out/b"].sha256 == Hashes().of("out/b")


def test_the_same_outputs_give_the_same_bytes_and_a_missing_input_is_told(here: Path) -> None:
    made("in")
    made("a", "in", "gone")
    made("b", "in")
    file = here / "provenance/data@set.json"
    export("data@set", ["a", "b"], Records(), Hashes())
    before = file.read_bytes()
    export("data@set", ["b", "a"], Records(), Hashes())
    assert file.read_bytes() == before
    assert b"/tmp" not in before
    assert load_origins()["a"].inputs["gone"] == ""
    assert "gone" not in load_origins()["a"].as_record(1.0)["input_checksums"]


def test_who_makes_the_same_again_says_when_it_was_made_first(here: Path) -> None:
    file = here / "provenance/data@set.json"
    made("in")
    made("a", "in")
    export("data@set", ["a"], Records(), Hashes())
    before, first = file.read_bytes(), Records().read("a")
    later = {"starttime": 1.0, "endtime": 2.0, "job_hash": 8}
    Records().write("a", first | later)
    export("data@set", ["a"], Records(), Hashes())
    assert file.read_bytes() == before
    others: list[dict[str, Any]] = [{"params": ["'lr=2'"]}, {"input": []}, {"rule": "label"}]
    for changed in others:
        Records().write("a", first | later | changed)
        export("data@set", ["a"], Records(), Hashes())
        assert load_origins()["a"].times == (1.0, 2.0)
        file.write_bytes(before)


def test_an_output_without_a_record_is_not_exported(here: Path) -> None:
    Path("a").write_text("a")
    with pytest.raises(FrugalsegError, match="a: expected Snakemake's record of it, found none"):
        export("report", ["a"], Records(), Hashes())


def test_the_fingerprint_of_a_source_that_is_elsewhere_is_kept(here: Path) -> None:
    assert fetched_from("one") == ""
    settings = repr({"source": "file:a.zip", "fingerprint": "f00d"})
    made("data/raw/one/archive.zip", params=("'code'", settings), rule="download")
    export("data@one", ["data/raw/one/archive.zip"], Records(), Hashes())
    assert fetched_from("one") == "f00d"
    assert fetched_from("other") == ""


def test_a_commit_without_provenance_is_an_error(here: Path) -> None:
    with pytest.raises(FrugalsegError, match="no finished study was committed"):
        require_origins()


@pytest.mark.parametrize("text", ["{}", "<<<<<<< HEAD", '{"files": {}, "params": [], "jobs": [1]}'])
def test_a_damaged_file_is_named(here: Path, text: str) -> None:
    Path("provenance").mkdir()
    Path("provenance/report.json").write_text(text)
    with pytest.raises(FrugalsegError, match=r"provenance/report\.json: expected the provenance"):
        load_origins()
