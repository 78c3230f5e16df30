import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from frugalseg.reporting.load.defects import classes_by_image, measure

MASK = np.array(
    [
        [1, 0, 0, 2, 2],
        [0, 1, 0, 0, 0],
        [0, 0, 255, 0, 1],
        [3, 1, 255, 0, 0],
    ],
    np.uint8,
)
CLASSES = ("crack", "pit", "dent")


def test_touching_pixels_of_one_class_are_one_defect() -> None:
    found = measure(MASK[None], ["a"], CLASSES)
    assert sorted(zip(found["class"], found["area"], strict=True)) == [
        ("crack", 1),  # at the right
        ("crack", 1),  # at the bottom, beside the dent
        ("crack", 2),  # joined at a corner
        ("dent", 1),
        ("pit", 2),
    ]
    assert set(found["image_id"]) == {"a"}


def test_images_without_a_defect_have_no_row() -> None:
    masks = np.stack([np.zeros((4, 5), np.uint8), MASK, np.full((4, 5), 255, np.uint8)])
    assert set(measure(masks, ["a", "b", "c"], CLASSES)["image_id"]) == {"b"}
    nothing = measure(masks[:1], ["a"], CLASSES)
    assert nothing.empty
    assert list(nothing) == ["image_id", "class", "area"]


def test_classes_that_an_image_holds() -> None:
    masks = np.stack([MASK, np.where(MASK == 3, MASK, 0)])
    found = classes_by_image(measure(masks, ["a", "1"], CLASSES))
    assert found == {"a": ("crack", "dent", "pit"), "1": ("dent",)}


@given(arrays(np.uint8, (2, 6, 7), elements=st.sampled_from([0, 1, 2, 255])))
def test_areas_add_up_to_the_pixels_of_each_class(masks: np.ndarray) -> None:
    found = measure(masks, ["a", "b"], CLASSES[:2])
    for number, name in enumerate(CLASSES[:2], start=1):
        for image_id, mask in zip("ab", masks, strict=True):
            here = (found["class"] == name) & (found["image_id"] == image_id)
            assert found.loc[here, "area"].sum() == (mask == number).sum()
