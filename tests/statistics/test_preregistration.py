from typing import Any

from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.preregistration import fingerprint, standing

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
    registered = {fingerprint(FIRST): True, fingerprint(SECOND): False}
    assert standing([FIRST, SECOND], registered) == ["confirmatory", "exploratory"]


def test_a_changed_margin_after_results_is_exploratory() -> None:
    moved = changed(SECOND, margin=0.05)
    registered = {fingerprint(SECOND): True}
    assert standing([moved, SECOND], registered) == ["exploratory", "confirmatory"]
    assert standing([FIRST], {}) == ["exploratory"]
