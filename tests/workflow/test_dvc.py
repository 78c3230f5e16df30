"""DVC above the workflow: a finished study is nothing to do, and its metrics are shown."""

from workflow_project import Project


def test_a_finished_study_is_nothing_to_do(tracked: Project) -> None:
    assert "up to date" in tracked.dvc("status")
    scores = tracked.folder / "results/builtin/scores.csv"
    before = scores.stat().st_mtime_ns
    assert "up to date" in tracked.dvc("repro")
    assert scores.stat().st_mtime_ns == before


def test_metrics_are_in_git_and_shown(tracked: Project) -> None:
    shown = tracked.dvc("metrics", "show")
    assert "results/builtin/metrics.json" in shown
    assert "full.dice.mean" in shown
    files = tracked.check("git", "ls-files").splitlines()
    assert "results/builtin/metrics.json" in files
    assert not [name for name in files if name.endswith((".npy", ".safetensors", ".zip"))]
