from typing import Any

from frugalseg.settings.study import ContrastParams, Order
from frugalseg.statistics.preregistration import (
    Design,
    PlannedOrder,
    changed_order,
    changed_parts,
    fingerprint,
    standing,
)

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


def test_weights_are_no_part_of_a_contrast() -> None:
    assert fingerprint(changed(FIRST, weight=0)) == fingerprint(FIRST)
    # of a file that was written before there were weights
    old = "1faed9cc2503892bae28eb67060111fe31df75d284ab2343764e4c46868c8cfa"
    assert fingerprint(ContrastParams(a="full", b="initial")) == old


def test_a_whole_number_and_its_float_are_one_contrast() -> None:
    assert fingerprint(changed(FIRST, at=1)) == fingerprint(changed(FIRST, at=1.0))
    assert fingerprint(changed(FIRST, margin=0)) == fingerprint(FIRST)


def test_what_was_planned_before_results_is_confirmatory() -> None:
    registered = {fingerprint(FIRST): True, fingerprint(SECOND): False}
    assert standing([FIRST, SECOND], registered, ["", ""]) == ["confirmatory", "exploratory"]


def test_a_contrast_of_arms_that_changed_is_exploratory() -> None:
    registered = {fingerprint(FIRST): True}
    assert standing([FIRST], registered, ["arm b"]) == ["exploratory"]


def test_what_a_contrast_does_not_rest_on_may_change() -> None:
    before = Design(alpha=0.05, looks=[5, 8], data="d", arms={"a": "1", "b": "2", "c": "3"})
    other_arm = before.model_copy(update={"arms": {"a": "1", "b": "2", "c": "4"}})
    assert changed_parts(FIRST, other_arm, before) == []
    assert changed_parts(SECOND, other_arm, before) == ["arm c"]
    everything = Design(alpha=0.1, looks=[5], spending="obrien_fleming", data="e", arms={})
    expected = ["alpha", "looks", "spending", "data", "arm a", "arm b"]
    assert changed_parts(FIRST, everything, before) == expected


def test_a_changed_margin_after_results_is_exploratory() -> None:
    moved = changed(SECOND, margin=0.05)
    registered = {fingerprint(SECOND): True}
    assert standing([moved, SECOND], registered, ["", ""]) == ["exploratory", "confirmatory"]
    assert standing([FIRST], {}, [""]) == ["exploratory"]


def test_what_changes_an_order() -> None:
    third = ContrastParams(a="c", b="b")

    def change(kind: Order, planned: list[ContrastParams], registered: Order = "fixed") -> str:
        before = PlannedOrder.of([FIRST, SECOND], registered)
        return changed_order(PlannedOrder.of(planned, kind), before)

    assert change("fixed", [FIRST, SECOND]) == ""
    assert change("fixed", [third, FIRST, third, SECOND]) == ""
    assert change("fixed", [SECOND, FIRST]) == "sequence"
    assert change("holm", [SECOND, FIRST], "holm") == ""
    assert change("holm", [FIRST, SECOND]) == "order: fixed, now holm"
    assert change("holm", [FIRST, changed(SECOND, weight=2)], "holm") == "weights"
    assert change("holm", [SECOND, third], "holm") == "1 registered contrast taken out"
