import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from frugalseg.core.errors import FrugalsegError
from frugalseg.provenance.compare import differences, read_run, weight_difference

RUN: dict[str, Any] = {
    "arm": "full",
    "seed": 0,
    "training": {"lr": 0.1, "loss": {"dice": {"weight": 1.0}}, "augment": {}},
    "inputs": {"stack": "aa"},
    "versions": {"torch": "2.9"},
    "machine": {"cores": "2"},
    "threads": 1,
    "seconds": 3.0,
}


def changed(**entries: Any) -> dict[str, Any]:
    return RUN | entries


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, []),
        ({"seed": 1}, [("run", "seed", 0, 1)]),
        (
            {"training": {"lr": 0.1, "loss": {"dice": {"weight": 2.0}}, "augment": {}}},
            [("parameters", "training.loss.dice.weight", 1.0, 2.0)],
        ),
        ({"inputs": {"stack": "bb"}}, [("inputs", "inputs.stack", "aa", "bb")]),
        (
            {"inputs": {"stack": "aa", "start": "cc"}},
            [("inputs", "inputs.start", "-", "cc")],
        ),
        (
            {"versions": {"torch": "3"}, "seconds": 4.0, "threads": 2},
            [
                ("versions", "versions.torch", "2.9", "3"),
                ("hardware", "threads", 1, 2),
                ("cost", "seconds", 3.0, 4.0),
            ],
        ),
        ({"new_option": 5}, [("parameters", "new_option", "-", 5)]),
    ],
)
def test_what_differs_is_told_by_section(
    other: dict[str, Any], expected: list[tuple[str, str, Any, Any]]
) -> None:
    found = differences(RUN, changed(**other)).items()
    assert [(s, name, *pair) for s, pairs in found for name, pair in pairs.items()] == expected


def test_a_run_is_its_folder_or_its_file(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text(json.dumps(RUN))
    assert read_run(tmp_path) == read_run(file) == RUN


@pytest.mark.parametrize("text", [None, "{", "[]", '{"a": 1}'])
def test_what_is_no_run_is_a_clear_error(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "run.json").write_text(text)
    with pytest.raises(FrugalsegError, match=r"run.json: expected the run.json of a training"):
        read_run(tmp_path)


def test_weights_differ_by_their_largest_gap(tmp_path: Path) -> None:
    one, other, third = (tmp_path / name for name in ("a", "b", "c"))
    save_file({"x": np.array([1.0, 2.0], np.float32), "n": np.array(3)}, one)
    save_file({"x": np.array([1.0, 2.5], np.float32), "n": np.array(3)}, other)
    save_file({"x": np.zeros(3, np.float32)}, third)
    assert weight_difference(one, one) == 0
    assert weight_difference(one, other) == 0.5
    assert weight_difference(one, third) is None
    assert weight_difference(one, tmp_path / "none") is None
