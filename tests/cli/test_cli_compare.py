import json
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from frugalseg.cli import compare

RUN = {"arm": "full", "seed": 0, "threads": 1, "versions": {"torch": "2.9"}, "seconds": 3.0}


@pytest.fixture
def runs(tmp_path: Path) -> Namespace:
    """Two folders of the same run, that took other times."""
    folders = [tmp_path / "one", tmp_path / "other"]
    for number, folder in enumerate(folders):
        folder.mkdir()
        (folder / "run.json").write_text(json.dumps(RUN | {"seconds": 3.0 + number}))
        save_file({"x": np.zeros(2, np.float32)}, folder / "model.safetensors")
    return Namespace(one=folders[0], other=folders[1])


def test_equal_runs_differ_in_their_times(runs: Namespace) -> None:
    lines = compare.run(runs).splitlines()
    assert [line.split() for line in lines[:2]] == [["cost:"], ["seconds", "3.0", "->", "4.0"]]
    same = "the same: run, parameters, inputs, code, versions, hardware, results"
    assert lines[2:] == [same, "weights: equal"]


def test_a_difference_of_weights_comes_with_what_may_cause_it(runs: Namespace) -> None:
    save_file({"x": np.ones(2, np.float32)}, runs.other / "model.safetensors")
    assert compare.run(runs).endswith("weights: differ by up to 1; nothing above explains it")
    (runs.other / "run.json").write_text(json.dumps(RUN | {"threads": 2, "arm": "x" * 50}))
    text = compare.run(Namespace(one=runs.one, other=runs.other / "run.json"))
    assert text.endswith("differ by up to 1; what may cause it: run, hardware")
    assert f"full  ->  {'x' * 31}...\n" in text


def test_without_models_weights_are_not_compared(runs: Namespace) -> None:
    (runs.one / "model.safetensors").unlink()
    assert "weights: not compared" in compare.run(runs)
