"""Outputs a -> b -> c of one job each: `a` is input of `b`, `b` of `c`."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from frugalseg.provenance.export import export, load_origins
from frugalseg.provenance.hashes import Hashes
from frugalseg.provenance.reconcile import Reconciliation, reconcile
from frugalseg.provenance.records import Records, modified

CHAIN = {"a": "prepare", "b": "train", "c": "evaluate"}


def make(output: str, text: str, *inputs: str) -> None:
    path = Path(output)
    path.write_text(text)
    record: dict[str, Any] = {
        "rule": CHAIN.get(output, ""),
        "input": list(inputs),
        "params": [],
        "code": None,
    }
    record |= {"log": [f"{output}.log"], "shellcmd": None, "software_stack_hash": "", "job_hash": 1}
    Records().write(output, record | {"starttime": 0.0, "endtime": path.stat().st_mtime})


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finished study in the current folder, exported."""
    monkeypatch.chdir(tmp_path)
    for output, before in (("a", []), ("b", ["a"]), ("c", ["b"])):
        make(output, output, *before)
    export("train@set", CHAIN, Records(), Hashes())


def reconciled(outputs: dict[str, str] = CHAIN, *, touch: bool = False) -> Reconciliation:
    return reconcile(outputs, load_origins(), touch=touch)


def forget() -> None:
    """Be a clone: no records, times of checkout in an order that says nothing."""
    for output in CHAIN:
        Records().remove(output)
    for number, output in enumerate(reversed(CHAIN)):
        os.utime(output, (1e9 + number, 1e9 + number))


def times() -> set[float]:
    return {modified(output) for output in CHAIN if Path(output).exists()}


@pytest.mark.usefixtures("study")
def test_a_warm_study_is_left_alone() -> None:
    before = [modified(output) for output in CHAIN]
    assert reconciled() == Reconciliation(list(CHAIN), [], [])
    assert [modified(output) for output in CHAIN] == before


@pytest.mark.usefixtures("study")
def test_a_clone_gets_its_records_and_one_time() -> None:
    Path("logs").mkdir()
    Path("logs/train.tsv").write_text("old")
    os.utime("logs/train.tsv", (1e9, 1e9))
    forget()
    begun = time.time()
    assert reconciled() == Reconciliation([], list(CHAIN), [])
    (now,) = times()
    assert now >= begun - 0.01
    assert modified("logs/train.tsv") >= begun - 0.01
    assert all(Records().is_of(output) for output in CHAIN)
    record = Records().read("c")
    assert record["endtime"] == pytest.approx(now, abs=1e-5)
    assert (record["rule"], record["input"]) == ("evaluate", ["b"])


@pytest.mark.usefixtures("study")
def test_what_another_content_or_input_made_is_deleted() -> None:
    forget()
    Path("b").write_text("of another commit")
    found = reconciled()
    assert found.restored == ["a"]
    assert found.deleted == ["b", "c"], "c was made of another b"
    assert not Path("b").exists()
    assert Records().read("b") == {}


@pytest.mark.usefixtures("study")
def test_without_provenance_a_clone_keeps_only_the_archive() -> None:
    forget()
    Path("provenance/train@set.json").unlink()
    found = reconciled({"a": "download", "b": "train", "c": "evaluate"})
    assert found.deleted == ["b", "c"]
    assert Path("a").exists()


@pytest.mark.usefixtures("study")
def test_a_model_altered_here_is_deleted_and_what_it_gave_is_kept() -> None:
    Path("b").write_text("by hand")
    assert reconciled().deleted == ["b"]
    assert Path("c").exists(), "it was made of the right b, which is made again"


@pytest.mark.usefixtures("study")
def test_a_file_that_dvc_wrote_anew_gets_its_time_back() -> None:
    hashes = Hashes()
    for output in CHAIN:
        hashes.of(output)
    hashes.save()
    before = [modified(output) for output in CHAIN]
    os.utime("b")
    assert reconciled() == Reconciliation(list(CHAIN), [], [])
    assert [modified(output) for output in CHAIN] == before


@pytest.mark.usefixtures("study")
def test_what_was_made_here_since_is_kept_beside_what_is_restored() -> None:
    make("b", "with another rate", "a")
    make("c", "scored again", "b")
    Records().remove("a")
    assert reconciled() == Reconciliation(["b", "c"], ["a"], [])
    assert modified("b") < modified("a"), "it may be made again, and is never stale"


@pytest.mark.usefixtures("study")
def test_an_output_older_than_its_input_stays_so() -> None:
    make("b", "another", "a")  # and the run was killed before it made c
    os.utime("c", (1e9, 1e9))
    Records().write("c", Records().read("c") | {"endtime": 1e9})
    reconciled(touch=True)
    assert modified("c") < modified("b")


@pytest.mark.usefixtures("study")
def test_what_a_killed_job_left_is_left_to_snakemake() -> None:
    path = Path(".snakemake/incomplete/Yg==")  # b, as Snakemake names it
    path.parent.mkdir()
    path.write_text("{}")
    Path("b").write_text("half")
    assert reconciled().deleted == []
    assert Path("b").exists()


@pytest.mark.usefixtures("study")
def test_another_commit_has_its_own_record_of_the_same_bytes() -> None:
    def params() -> object:
        return Records().read("b")["params"]

    Records().write("b", Records().read("b") | {"params": ["'alpha': 0.01"]})
    reconciled()
    assert params() == ["'alpha': 0.01"], "it was made here, and is not yet exported"
    reconciled(touch=True)
    assert params() == []


def redate(output: str, seconds: float) -> None:
    """Give an output and its record another time, as if it had been made then."""
    os.utime(output, (seconds, seconds))
    record = Records().read(output)
    Records().write(output, record | {"endtime": seconds})


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize("exported", [True, False])
def test_an_output_that_looks_newer_than_another_input_is_deleted(exported: bool) -> None:
    """A clock was set back, `b` made anew, and the run killed before it made `c` of it."""
    checksums = {"b": f"sha256:{Hashes().of('b')}"}
    Records().write("c", Records().read("c") | {"input_checksums": checksums})
    make("b", "another", "a")
    redate("c", modified("b") + 50)
    if not exported:
        Path("provenance/train@set.json").unlink()
    found = reconciled()
    assert (found.kept, found.deleted, found.outdated) == (["a", "b"], [], ["c"])
    assert not Path("c").exists()
    assert Records().read("c") == {}


@pytest.mark.usefixtures("study")
def test_an_archive_that_is_replaced_by_an_older_one_counts() -> None:
    Path("a").write_text("another archive")
    os.utime("a", (1e9, 1e9))
    found = reconciled({"a": "download", "b": "prepare", "c": "evaluate"})
    assert (found.deleted, found.outdated) == ([], ["b"])
    assert Path("a").read_text() == "another archive"
    assert Path("c").exists(), "it was made of the b that may come out again"
