from dataclasses import replace

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.pictures import build_album


def test_a_photo_is_embedded_once(study: Study) -> None:
    album = build_album(study)
    bought = {picture.photo for strip in album.bought for picture in strip.pictures}
    assert bought == set(range(12, len(album.photos)))
    assert bought
    assert [picture.photo for picture in album.sheet] == list(range(12))


def test_alternative_texts_say_what_is_seen(study: Study) -> None:
    album = build_album(study)
    assert all(picture.alt.startswith(f"{picture.label}: ") for picture in album.sheet)
    assert all(picture.alt for strip in album.bought for picture in strip.pictures)


def test_without_samples_there_is_still_the_sheet(study: Study) -> None:
    assert len(build_album(replace(study, samples={})).sheet) == 12
