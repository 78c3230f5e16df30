"""Mask files of every coding through the stage `prepare`: right pixels, or the right message."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mask_codings import (
    BLACK_FIRST,
    BOOL,
    COLORED_PALETTE,
    DEEP_WHITE,
    EDGES,
    HUNDRED,
    INVERTED,
    JPEG,
    NINE,
    ODD_DEEP,
    ONE,
    ONE_BIT,
    OWN,
    RED,
    SIDE,
    TRIMAP,
    VOID,
    WHITE,
    WHITE_FIRST,
    Coding,
    Pixels,
    array_of,
    edges_of_12_bits,
    faint_edges,
    gray_with_alpha,
    in_alpha,
    miniswhite,
    numbered,
    png,
    rgb16,
    shape,
    thin_classes,
    times,
    two_classes,
)

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json
from frugalseg.settings.dataset import DataSetParams
from frugalseg.stages import prepare

Codings = list[Coding]
Options = dict[str, Any]
INDEX: Options = {"mask": {"method": "index"}}
NONZERO: Options = {"mask": {"method": "nonzero"}}
THRESHOLD: Options = {"mask": {"method": "threshold"}}
AT_127: Options = {"mask": {"method": "threshold", "threshold": 127}}


def values(**codes: int | list[int]) -> Options:
    return {"mask": {"values": codes}}


def run(folder: Path, masks: dict[str, bytes], **changes: Any) -> tuple[Pixels, dict[str, Any]]:
    """Prepare images with these mask files; return the stack's masks and its card."""
    rng = np.random.default_rng(0)
    archive, out = folder / "archive.zip", folder / "stack"
    with zipfile.ZipFile(archive, "w") as zipped:
        for name in sorted({Path(name).stem.split("_")[0] for name in masks}):
            pixels = rng.integers(0, 255, (SIDE, SIDE, 3)).astype(np.uint8)
            zipped.writestr(f"images/{name}.png", png(pixels))
        for name, content in masks.items():
            zipped.writestr(f"masks/{name}", content)
    entry = {"source": "file:x", "reader": "folder", "image_size": [SIDE, SIDE]} | changes
    prepare.run(archive, out, DataSetParams.model_validate(entry), name="mine", threads=2)
    return np.load(out / "masks.npy"), read_json(out / "card.json")


def coded(*codings: Coding, count: int = 6) -> dict[str, bytes]:
    """Return masks that take turns in how they are coded."""
    files = {}
    for number in range(count):
        suffix, encode = codings[number % len(codings)]
        files[f"{number}{suffix}"] = encode(shape(number), number)
    return files


READ: dict[str, tuple[Codings, Options]] = {
    "0/1 and 0/255": ([ONE, WHITE], {}),
    "one 0/100 among 0/255": ([WHITE] * 5 + [HUNDRED], {}),
    "a value of its own in each": ([OWN], {}),
    "16 bits beside 8": ([WHITE, DEEP_WHITE], {}),
    "16 bits of odd values": ([WHITE, ODD_DEEP], {}),
    "floats beside 8 bits": ([WHITE, (".npy", array_of(1, np.float32))], {}),
    "floats beside 0/1": ([ONE, (".npy", array_of(1, np.float64))], {}),
    "floats up to 255": ([WHITE, (".npy", array_of(255, np.float32))], {}),
    "bool arrays beside 0/1": ([ONE, BOOL], {}),
    "int64 beside 0/255": ([WHITE, (".npy", array_of(1, np.int64))], {}),
    "bool arrays": ([WHITE, BOOL], {}),
    "bool arrays alone": ([BOOL], {}),
    "one bit": ([WHITE, ONE_BIT, ONE], {}),
    "one bit under a threshold": ([WHITE, ONE_BIT, BOOL], THRESHOLD),
    "gray with alpha": ([WHITE, (".png", gray_with_alpha)], {}),
    "the shape in alpha": ([(".png", in_alpha(0))], {}),
    "white with the shape in alpha": ([WHITE, (".png", in_alpha(255))], {}),
    "alpha under nonzero": ([(".png", in_alpha(0)), (".png", in_alpha(255))], NONZERO),
    "MinIsWhite": ([(".tif", miniswhite(255, np.uint8))], {}),
    "MinIsWhite of one bit": ([(".tif", miniswhite(1, np.bool_))], {}),
    "MinIsWhite of 16 bits": ([WHITE, (".tif", miniswhite(65535, np.uint16))], {}),
    "a palette that begins with white": ([WHITE_FIRST], {}),
    "white first, under nonzero": ([WHITE_FIRST, BLACK_FIRST], NONZERO),
    "white first and black first": ([WHITE_FIRST, BLACK_FIRST, WHITE], {}),
    "a palette with a color": ([COLORED_PALETTE, WHITE], {}),
    "a palette under index": ([COLORED_PALETTE, BLACK_FIRST, ONE], INDEX),
    "bool arrays under index": ([BOOL], INDEX),
    "one bit under index": ([ONE, ONE_BIT], INDEX),
    "0/1 under index": ([ONE], INDEX),
    "a color under nonzero": ([RED], NONZERO),
    "16-bit RGB": ([(".tif", rgb16(65535))], {}),
    "16-bit RGB of 0/1": ([WHITE, (".tif", rgb16(1))], {}),
    "JPEG beside PNG": ([JPEG, WHITE], {}),
    "edges": ([EDGES], {}),
    "the threshold between": ([(".png", times(200)), WHITE], THRESHOLD),
    "a threshold of each": ([ONE, WHITE, HUNDRED], {"mask": {"method": "otsu_image"}}),
    "values": ([ONE, WHITE], values(foreground=[1, 255])),
    "values that skip": (
        [(".png", times(29)), (".png", times(76))],
        values(foreground=[29, 50, 76], background=0),
    ),
    "values of 16 bits": ([DEEP_WHITE], values(foreground=65535)),
    "inverted": ([INVERTED], values(foreground=0, background=255)),
}


