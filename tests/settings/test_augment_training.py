import pytest
from pydantic import ValidationError

from frugalseg.settings.training import AugmentParams


def test_nothing_happens_by_default() -> None:
    found = AugmentParams()
    assert (found.hflip, found.vflip, found.rot90, found.brightness) == (0, 0, False, 0)
    assert found.affine is None
    assert found.crop is None


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"hflip": 1.5}, "hflip"),
        ({"affine": {"rotate": 200}}, "affine.rotate"),
        ({"affine": {"scale": 1}}, "affine.scale"),
        ({"crop": {"size": [30, 64]}}, "crop.size"),
        ({"crop": {}}, "crop.size"),
        ({"blur": 1}, "blur"),
    ],
)
def test_a_fault_names_its_key(fields: dict[str, object], place: str) -> None:
    with pytest.raises(ValidationError, match=place):
        AugmentParams.model_validate(fields)
