"""CONTRIBUTING.md says what a new metric takes; a copy of the library gets one, and no more."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FUNCTION = '''

def miss_rate(counts: Counts) -> float:
    """Share of the pixels of the class that were missed."""
    return 1 - recall(counts)
'''
RECORD = """METRICS = {
    "miss_rate": Metric(
        "frugalseg.metrics.overlap:miss_rate", "counts", "Miss rate", "share missed", "lower"
    ),
"""
USE = """
import sys
from pathlib import Path
import pandas as pd
from frugalseg.metrics.scores import score_counts
from frugalseg.params import load
from frugalseg.reporting import wording
from frugalseg.settings.study import ContrastParams, StatisticsParams
from frugalseg.statistics.summarize import contrast_table
import numpy as np

load(Path(sys.argv[1]), overrides={"report": {"metric": "miss_rate"}})
row = {"round": 0, "image_id": "a", "class": "pit", "threshold": "validation"}
counts = pd.DataFrame([row | {"tp": 3, "fp": 0, "fn": 1, "tn": 6}])
values = score_counts(counts).set_index("metric")["value"]
assert values["miss_rate"] == 0.25, values
scores = pd.concat([
    score_counts(counts).assign(arm=arm, seed=seed, fraction=0.1)
    for arm in ("one", "two") for seed in (0, 1)
])
planned = [ContrastParams(a="one", b="two", metric="miss_rate")]
table = contrast_table(scores, planned, StatisticsParams(), rng=np.random.default_rng(0))
assert table["better"].tolist() == ["lower"]
assert wording.metric_label("miss_rate") == "Miss rate"
assert wording.metric_note("miss_rate") == "share missed; lower is better"
"""


def section(heading: str) -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    return text.split(f"### {heading}\n")[1].split("\n## ")[0].split("\n### ")[0]


def test_a_metric_takes_a_function_and_a_record(tmp_path: Path) -> None:
    places = set(re.findall(r"`(src/[^`]+)`", section("A metric")))
    assert places == {"src/frugalseg/metrics/", "src/frugalseg/metrics/metric.py"}
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    metrics = tmp_path / "src/frugalseg/metrics"
    with (metrics / "overlap.py").open("a") as module:
        module.write(FUNCTION)
    registry = metrics / "metric.py"
    registry.write_text(registry.read_text().replace("METRICS = {\n", RECORD, 1))
    used = subprocess.run(
        [sys.executable, "-c", USE, str(ROOT / "params.yaml")],
        env={"PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert used.returncode == 0, used.stderr
