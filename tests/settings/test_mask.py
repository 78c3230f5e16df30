from typing import Any

import pytest
from pydantic import ValidationError

from frugalseg.ingest.mask.methods import METHODS
from frugalseg.settings.mask import MASK_METHODS, MaskParams


def test_every_method_is_known_to_the_settings_and_to_the_library() -> None:
    assert set(MASK_METHODS) == set(METHODS)


def test_without_method_and_option_the_reader_decides() -> None:
    assert MaskParams().method is None


@pytest.mark.parametrize(
    ("option", "method"),
    [
        ({"threshold": 0}, "threshold"),
        ({"value": 2}, "equals"),
        ({"values": {"pit": [1, 2]}}, "values"),
        ({"colors": {"pit": (0, 1, 2)}}, "colors"),
        ({"pattern": "{image}_{class}"}, "files"),
    ],
)
def test_an_option_alone_stands_for_its_method(option: dict[str, Any], method: str) -> None:
    assert MaskParams(**option).method == method


def test_only_the_threshold_has_a_default() -> None:
    assert MaskParams(method="threshold").threshold is None
    assert MaskParams(method="threshold").cut == 127
    assert MaskParams(threshold=0).cut == 0
    assert MaskParams(method="otsu").cut is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"method": "equals"}, "the method 'equals' needs the option 'value'. Add it"),
        ({"method": "colors"}, "'colors' needs the option 'colors'"),
        ({"method": "nonzero", "threshold": 3.0}, "'nonzero' takes no 'threshold'. Leave it out"),
        ({"method": "index", "colors": {"a": (1, 1, 1)}}, "'index' takes no 'colors'"),
        ({"value": 2, "threshold": 3}, "threshold and value are options of different methods"),
        ({"values": {"pit": []}}, "expected a whole number, or a list"),
        ({"values": {"pit": True}}, "expected a whole number, or a list"),
    ],
)
def test_options_that_do_not_fit_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        MaskParams(**fields)
