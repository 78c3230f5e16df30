import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from frugalseg.params import Params
from frugalseg.pipeline import __main__ as command
from frugalseg.pipeline.runner import PROGRESS

ROOT = Path(__file__).parents[2]
STARTED = ("__main__", "start", "rule_params", "resources", "plan_check")
"""Modules that every call of Snakemake, or every stage of DVC, imports."""


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Collect what would be made."""
    calls: list[tuple[Any, ...]] = []

    def make(*arguments: Any) -> int:
        calls.append(arguments)
        return 3

    def decide(params: Params, *arguments: Any) -> int:
        calls.append(("decide", params.run, *arguments))
        return 3

    monkeypatch.setattr(command, "make", make)
    monkeypatch.setattr("frugalseg.pipeline.decide.decide", decide)
    monkeypatch.chdir(ROOT)
    return calls


def test_a_stage_starts_without_the_libraries_of_its_jobs() -> None:
    imported = ", ".join(f"frugalseg.pipeline.{name}" for name in STARTED)
    heavy = {"numpy", "pandas", "scipy", "torch", "matplotlib"}
    code = f"import sys, {imported}; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_stage_makes_its_files_and_returns_the_status(called: list[tuple[Any, ...]]) -> None:
    assert command.main(["stage", "statistics", "builtin", "--cores", "2", "--", "--quiet"]) == 3
    target = "results/builtin/statistics/contrasts.csv"
    config = ["--config", "run=[builtin]"]
    assert called == [("statistics", [target], config, ["--cores", "2", "--quiet"])]


def test_the_index_is_over_all_that_run_names(called: list[tuple[Any, ...]]) -> None:
    command.main(["stage", "index"])
    assert called == [("index", ["reports/all"], [], ["--cores", "all"])]


def test_more_configuration_files_are_checked_before_snakemake_reads_them(
    called: list[tuple[Any, ...]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound, broken = tmp_path / "sound.yaml", tmp_path / "broken.yaml"
    sound.write_text("seeds: 2\n")
    broken.write_bytes(b"seeds: \xff\n")
    files = ["--configfile", str(sound), str(broken)]
    assert command.main(["run", *files]) == 2
    assert "broken.yaml, line 1: expected UTF-8" in capsys.readouterr().err
    assert not called
    broken.write_text("run: [builtin]\n")
    assert command.main(["run", *files, "--config", "seeds=1"]) == 3
    assert called[0][2] == [*files, "--config", "seeds=1"]


def test_a_run_makes_everything_or_what_is_named(called: list[tuple[Any, ...]]) -> None:
    command.main(["run", "--config", "seeds=2"])
    command.main(["run", "results/builtin/scores.csv", "--cores", "1", "--config", "seeds=2"])
    seeds = ["--config", "seeds=2"]
    assert called == [
        (None, ["reports/all"], seeds, [*PROGRESS, "--cores", "all"]),
        (
            None,
            ["results/builtin/scores.csv"],
            ["--config", "seeds=2"],
            [*PROGRESS, "--cores", "1"],
        ),
    ]


def test_a_run_of_a_study_with_looks_decides(called: list[tuple[Any, ...]]) -> None:
    looks = ["--config", "run=[glas_small]", "seeds={looks: [2, 3]}"]
    command.main(["run", *looks])
    assert called == [("decide", ["glas_small"], looks, [*PROGRESS, "--cores", "all"])]
    command.main(["run", *looks, "--", "-n"])
    assert called[1][1] == ["reports/all"]


def test_a_word_that_sets_nothing_is_refused(
    called: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["run", "--config", "seeds"]) == 2
    assert "--config: expected KEY=VALUE, found 'seeds'" in capsys.readouterr().err
    assert not called


@pytest.mark.parametrize("further", [["--log", "snakemake"], ["--", "-n"]])
def test_snakemakes_own_words_where_they_are_asked_for(
    called: list[tuple[Any, ...]], further: list[str]
) -> None:
    command.main(["run", *further])
    assert not set(PROGRESS) & set(called[0][-1])


def test_a_wrong_name_is_one_line(
    called: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["stage", "train", "nobody"]) == 2
    assert "Known: builtin, builtin_tour, " in capsys.readouterr().err
    assert not called
