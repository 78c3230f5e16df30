import json
from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.params.registration import keep_registration, read_registration
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.preregistration import Design, PlannedOrder, fingerprint

DESIGN = Design(alpha=0.05, data="d", arms={"a": "1", "b": "2", "c": "3"})
FIRST = ContrastParams(a="a", b="b")
SECOND = ContrastParams(a="a", b="c", claim="not_worse", margin=0.02)


def test_what_is_planned_at_the_first_results_is_confirmatory_for_good(tmp_path: Path) -> None:
    path = tmp_path / "preregistration.json"
    keep_registration(path, [FIRST], [0, 1], "holm", DESIGN)
    keep_registration(path, [SECOND], [0, 1, 2], "holm", DESIGN)
    found = read_registration(path)
    assert found is not None
    planned_first = [entry.before_results for entry in found.contrasts.values()]
    assert sorted(planned_first) == [False, True]
    assert found.contrasts[fingerprint(FIRST)].before_results
    assert found.seeds == [0, 1]
    assert {entry.contrast["b"] for entry in found.contrasts.values()} == {"b", "c"}


def test_the_file_is_the_same_bytes_when_nothing_is_new(tmp_path: Path) -> None:
    path = tmp_path / "preregistration.json"
    keep_registration(path, [FIRST, SECOND], [0, 1], "holm", DESIGN)
    before = path.stat().st_mtime_ns, path.read_bytes()
    keep_registration(path, [SECOND], [0, 1], "holm", DESIGN)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_the_order_of_the_first_results_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "preregistration.json"
    heavy = FIRST.model_copy(update={"weight": 3.0})
    keep_registration(path, [SECOND, heavy], [0, 1], "fallback", DESIGN)
    keep_registration(path, [FIRST, ContrastParams(a="b", b="c")], [0, 1], "holm", DESIGN)
    found = read_registration(path)
    assert found is not None
    assert found.first_order == PlannedOrder.of([SECOND, heavy], "fallback")
    assert "weight" not in found.contrasts[fingerprint(FIRST)].contrast


def test_a_file_without_an_order_had_holm_with_equal_weights(tmp_path: Path) -> None:
    path = tmp_path / "preregistration.json"
    keep_registration(path, [FIRST, SECOND], [0, 1], "holm", DESIGN)
    content = json.loads(path.read_text())
    del content["order"]
    path.write_text(json.dumps(content))
    keep_registration(path, [FIRST, ContrastParams(a="b", b="c")], [0, 1], "fixed", DESIGN)
    found = read_registration(path)
    assert found is not None
    assert len(found.contrasts) == 3
    assert found.order is None
    first = found.first_order
    assert (first.kind, first.weights) == ("holm", [1, 1])
    assert set(first.sequence) == {fingerprint(FIRST), fingerprint(SECOND)}


def test_planning_nothing_is_planning_too(tmp_path: Path) -> None:
    path = tmp_path / "preregistration.json"
    keep_registration(path, [], [0], "holm", DESIGN)
    keep_registration(path, [FIRST], [0], "holm", DESIGN)
    found = read_registration(path)
    assert found is not None
    assert not found.contrasts[fingerprint(FIRST)].before_results


def test_no_file_says_nothing(tmp_path: Path) -> None:
    assert read_registration(tmp_path / "preregistration.json") is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", json.dumps({"contrasts": {"x": {}}, "seeds": []}), '{"contrasts": 3}']
)
def test_a_damaged_file_is_not_made_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "preregistration.json"
    path.write_text(text)
    with pytest.raises(FrugalsegError, match="Restore it from git"):
        keep_registration(path, [FIRST], [0], "holm", DESIGN)
    assert path.read_text() == text
