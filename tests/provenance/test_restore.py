import subprocess

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.provenance import restore


def answer(monkeypatch: pytest.MonkeyPatch, **answers: tuple[int, str]) -> list[str]:
    calls: list[str] = []

    def dvc(*arguments: str) -> "subprocess.CompletedProcess[str]":
        calls.append(" ".join(arguments))
        status, text = answers[arguments[0]]
        return subprocess.CompletedProcess(arguments, status, text, "")

    monkeypatch.setattr(restore, "dvc", dvc)
    return calls


def test_data_come_from_the_remote_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = answer(monkeypatch, remote=(0, "store\t/a\n"), pull=(0, "A  data\n3 files fetched\n"))
    assert restore.fetch() == "dvc pull: 3 files fetched"
    assert calls == ["remote list", "pull"]
    calls = answer(monkeypatch, remote=(0, ""), checkout=(0, ""))
    assert restore.fetch() == "dvc checkout: nothing to fetch"
    assert calls == ["remote list", "checkout"]


def test_data_that_dvc_lacks_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, remote=(0, "store"), pull=(1, "missing cache files: results/x"))
    with pytest.raises(FrugalsegError, match=r"has to `dvc push` it(.|\n)*results/x"):
        restore.fetch()
