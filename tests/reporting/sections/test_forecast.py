from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.forecast import (
    forecast_section,
    gain_sentence,
    headline_forecast,
    next_target,
    target_sentence,
)

FORECAST = pd.DataFrame(
    {
        "arm": "random",
        "part": ["measured", "measured", "forecast", "forecast", "forecast"],
        "unit": "masks",
        "images": [10.0, 40.0, 40.0, 80.0, 160.0],
        "seconds": [600.0, 2400.0, 2400.0, 4800.0, 9600.0],
        "ratio": [0.25, 1.0, 1.0, 2.0, 4.0],
        "score": [0.6, 0.7, 0.7, 0.72, 0.735],
        "low": [0.5, 0.6, 0.68, 0.69, 0.7],
        "high": [0.7, 0.8, 0.72, 0.75, 0.77],
        "gain": [np.nan, np.nan, 0.0, 0.021, 0.035],
        "gain_low": [np.nan, np.nan, 0.0, 0.008, 0.012],
        "gain_high": [np.nan, np.nan, 0.0, 0.034, 0.06],
        "flat": False,
    }
)
TARGET = {
    **{"arm": "random", "target": 0.8, "state": "takes", "still_rising": False},
    **{"images": 190.0, "images_low": 140.0, "images_high": 320.0},
    **{"seconds": 11400.0, "seconds_low": 8400.0, "seconds_high": 19200.0},
    **{"level": 0.78, "level_low": 0.76, "level_high": 0.81},
}
GAINS = (
    "40 more masks (40 min) are worth about +0.021 Dice [+0.008, +0.034]; "
    "120 more about +0.035 [+0.012, +0.060]."
)


def test_gains_are_said_in_masks_or_in_time() -> None:
    assert gain_sentence(FORECAST, "Dice", (2, 4)) == GAINS
    said = gain_sentence(FORECAST.assign(unit="time"), "Dice", (2,))
    assert said.startswith("40 min more annotation are worth about +0.021 Dice")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "Dice 0.8 takes about 190 masks [140, 320]."),
        ({"state": "reached"}, "Dice 0.8 is reached with the 40 masks at hand, or fewer."),
        (
            {"state": "not reached"},
            "Dice 0.8 is not reached: the curve levels off at about 0.780 [0.760, 0.810].",
        ),
        (
            {"state": "not reached", "still_rising": True},
            "Dice 0.8 takes more than 32 times the 40 masks at hand.",
        ),
        (
            {"state": "takes at least"},
            "Dice 0.8 takes at least 140 masks, most likely about 190; the most cannot be told "
            "yet: label 40 masks more and ask again.",
        ),
        (
            {"state": "takes at least", "seconds": float("inf")},
            "Dice 0.8 takes at least 140 masks; the most cannot be told yet: label 40 masks more "
            "and ask again.",
        ),
        (
            {"state": "cannot be told"},
            "What Dice 0.8 takes cannot be told from this curve: label 40 masks more and ask "
            "again.",
        ),
    ],
)
def test_every_state_of_a_target_has_its_words(changes: dict[str, object], expected: str) -> None:
    assert target_sentence(TARGET | changes, FORECAST, "Dice") == expected


def with_tables(study: Study, forecasts: pd.DataFrame = FORECAST) -> Study:
    tables = {"forecast": forecasts, "targets": pd.DataFrame([TARGET])}
    return replace(study, further={**study.further, **tables})


def test_the_headline_names_the_next_gain_and_a_target(study: Study) -> None:
    gain = gain_sentence(FORECAST, "Dice", (2.0,))
    assert headline_forecast(with_tables(study)) == (
        f"{gain[:-1]}; Dice 0.8 takes about 190 masks [140, 320]."
    )
    flat = headline_forecast(with_tables(study, FORECAST.assign(flat=True)))
    assert flat.startswith("Dice is 0.600 from the first point of the curve on: 10 masks are")
    assert headline_forecast(with_tables(study, pd.DataFrame())) == ""


def test_a_target_out_of_reach_is_not_in_the_headline(study: Study) -> None:
    told = with_tables(study)
    assert next_target(told) == ""
    targets = pd.DataFrame([TARGET | {"state": "cannot be told"}])
    open_ = replace(told, further={**told.further, "targets": targets})
    assert headline_forecast(open_) == gain_sentence(FORECAST, "Dice", (2.0,))
    assert next_target(open_).startswith("What Dice 0.8 takes cannot be told")
    assert next_target(with_tables(study, pd.DataFrame())) == ""


def test_the_section_has_every_curve_and_the_next_hour(study: Study) -> None:
    hour = FORECAST.iloc[[3]].assign(seconds=6000.0, images=100.0, ratio=2.5)
    section = forecast_section(with_tables(study, pd.concat([FORECAST, hour])))
    assert section is not None
    assert section.sentences[0].startswith(f"random: {GAINS}")
    expected = "The next hour of annotation (€ 30) buys: random +0.021 [+0.008, +0.034]."
    assert section.sentences[1] == expected
    assert len(section.tables[0].rows) == 3
    assert forecast_section(with_tables(study, pd.DataFrame())) is None
