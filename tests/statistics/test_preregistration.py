from typing import Any

from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.preregistration import fingerprint, register, standing

FIRST = ContrastParams(a="a", b="b")
SECOND = ContrastParams(a="a", b="c", claim="not_worse", margin=0.02)


def changed(contrast: ContrastParams, **fields: Any) -> ContrastParams:
    return ContrastParams(**contrast.model_dump() | fields)


def test_every_field_counts_in_the_fingerprint() -> None:
    others = [
        ContrastParams(a="b", b="a"),
        changed(FIRST, metric="iou"),
        changed(FIRST, at=0.5),
        changed(FIRST, margin=0.01),
        changed(FIRST, claim="equivalent", margin=0.01),
    ]
    assert len({fingerprint(contrast) for contrast in [FIRST, *others]}) == 6
    assert fingerprint(FIRST) == fingerprint(ContrastParams(a="a", b="b"))


def test_a_whole_number_and_its_float_are_one_contrast() -> None:
    assert fingerprint(changed(FIRST, at=1)) == fingerprint(changed(FIRST, at=1.0))
    assert fingerprint(changed(FIRST, margin=0)) == fingerprint(FIRST)


def test_what_was_planned_before_results_is_confirmatory() -> None:
    before = register([FIRST], None, results_exist=False)
    after = register([FIRST, SECOND], before, results_exist=True)
    assert standing([FIRST, SECOND], after) == ["confirmatory", "exploratory"]


def test_a_changed_margin_after_results_is_exploratory_and_the_old_one_stays() -> None:
    before = register([SECOND], None, results_exist=False)
    moved = changed(SECOND, margin=0.05)
    after = register([moved], before, results_exist=True)
    assert standing([moved, SECOND], after) == ["exploratory", "confirmatory"]


def test_adding_before_results_is_planning() -> None:
    first = register([FIRST], None, results_exist=False)
    assert standing([SECOND], register([SECOND], first, results_exist=False)) == ["confirmatory"]


def test_without_a_record_nothing_is_confirmatory() -> None:
    assert standing([FIRST], register([FIRST], None, results_exist=True)) == ["exploratory"]
    assert standing([FIRST], {}) == ["exploratory"]
