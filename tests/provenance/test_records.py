import json
from pathlib import Path

import pytest
from snakemake.persistence import MetadataRecord
from snakemake.persistence.file import FilePersistence

from frugalseg.provenance.records import Records

LONG = "results/" + "a" * 120 + "/" + "b" * 120 + "/model.safetensors"


@pytest.mark.parametrize("output", ["results/a/model.safetensors", LONG])
def test_records_lie_where_snakemake_looks_and_the_other_way_round(
    tmp_path: Path, output: str
) -> None:
    ours, theirs = Records(tmp_path), FilePersistence(nolock=True, path=tmp_path)
    assert not ours.exist()
    ours.write(output, {"rule": "train", "endtime": 3.5, "record_format_version": 6})
    found = theirs._read_record(output)
    assert found is not None
    assert (found.rule, found.endtime) == ("train", 3.5)
    theirs._write_record(output, MetadataRecord(rule="label", params=["1"]))
    record = ours.read(output)
    assert (record["rule"], record["params"]) == ("label", ["1"])
    assert ours.exist()
    theirs._mark_incomplete(output, None)
    assert ours.is_incomplete(output)
    ours.remove(output)
    assert theirs._io_read(theirs._metadata_path, output) == {}
    ours.remove(output)


def test_a_damaged_record_is_none(tmp_path: Path) -> None:
    records = Records(tmp_path)
    records.write("a", {"rule": "x"})
    path = next((tmp_path / "metadata").iterdir())
    for text in ('{"rule":', "{}", "[1]"):
        path.write_text(text)
        assert not records.read("a")


def test_a_record_is_of_the_file_that_was_written_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file, records = Path("a"), Records()
    file.write_text("one")
    assert not records.is_of("a")
    records.write("a", {"endtime": file.stat().st_mtime})
    assert records.is_of("a")
    records.write("a", {"endtime": file.stat().st_mtime - 1})
    assert not records.is_of("a")
    records.write("a", json.loads('{"endtime": null}'))
    assert not records.is_of("a")
