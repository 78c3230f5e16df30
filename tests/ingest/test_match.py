"""The part of their names by which images and masks are paired, and what is never guessed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest import match
from frugalseg.ingest.match import match_by_name


def paths(names: str) -> list[Path]:
    return [Path(name) for name in names.split()]


# images, their masks in the same order, and words of the rule
PAIRED: dict[str, tuple[str, str, str]] = {
    "equal": ("b.jpg a.jpg", "b.png a.png", "equal names"),
    "ending": ("a.jpg b.jpg", "a_mask.png b_GT.png", "ending such as _mask"),
    "some with an ending": ("a.jpg b.jpg", "a.png b_mask.png", "ending such as _mask"),
    "suffix in the name": ("a.jpg b.png", "a.jpg.png b.png.png", "ending such as _mask"),
    "double suffix": ("x.nii.png y.nii.png", "x.png y.png", "but for case"),
    "zeros": ("7.png 8.png", "007.png 008.png", "leading zeros"),
    "zeros of some": ("099.png 100.png", "99.png 100.png", "leading zeros"),
    "case": ("A.jpg b.png", "a.png B.png", "but for case"),
    "separators": ("a-1.png a-2.png", "a_1.png a_2.png", "separators"),
    "NFC and NFD": ("R\u00edo.png o\u0308.png", "Ri\u0301o.png \u00f6.png", "equal names"),
    "DRIVE": ("21_training.tif 22_training.tif", "21_manual1.gif 22_manual1.gif", "all masks"),
    "DRIVE, test": ("01_test.tif 02_test.tif", "01_manual1.gif 02_manual1.gif", "all masks"),
    "DRIVE, one image": ("01_test.tif", "01_manual1.gif", "beginnings"),
    "DRIVE, both parts": (
        "01_test.tif 21_training.tif",
        "01_manual1.gif 21_manual1.gif",
        "beginnings",
    ),
    "CHASE": (
        "Image_01L.jpg Image_01R.jpg",
        "Image_01L_1stHO.png Image_01R_1stHO.png",
        "all masks",
    ),
    "STARE": ("im0001.ppm im0002.ppm", "im0001.ah.ppm im0002.ah.ppm", "all masks"),
    "ISIC": (
        "ISIC_0000000.jpg ISIC_0000001.jpg",
        "ISIC_0000000_segmentation.png ISIC_0000001_segmentation.png",
        "all masks",
    ),
    "Kvasir": ("cju0qkwl3.jpg cju0qoxqj.jpg", "cju0qkwl3.jpg cju0qoxqj.jpg", "equal names"),
    "one name begins another": ("a_rgb.png a_b_rgb.png", "a_gt2.png a_b_gt2.png", "all images"),
    "middle": ("img_a_rgb.png img_b_rgb.png", "gt_a_m.png gt_b_m.png", "all images"),
    "two numbers": ("s1_t2.png s2_t1.png", "p1_q2.png p2_q1.png", "equal numbers"),
    "beginning": ("a_x.png b_y.png", "a_q.png b_z.png", "beginnings"),
    "end": ("x_a.png y_b.png", "q_a.png z_b.png", "ends"),
    "any number": ("image_v2_07.tif image_v2_10.tif", "mask_007_inv.npy mask_010_inv.npy", "all"),
    "one of them": ("image_v2_07.png", "mask_007_inv.npy", "number 2 of the image's name"),
    "other classes": ("img1.png img2.png", "img1_crack.png img2_pit.png", "equal numbers"),
}


@pytest.mark.parametrize(("images", "masks", "rule"), PAIRED.values(), ids=PAIRED)
def test_names_that_pair(images: str, masks: str, rule: str) -> None:
    result = match_by_name(paths(images), paths(masks)[::-1])
    assert result.problems == []
    assert result.pairs == list(zip(paths(images), paths(masks), strict=True))
    assert rule in result.rule


AMBIGUOUS: dict[str, tuple[str, str]] = {
    "beginning or end": ("1_2.png 2_1.png", "1_x_1.png 2_x_2.png"),
    "one number or the other": ("a1_b3.png a2_b1.png a3_b2.png", "m_1.png m_2.png m_3.png"),
    "beginning or a number": ("1_a.png 2_b.png", "1_2.png 2_1.png"),
}


@pytest.mark.parametrize(("images", "masks"), AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_two_readings_are_told_and_a_pattern_decides(images: str, masks: str) -> None:
    with pytest.raises(FrugalsegError, match="in two ways: .* belongs to .*, and to .*pair:"):
        match_by_name(paths(images), paths(masks))
    result = match_by_name(paths(images), paths(masks), r"(\d+)")
    assert (result.problems, "options.pair" in result.rule) == ([], True)
    assert result.pairs == list(zip(paths(images), paths(masks), strict=True))


UNPAIRED: dict[str, tuple[str, str, list[str]]] = {
    "nothing fits": (
        "a.png",
        "b.png",
        ["image without a mask: a.png", "mask without an image: b.png"],
    ),
    "another number": ("img_1.png", "img_2.png", ["image without a mask: img_1.png"]),
    "left over": (  # one way serves all: 7.png must not get the mask of another image 7
        "1.png 7.png",
        "1.png old_7.png",
        ["image without a mask: 7.png", "mask without an image: old_7.png"],
    ),
    "two masks of an image": (
        "a.png b.png",
        "a.png a_mask.png b.png",
        ["without an image: a_mask"],
    ),
    "two annotators": (
        "Image_01L.jpg Image_02L.jpg",
        "Image_01L_1stHO.png Image_01L_2ndHO.png Image_02L_1stHO.png Image_02L_2ndHO.png",
        ["Image_01L_1stHO.png, Image_01L_2ndHO.png", "Image_02L_1stHO.png, Image_02L_2ndHO.png"],
    ),
    "two images of a mask": (
        "x_1.tif y_1.tif",
        "m01.npy",
        ["several images of one name '1': x_1.tif, y_1.tif"],
    ),
    "masks of some images": (
        "01_test.tif 02_test.tif 11_test.tif",
        "11_manual1.gif",
        ["without a mask: 01_test.tif", "without a mask: 02_test.tif"],
    ),
    "no masks": ("a.png", "", ["image without a mask: a.png"]),
}


@pytest.mark.parametrize(("images", "masks", "problems"), UNPAIRED.values(), ids=UNPAIRED)
def test_what_does_not_fit_is_listed(images: str, masks: str, problems: list[str]) -> None:
    told = match_by_name(paths(images), paths(masks)).problems
    assert all(any(problem in line for line in told) for problem in problems), told


def test_masks_of_some_images_are_theirs() -> None:
    result = match_by_name(paths("01_test.tif 02_test.tif 11_test.tif"), paths("11_manual1.gif"))
    assert result.pairs == [(Path("11_test.tif"), Path("11_manual1.gif"))]


@given(st.sets(st.integers(0, 999), min_size=1, max_size=30), st.randoms())
def test_numbers_pair_in_any_order(numbers: set[int], random: object) -> None:
    images = [Path(f"image_v2_{n:02}.tif") for n in numbers]
    masks = [Path(f"mask_{n:03}_inv.npy") for n in sorted(numbers, reverse=True)]
    pairs, problems, _ = match_by_name(images, masks)
    assert problems == []
    assert [int(image.stem[9:]) for image, _ in pairs] == [int(mask.stem[5:8]) for _, mask in pairs]
    assert [image for image, _ in pairs] == images


@given(
    st.lists(st.text("ab01_", min_size=1, max_size=5), max_size=6, unique=True),
    st.lists(st.text("ab01_", min_size=1, max_size=5), max_size=6, unique=True),
)
def test_no_file_is_in_two_pairs_or_forgotten(images: list[str], masks: list[str]) -> None:
    own, others = (
        [Path(f"{kind}/{name}") for name in side]
        for kind, side in zip("im", (images, masks), strict=True)
    )
    try:
        pairs, problems, _ = match_by_name(own, others)
    except FrugalsegError:
        return
    used = [path for pair in pairs for path in pair]
    assert len(set(used)) == len(used)
    for path in {*own, *others} - set(used):
        assert any(str(path) in line for line in problems)


def test_a_pattern_lists_names_that_it_does_not_match() -> None:
    result = match_by_name(paths("s1_a.png s2_b.png"), paths("9_s1.png 8_q2.png"), r"s(\d)")
    assert result.pairs == [(Path("s1_a.png"), Path("9_s1.png"))]
    assert result.problems == [
        "nothing in its name to compare: 8_q2.png",
        "image without a mask: s2_b.png",
    ]


def test_a_pattern_that_is_not_valid_is_told() -> None:
    with pytest.raises(FrugalsegError, match=r"options\.pair: .*one group, found '\('"):
        match_by_name(paths("a.png"), paths("a.png"), "(")


def test_a_pattern_that_takes_forever_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match, "SECONDS", 0.5)
    with pytest.raises(FrugalsegError, match=r"took more than 0\.5 s .*repeats of repeats"):
        match_by_name([Path("a" * 60 + "!")], [Path("b")], "^(a+)+$")


def test_hostile_names_take_no_time() -> None:
    names = [Path("_".join(str(n + k) for k in range(60))) for n in range(300)]
    masks = [Path(f"{name}_z{n}") for n, name in enumerate(names)]
    assert len(match_by_name(names, masks).pairs) == 300
