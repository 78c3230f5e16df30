from dataclasses import replace

import pytest

from frugalseg.reporting.lines import cost_axes
from frugalseg.reporting.load.study import Study


def test_units_suit_the_study(study: Study) -> None:
    # The dearest arm buys 20 images of 48 x 64 pixels, a minute each.
    labels = [axis.label for axis in cost_axes(study)]
    assert labels == [
        "labeled images",
        "labeled kilopixels",
        "annotation minutes",
        "annotation cost (€, 30 an hour)",
    ]


def test_money_is_time_times_price(study: Study) -> None:
    money = cost_axes(study)[-1]
    full = study.curve[study.curve["arm"] == "full"].head(1)
    assert money.of(full).tolist() == [pytest.approx(20 * 60 / 3600 * 30)]


def test_without_a_price_there_is_no_money(study: Study) -> None:
    free = replace(study, params={**study.params, "costs": {}})
    assert [axis.key for axis in cost_axes(free)] == ["images", "pixels", "time"]


def test_a_cost_that_was_not_kept_is_left_out(study: Study) -> None:
    blind = replace(study, curve=study.curve.drop(columns=["pixels", "seconds"]))
    assert [axis.key for axis in cost_axes(blind)] == ["images"]


def test_where_regions_were_bought_pixels_come_first_and_images_are_explained(
    study: Study,
) -> None:
    assert all(axis.note == "" for axis in cost_axes(study))
    regions = replace(study, labels=study.labels.assign(unit="region"))
    axes = cost_axes(regions)
    assert [axis.key for axis in axes] == ["pixels", "time", "images", "price"]
    assert axes[2].note.startswith("An image of which any region was bought counts")