@pytest.mark.parametrize("case", READ)
def test_what_is_certain_is_read(tmp_path: Path, case: str) -> None:
    codings, changes = READ[case]
    masks, card = run(tmp_path, coded(*codings), **changes)
    expected = np.stack([shape(number) for number in range(6)])
    if case in ("JPEG beside PNG", "edges"):
        assert np.mean(masks != expected) < 0.05
        assert (masks.sum(axis=(1, 2)) > 0.7 * expected.sum(axis=(1, 2))).all()
    else:
        np.testing.assert_array_equal(masks, expected)
    assert card["warnings"] == []
    assert sum(kind["masks"] for kind in card["mask"]["files"]) == 6
    assert card["mask"]["area_kept"] == 1


def test_the_card_counts_the_masks_that_the_threshold_would_miss(tmp_path: Path) -> None:
    _, card = run(tmp_path, coded(ONE, WHITE, WHITE))
    assert card["mask"]["own_codes"] == 2


VALUES_LINE = "values: {foreground: 1, background: 0, ignore: 255}"
STOPPED: dict[str, tuple[Codings, Options, str]] = {
    "0/1/255 of regions among 0/255": ([WHITE, VOID], {}, VALUES_LINE),
    "0/1/255 alone": ([VOID], {}, "0, 1, 255: 6 masks"),
    "0/255 under index": ([WHITE], INDEX, "Every mask came out empty"),
    "0/255 and 0/1/255 under index": (
        [WHITE, VOID], INDEX, r"3 of 6 that hold something might be misread: masks/0\.png",
    ),
    "numbers of objects": ([(".png", numbered)], {}, "method: nonzero"),
    "trimaps": ([TRIMAP], {}, "1, 2, 3: 6 masks"),
    "one trimap among 0/255": ([WHITE] * 5 + [TRIMAP], {}, r"misread: masks/5\.png"),
    "classes": ([(".png", two_classes)], {}, r"values: {foreground: \[1, 2\]"),
    "thin lines of classes": ([(".png", thin_classes)], {}, "0, 1, 2: 6 masks"),
    "a faint mask among edges": ([EDGES] * 5 + [(".png", faint_edges)], {}, "otsu_image"),
    "0/1 among JPEG": ([JPEG, ONE], {}, r"masks/1\.png, masks/3\.png"),
    "0/1 under a threshold nobody gave": ([ONE, WHITE], THRESHOLD, "3 of 6"),
    "0/1 under the threshold": ([ONE], AT_127, "Every mask came out empty"),
    "floats under the threshold": (
        [(".npy", array_of(1, np.float32))], AT_127, "Every mask came out empty",
    ),
    "colors": ([RED], {}, "found colors"),
    "all black": ([(".png", times(0))], {}, "All hold 0 only"),
    "12-bit levels": ([(".tif", edges_of_12_bits)], {}, "method: nonzero"),
    "values nobody named": ([TRIMAP], values(foreground=1, background=2), r"found 3 \(\d"),
    "0/255 under values": (
        [ONE, WHITE], values(foreground=1), r"masks/1\.png, .*the values 0, 1 .*found 255 \(\d",
    ),
    "an index too high": ([(".png", times(2)), ONE], INDEX, r"found 2 \("),
    "a class that values lack": (
        [ONE], {"classes": ["a", "b"], **values(a=1)}, "mask.values lacks b",
    ),
    "a class that is none": ([ONE], values(crack=1), "Unknown class in mask.values 'crack'"),
}  # fmt: skip


