from dataclasses import replace

import numpy as np
import pytest

from frugalseg.reporting.figures.canvas import WIDE, house_style
from frugalseg.reporting.figures.gallery import gallery_drawings, load_gallery, outlined
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.overlay import error_map


def test_panels_show_the_last_round(study: Study) -> None:
    item = load_gallery(study)[0]
    assert [panel.arm for panel in item.panels] == list(study.arms)
    last = study.samples["random"].predictions[2, item.image_id].mask()
    np.testing.assert_array_equal(item.panels[2].errors, error_map(last, item.target))


def test_dice_of_a_panel(study: Study) -> None:
    item = load_gallery(study)[0]
    panel = item.panels[0]
    pred = study.samples[panel.arm].predictions[0, item.image_id].mask() > 0
    known = item.target != 255
    truth = known & (item.target > 0)
    both = (pred & truth).sum()
    assert panel.dice == pytest.approx(2 * both / ((pred & known).sum() + truth.sum()))


def test_option_limits_the_images(study: Study) -> None:
    few = replace(study, params={**study.params, "report": {"samples": 2}})
    assert len(load_gallery(few)) == 2
    assert len(load_gallery(study)) == 4


def test_an_image_that_is_not_in_the_stack_is_left_out(study: Study) -> None:
    renamed = study.index.assign(image_id=study.index["image_id"].replace("image-000", "x"))
    ids = [item.image_id for item in load_gallery(replace(study, index=renamed))]
    assert "image-000" not in ids
    assert len(ids) == 3


def test_figure_and_data(study: Study) -> None:
    drawing = next(gallery_drawings(study))
    assert len(drawing.data) == 4 * 5
    with house_style():
        figure = drawing.draw(WIDE)
    assert len(figure.axes) == 4 * (2 + 5)


def test_no_samples_no_figure(study: Study) -> None:
    assert not list(gallery_drawings(replace(study, samples={})))


def test_outlined_paints_the_border_only(study: Study) -> None:
    image, mask = np.zeros((4, 4, 1), np.uint8), np.zeros((4, 4), np.uint8)
    mask[1:3, 1:3] = 1
    assert (outlined(image, mask).any(axis=2) == (mask > 0)).all()


def test_images_with_a_defect_come_first_but_not_alone(study: Study) -> None:
    index = study.index.assign(foreground=np.where(study.index["row"] == 4, 9, 0))
    ids = [item.image_id for item in load_gallery(replace(study, index=index))]
    assert ids == ["image-004", "image-000", "image-008", "image-012"]
    index = study.index.assign(foreground=study.index["row"])
    few = replace(study, index=index, params={**study.params, "report": {"samples": 3}})
    # the smallest defect and the largest, and one without
    assert [s.image_id for s in load_gallery(few)] == ["image-004", "image-012", "image-000"]
