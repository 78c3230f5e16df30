import subprocess
import sys

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.metrics.metric import FUNCTIONS, LOWER_IS_BETTER, METRICS
from frugalseg.pipeline.digest import imported


@pytest.mark.parametrize("name", METRICS)
def test_the_record_of_a_metric_is_complete(name: str) -> None:
    metric = METRICS[name]
    assert callable(lookup(FUNCTIONS, name, "metric"))
    assert metric.label
    assert metric.note
    assert "lower is better" not in metric.note  # pages add it


def test_no_two_metrics_share_a_label() -> None:
    assert len({metric.label for metric in METRICS.values()}) == len(METRICS)


def test_an_unknown_metric_lists_the_known_ones() -> None:
    with pytest.raises(FrugalsegError, match="Known: accuracy, brier"):
        lookup(FUNCTIONS, "dise", "metric")


def test_errors_are_better_low_and_scores_high() -> None:
    by_kind: dict[str, set[str]] = {}
    for name in METRICS:
        by_kind.setdefault(METRICS[name].kind, set()).add(name)
    errors = by_kind["calibration"] | by_kind["scaled calibration"]
    assert len(errors) == 10
    assert errors | {"image_fpr"} == LOWER_IS_BETTER


def test_names_are_checked_without_loading_a_metric() -> None:
    """Planning reads the registry in every process: it must not load numpy."""
    code = "import frugalseg.metrics.metric, sys; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("stage", "reruns"),
    [("train", False), ("evaluate", False), ("score", True), ("test", True), ("report", True)],
)
def test_a_changed_record_reruns_what_goes_by_it_and_no_training(stage: str, reruns: bool) -> None:
    modules = imported(f"frugalseg.stages.{stage}")
    assert ("frugalseg.metrics.metric" in modules) == reruns