@pytest.mark.parametrize("case", STOPPED)
def test_what_is_not_certain_stops_with_what_to_write(tmp_path: Path, case: str) -> None:
    codings, changes, message = STOPPED[case]
    with pytest.raises(FrugalsegError, match=message):
        run(tmp_path, coded(*codings), **changes)
    assert list((tmp_path / "stack").iterdir()) == []


WARNED: dict[str, tuple[Codings, Options, str]] = {
    "0/1 under a threshold of the user": (
        [WHITE] * 5 + [ONE], AT_127,
        "1 of 6 masks came out empty although they hold more than 0: masks/5.png (0, 1)",
    ),
    "JPEG under nonzero": (
        [WHITE] * 5 + [JPEG], NONZERO,
        "Noise of JPEG or WebP counts as defect in 1 of 6 masks: masks/5.jpg",
    ),
    "one in color": ([WHITE] * 5 + [RED], NONZERO, "Colors stand in 1 of 6 masks"),
    "inverted": (
        [INVERTED], {}, "set mask: {values: {foreground: 0, background: 255}}",
    ),
    "all ignored": (
        [ONE] * 5 + [NINE], values(foreground=1, ignore=9),
        "Every pixel is ignored in 1 of 6 masks: masks/5.png (9).",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WARNED)
def test_what_is_strange_is_said(tmp_path: Path, case: str) -> None:
    codings, changes, message = WARNED[case]
    _, card = run(tmp_path, coded(*codings), **changes)
    assert len(card["warnings"]) == 1
    assert message in card["warnings"][0]


def test_the_line_that_a_stop_gives_reads_the_masks(tmp_path: Path) -> None:
    files = coded(WHITE, VOID)
    masks, card = run(tmp_path, files, mask={"method": "nonzero"})
    assert masks[1][:, 26:].all()
    assert card["warnings"] == []
    values = {"foreground": 1, "background": 0, "ignore": 255}
    masks, _ = run(tmp_path, coded(VOID), mask={"values": values})
    assert (masks[1][:, 26:] == 255).all()
    np.testing.assert_array_equal(masks[1][:, :26], shape(1)[:, :26])


def test_empty_jpeg_masks_with_noise_are_empty_without_a_word(tmp_path: Path) -> None:
    """As in the crack set: positives and negatives are JPEG, and the negatives hold noise."""
    rng = np.random.default_rng(0)
    files = coded(JPEG, count=4)
    for name in ("7", "8"):
        noise = (rng.random((SIDE, SIDE)) * 9).astype(np.uint8)
        files[f"{name}.jpg"] = png(noise, "JPEG")
    masks, card = run(tmp_path, files)
    assert [bool(mask.any()) for mask in masks] == [True] * 4 + [False] * 2
    assert card["warnings"] == []
    assert sum(kind["empty"] for kind in card["mask"]["files"]) == 2


def test_a_png_of_noise_among_edges_is_named(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    files = coded(EDGES, count=5)
    files["9.png"] = png((rng.random((SIDE, SIDE)) * 9).astype(np.uint8))
    masks, card = run(tmp_path, files)
    assert not masks[5].any()
    assert "1 of 6 masks came out empty although they hold more" in card["warnings"][0]
    assert "masks/9.png" in card["warnings"][0]


def test_a_file_for_each_class(tmp_path: Path) -> None:
    files = {}
    for number in range(4):
        files[f"{number}_crack.png"] = png(shape(number) * np.uint8(255))
        files[f"{number}_pit.png"] = png(np.roll(shape(number), 14, 0).astype(np.uint8))
    options = {"method": "files", "pattern": "{image}_{class}"}
    masks, card = run(tmp_path, files, classes=["crack", "pit"], mask=options)
    for number, mask in enumerate(masks):
        np.testing.assert_array_equal(mask == 1, shape(number))
        np.testing.assert_array_equal(mask == 2, np.roll(shape(number), 14, 0))
    assert card["mask"]["pattern"] == "{image}_{class}"
    assert card["warnings"] == []
