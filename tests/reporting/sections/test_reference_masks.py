from dataclasses import replace

import pandas as pd

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.reference_masks import reference_cost


def test_test_masks_are_charged_once_whatever_the_seeds(study: Study) -> None:
    parts = pd.DataFrame(
        {"seed": [1] * 40 + [2] * 40, "part": (["test"] * 30 + ["train"] * 10) * 2}
    )
    shown = replace(study, parts=parts, params={**study.params, "costs": {"mask_seconds": 60}})
    expected = "Not counted, and paid once for all arms: 30 test masks (30 min)."
    assert reference_cost(shown) == expected


def test_nothing_is_said_of_what_is_not_known(study: Study) -> None:
    assert reference_cost(replace(study, parts=study.parts.iloc[:0])) == ""
    assert reference_cost(replace(study, params={})) == ""
