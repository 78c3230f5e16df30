from pathlib import Path
from typing import Any

import pytest

from frugalseg.cli import __main__ as program
from frugalseg.pipeline import decide

ROOT = Path(__file__).parents[2]


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Collect what would be decided."""
    calls: list[tuple[Any, ...]] = []

    def record(params: Any, config: Any, options: Any, *, hours: Any) -> int:
        calls.append((params.run, config, options[-2:], hours))
        return 0

    monkeypatch.setattr(decide, "decide", record)
    monkeypatch.chdir(ROOT)
    return calls


def test_without_arguments_it_is_the_data_sets_of_run(
    called: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["decide"]) == 0
    assert called == [(["builtin"], [], ["--cores", "all"], None)]
    assert "results/builtin/decisions.json" in capsys.readouterr().out


def test_data_sets_hours_and_cores_are_handed_on(called: list[tuple[Any, ...]]) -> None:
    words = ["decide", "glas_small", "cracks", "--hours", "1.5", "--cores", "2"]
    assert program.main(words) == 0
    names = ["glas_small", "cracks"]
    config = ["--config", "run=[glas_small,cracks]"]
    assert called == [(names, config, ["--cores", "2"], 1.5)]


def test_a_failed_workflow_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(decide, "decide", lambda *_, **__: 1)
    assert program.main(["decide"]) == 2
    assert "The workflow failed with status 1" in capsys.readouterr().err
