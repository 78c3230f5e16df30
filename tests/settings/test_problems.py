from typing import Any, Literal

import pytest
from pydantic import ValidationError

from frugalseg.settings.problems import list_problems
from frugalseg.settings.section import Amount, Section


class Inner(Section):
    share: Amount | Literal["all"] = 1.0
    steps: int


class Outer(Section):
    inner: dict[str, Inner]


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (
            {"steps": 1, "share": 2.0},
            "inner.a.share: expected a share of the images above 0 and at most 1, or 'all'; "
            "found 2.0",
        ),
        ({}, "inner.a.steps: required, but missing"),
        ({"steps": "x"}, "inner.a.steps: expected an integer; found 'x'"),
        (3, "inner.a: expected a mapping; found 3"),
        (
            {"stps": 1},
            "inner.a: unknown key 'stps'. Did you mean 'steps'? Valid keys: share, steps",
        ),
    ],
)
def test_a_problem_has_a_key_of_the_document_and_our_words(inner: Any, expected: str) -> None:
    document = {"inner": {"a": inner}}
    with pytest.raises(ValidationError) as error:
        Outer.model_validate(document)
    assert list_problems(error.value, document) == [expected]
    assert list_problems(error.value, document, "top") == [f"top.{expected}"]
