from frugalseg.metrics import CALIBRATION_METRICS, CLASS_METRICS, METRICS, OBJECT_METRICS
from frugalseg.metrics.direction import LOWER_IS_BETTER


def test_every_name_is_that_of_a_metric() -> None:
    known = {*METRICS, *CALIBRATION_METRICS, *OBJECT_METRICS, *CLASS_METRICS}
    assert known >= LOWER_IS_BETTER


def test_errors_are_better_low_and_scores_high() -> None:
    assert set(CALIBRATION_METRICS) <= LOWER_IS_BETTER
    assert set(METRICS) & LOWER_IS_BETTER == {"image_fpr"}
    assert not {*OBJECT_METRICS, *CLASS_METRICS} & LOWER_IS_BETTER
