from argparse import Namespace

import pytest

from frugalseg.cli import restore
from frugalseg.core.errors import FrugalsegError
from frugalseg.provenance.reconcile import Reconciliation


def stand_in(monkeypatch: pytest.MonkeyPatch, found: dict[str, str]) -> None:
    reconciled = Reconciliation([], ["a"], ["b"])
    for name, value in {
        "remove_broken_rwlock": lambda: "",
        "fetch": lambda: "dvc pull: 3 files",
        "restore": lambda _: reconciled,
        "drop_damaged": lambda _: [],
        "require_origins": lambda: {"a": None},
        "find_problems": lambda _: found,
    }.items():
        monkeypatch.setattr(restore, name, value)


def test_it_says_what_was_fetched_what_was_deleted_and_that_it_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stand_in(monkeypatch, {})
    lines = restore.run(Namespace()).splitlines()
    assert lines[:2] == ["dvc pull: 3 files", "b: no matching provenance record; deleted"]
    assert lines[2].startswith("verified: 1 outputs")


def test_a_gate_that_does_not_hold_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, {"snakemake -n reports/all": "train 1"})
    with pytest.raises(FrugalsegError, match="train 1"):
        restore.run(Namespace())


def test_what_is_damaged_in_the_cache_is_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, {})
    found = iter([Reconciliation([], ["a"], ["b"]), Reconciliation(["a", "b"], [], [])])
    monkeypatch.setattr(restore, "restore", lambda _: next(found))
    monkeypatch.setattr(restore, "drop_damaged", list)
    lines = restore.run(Namespace()).splitlines()
    assert lines[:2] == ["dvc pull: 3 files", "b: damaged in DVC's cache; fetched again"]


def test_it_says_what_it_took_away_of_a_killed_dvc(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, {})
    monkeypatch.setattr(restore, "remove_broken_rwlock", lambda: "Removed the rwlock.")
    lines = restore.run(Namespace()).splitlines()
    assert lines[:2] == ["Removed the rwlock.", "dvc pull: 3 files"]
