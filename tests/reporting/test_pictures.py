import base64
from dataclasses import replace
from io import BytesIO

import numpy as np
from PIL import Image

from frugalseg.reporting.overlay import error_map
from frugalseg.reporting.palette import FALSE, HIT, MISSED
from frugalseg.reporting.pictures import build_album, views
from frugalseg.reporting.study import Study


def test_a_photo_is_embedded_once(study: Study) -> None:
    album = build_album(study)
    bought = {picture.photo for strip in album.bought for picture in strip.pictures}
    assert bought == set(range(4 + 12, len(album.photos)))
    assert bought
    assert len(album.strips) == 4
    for number, strip in enumerate(album.strips):
        assert {picture.photo for picture in strip.pictures} == {number}
        assert [p.label for p in strip.pictures] == ["image", "truth", *study.arms]
    assert [picture.photo for picture in album.sheet] == list(range(4, 16))


def test_the_error_layer_has_the_colors_of_the_legend(study: Study) -> None:
    picture = build_album(study).strips[0].pictures[2]
    layer = next(layer for layer in picture.layers if layer.view == "errors")
    shown = Image.open(BytesIO(base64.b64decode(layer.uri.split(",")[1])))
    row = study.index["image_id"].tolist().index("image-000")
    errors = error_map(study.samples["full"].preds[-1, 0], np.asarray(study.masks[row]))
    colors = np.array([(0, 0, 0), HIT, MISSED, FALSE])
    np.testing.assert_array_equal(np.asarray(shown.convert("RGBA"))[..., :3], colors[errors])


def test_alternative_texts_count_pixels(study: Study) -> None:
    alt = build_album(study).strips[0].pictures[2].alt
    assert alt.startswith("full on image-000: ")
    assert alt.endswith("found falsely")


def test_views_can_be_chosen(study: Study) -> None:
    assert views(build_album(study).strips) == ("errors", "prediction", "probability")


def test_without_samples_there_is_only_the_sheet(study: Study) -> None:
    album = build_album(replace(study, samples={}))
    assert album.strips == ()
    assert len(album.sheet) == 12


def test_notes_tell_a_false_alarm_from_an_empty_image(study: Study) -> None:
    empty = replace(study, masks=np.zeros_like(study.masks))
    assert build_album(empty).strips[0].pictures[2].note == "false alarm"
    quiet = {arm: replace(s, preds=s.preds * 0) for arm, s in study.samples.items()}
    shown = build_album(replace(empty, samples=quiet)).strips[0].pictures[2]
    assert shown.note == "rightly empty"
