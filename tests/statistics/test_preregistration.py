from dataclasses import replace

from frugalseg.statistics.contrast import Contrast
from frugalseg.statistics.preregistration import fingerprint, register, standing

FIRST = Contrast("a", "b")
SECOND = Contrast("a", "c", claim="not_worse", margin=0.02)


def test_every_field_counts_in_the_fingerprint() -> None:
    changed = [
        Contrast("b", "a"),
        replace(FIRST, metric="iou"),
        replace(FIRST, at=0.5),
        replace(FIRST, margin=0.01),
        replace(FIRST, claim="equivalent", margin=0.01),
    ]
    assert len({fingerprint(contrast) for contrast in [FIRST, *changed]}) == 6
    assert fingerprint(FIRST) == fingerprint(Contrast("a", "b"))


def test_a_whole_number_and_its_float_are_one_contrast() -> None:
    assert fingerprint(replace(FIRST, at=1)) == fingerprint(replace(FIRST, at=1.0))
    assert fingerprint(replace(FIRST, margin=0)) == fingerprint(FIRST)


def test_what_was_planned_before_results_is_confirmatory() -> None:
    before = register([FIRST], None, results_exist=False)
    after = register([FIRST, SECOND], before, results_exist=True)
    assert standing([FIRST, SECOND], after) == ["confirmatory", "exploratory"]


def test_a_changed_margin_after_results_is_exploratory_and_the_old_one_stays() -> None:
    before = register([SECOND], None, results_exist=False)
    moved = replace(SECOND, margin=0.05)
    after = register([moved], before, results_exist=True)
    assert standing([moved, SECOND], after) == ["exploratory", "confirmatory"]


def test_adding_before_results_is_planning() -> None:
    first = register([FIRST], None, results_exist=False)
    assert standing([SECOND], register([SECOND], first, results_exist=False)) == ["confirmatory"]


def test_without_a_record_nothing_is_confirmatory() -> None:
    assert standing([FIRST], register([FIRST], None, results_exist=True)) == ["exploratory"]
    assert standing([FIRST], {}) == ["exploratory"]
