import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json, sha256
from frugalseg.data.split import linked, split
from frugalseg.data.stack import open_masks, open_stack, read_duplicates
from frugalseg.settings.dataset import DataSetParams
from frugalseg.stages import prepare


def png(values: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    return buffer.getvalue()


IMAGE = png(np.full((40, 50, 3), 90, np.uint8))
MASK = png(np.repeat([[0, 255]], 40, axis=0).repeat(25, axis=1).astype(np.uint8))


def folder(**changes: bytes | None) -> dict[str, bytes]:
    files: dict[str, bytes | None] = {}
    for name in "abcd":
        files |= {f"images/{name}.png": IMAGE, f"masks/{name}.png": MASK}
    files |= {name.replace("__", "/").replace("_png", ".png"): v for name, v in changes.items()}
    return {name: content for name, content in files.items() if content is not None}


def settings(**changes: Any) -> DataSetParams:
    entry = {"source": "file:x", "reader": "folder", "image_size": [32, 64]}
    return DataSetParams.model_validate(entry | changes)


def run(tmp_path: Path, files: dict[str, bytes], **changes: Any) -> Path:
    archive, out = tmp_path / "archive.zip", tmp_path / "stack"
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    prepare.run(archive, out, settings(**changes), name="mine", threads=2)
    return out


def test_a_folder_becomes_a_stack(tmp_path: Path) -> None:
    out = run(tmp_path, folder())
    stack = open_stack(out)
    assert stack.images.shape == (4, 32, 64, 3)
    rows = np.arange(4)
    assert (stack.images[rows] == 90).all()
    assert (open_masks(stack.masks_path)[rows] == 1).mean() == 0.5
    card = read_json(out / "card.json")
    assert card["images"] == card["labeled"] == card["positives"] == 4
    assert card["duplicates"] == {"exact": 3, "near": 0, "different_masks": 0}
    assert card["archive"] == {"url": None, "md5": None, "sha256": None}
    assert card["archive_sha256"] == sha256(tmp_path / "archive.zip")
    assert sorted(path.name for path in out.iterdir()) == sorted(prepare.FILES)


def test_a_size_is_chosen_from_images_and_masks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    image, mask = np.full((300, 600, 3), 90, np.uint8), np.zeros((300, 600), np.uint8)
    mask[100:106] = 255  # a strip 6 pixels wide: 256 / 300 of it is enough
    files = {f"images/{name}.png": png(image) for name in "ab"}
    files |= {f"masks/{name}.png": png(mask) for name in "ab"}
    caplog.set_level("INFO")
    out = run(tmp_path, files, image_size="auto")
    assert open_stack(out).images.shape == (2, 256, 512, 3)
    card = read_json(out / "card.json")
    assert card["image_size"] == [256, 512]
    assert card["image_size_reason"] == (
        "the median image is 300 x 600 pixels; thin defects are 6.0 pixels wide and keep 5.1"
    )
    assert f"image_size: 256 x 512, because {card['image_size_reason']}" in caplog.text


def test_official_test_masks_do_not_choose_a_size(tmp_path: Path) -> None:
    image, wide, thin = (np.zeros((448, 448), np.uint8) for _ in range(3))
    wide[100:140], thin[100:102] = 255, 255
    files = {f"{part}/images/{part}.png": png(image) for part in ("train", "test")}
    files |= {"train/masks/train.png": png(wide), "test/masks/test.png": png(thin)}
    out = run(tmp_path, files, image_size="auto")
    assert read_json(out / "card.json")["image_size"] == [256, 256]


def test_the_same_archive_gives_the_same_bytes(tmp_path: Path) -> None:
    first = run(tmp_path, folder())
    again = tmp_path / "again"
    prepare.run(tmp_path / "archive.zip", again, settings(), name="mine", threads=1)
    for file in prepare.FILES:
        assert (first / file).read_bytes() == (again / file).read_bytes()


BAD: dict[str, tuple[dict[str, bytes], str]] = {
    "an image without mask": (folder(masks__b_png=None), "b.png"),
    "a mask without image": (folder(images__c_png=None), "c.png"),
    "another size": (folder(masks__a_png=png(np.zeros((10, 10), np.uint8))), "a.png"),
    "an unreadable image": (folder(images__d_png=b"no picture"), "d.png"),
    "a truncated image": (folder(images__d_png=IMAGE[:60]), "d.png"),
    "no images": ({"readme.txt": b"nothing here"}, "images/"),
    "an escape": (folder() | {"../evil.png": IMAGE}, "evil.png"),
}


@pytest.mark.parametrize(("files", "named"), BAD.values(), ids=BAD)
def test_bad_input_is_named_and_leaves_nothing(
    tmp_path: Path, files: dict[str, bytes], named: str
) -> None:
    with pytest.raises(FrugalsegError, match=named):
        run(tmp_path, files)
    assert list((tmp_path / "stack").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive.zip", "stack"]


@pytest.mark.parametrize(
    ("source", "own"), [("file:my-images", "my-images"), ("https://host/x.zip", "archive.zip")]
)
def test_errors_name_the_file_of_the_user(tmp_path: Path, source: str, own: str) -> None:
    files = folder(masks__b_png=None, images__d_png=IMAGE[:60])
    with pytest.raises(FrugalsegError, match=f"{own}/images/b.png") as error:
        run(tmp_path, files, source=source)
    assert "partial" not in str(error.value)
    with pytest.raises(FrugalsegError, match=f"{own}/images/d.png") as error:
        run(tmp_path, folder(images__d_png=IMAGE[:60]), source=source)
    assert "partial" not in str(error.value)


def test_the_card_says_how_files_were_paired_and_which_were_not_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    files = folder() | {"images/old/x.png": IMAGE, "images/._a.png": b"", "images/y.HEIC": b""}
    card = read_json(run(tmp_path, files) / "card.json")
    pairs = [[f"images/{name}.png", f"masks/{name}.png"] for name in "acd"]
    assert card["pairs"] == [{"rule": "equal names", "images": 4, "examples": pairs}]
    assert card["unread"] == [
        {"reason": "hidden, or added by a system", "files": 1, "names": ["images/._a.png"]},
        {"reason": "in a folder outside the layout", "files": 1, "names": ["images/old/"]},
        {
            "reason": "pictures of the kind .heic, to be saved as PNG or TIFF",
            "files": 1,
            "names": ["images/y.HEIC"],
        },
    ]
    assert "4 pairs of image and mask by equal names, such as images/a.png with" in caplog.text
    assert (
        "not read, pictures of the kind .heic, to be saved as PNG or TIFF (1 file): images/y.HEIC"
        in caplog.text
    )


def test_a_truncated_archive_leaves_nothing(tmp_path: Path) -> None:
    run(tmp_path, folder())
    whole = (tmp_path / "archive.zip").read_bytes()
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FrugalsegError, match=r"half\.zip"):
        prepare.run(tmp_path / "half.zip", tmp_path / "new", settings(), name="mine", threads=1)
    assert list((tmp_path / "new").iterdir()) == []


def test_an_image_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match=r"a\.png"):
        run(tmp_path, folder(), limits={"pixels": 1000})


def test_an_unknown_reader_option_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match="Known: .*percentiles"):
        run(tmp_path, folder(), options={"colour": 1})


def test_the_real_kolektorsdd2_layout(tmp_path: Path, real_data: Path) -> None:
    archive = real_data / "KolektorSDD2.zip"
    given = settings(reader="kolektorsdd2", image_size=[128, 64])
    prepare.run(archive, tmp_path / "stack", given, name="kolektorsdd2", threads=2)
    card = read_json(tmp_path / "stack/card.json")
    assert card["counts"] == {"train": 3, "test": 3}
    assert card["positives"] == 2


def test_the_stack_is_what_a_plain_loop_gives(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pictures = {f"i{k}": rng.integers(0, 256, (45, 52, 3)).astype(np.uint8) for k in range(5)}
    shapes = {name: (rng.random((45, 52)) < 0.1).astype(np.uint8) * 255 for name in pictures}
    files = {f"images/{name}.png": png(pixels) for name, pixels in pictures.items()}
    files |= {f"masks/{name}.png": png(mask) for name, mask in shapes.items()}
    stack = open_stack(run(tmp_path, files))
    rows = np.arange(5)
    images, masks = stack.images[rows], open_masks(stack.masks_path)[rows]
    for row, name in enumerate(pictures):
        image = Image.fromarray(pictures[name]).resize((64, 32), Image.Resampling.BILINEAR)
        mask = Image.fromarray(shapes[name] // 255).resize((64, 32), Image.Resampling.NEAREST)
        assert np.array_equal(images[row], np.asarray(image))
        assert np.array_equal(masks[row], np.asarray(mask))
        facts = stack.index.iloc[row]
        whole = hashlib.sha256(b"45x52x3:" + pictures[name].tobytes()).hexdigest()
        assert (facts["sha256"], facts["image_label"]) == (whole, "1")
        assert (facts["foreground"], facts["pixels"]) == (masks[row].sum(), 32 * 64)


def test_tiles_of_a_folder(tmp_path: Path) -> None:
    out = run(tmp_path, folder(), image_size=[32, 32], tile={"scale": 1.0})
    stack, card = open_stack(out), read_json(out / "card.json")
    assert stack.images.shape == (16, 32, 32, 3)  # 2 x 2 tiles of 40 x 50 pixels, 4 times
    assert card["images"] == 16
    assert card["groups"] == 4
    assert (card["fit"], card["tile"]) == ("pad", {"overlap": 0.0, "scale": 1.0, "resize": None})
    # the four images are equal, and are told as such once each
    assert card["duplicates"] == {"exact": 3, "near": 0, "different_masks": 0}
    masks = open_masks(stack.masks_path)[np.arange(16)]
    assert (masks != 255).sum() == 4 * 40 * 50
    assert (masks == 1).sum() == 4 * 40 * 25


@pytest.mark.parametrize("number", range(3))
def test_tiles_of_equal_images_stay_together_and_blank_tiles_link_nothing(
    tmp_path: Path, number: int
) -> None:
    rng = np.random.default_rng(number)
    files: dict[str, bytes] = {}
    for name in "abcdefgh":
        pixels = np.zeros((32, 96, 3), np.uint8)  # two of its three tiles are black
        pixels[:, :32] = rng.integers(0, 255, (32, 32, 3)) if name not in "ab" else 77
        files |= {f"images/{name}.png": png(pixels), f"masks/{name}.png": png(pixels[..., 0])}
    out = run(tmp_path, files, image_size=[32, 32], tile={}, mask={"method": "nonzero"})
    index = open_stack(out).index
    pairs = read_duplicates(out)
    assert linked(index, pairs).max() == 6  # a and b are one, and the other six for themselves
    drawn = split(index, test=0.25, validation=0.25, test_rng=rng, validation_rng=rng, pairs=pairs)
    parts = drawn.parts.merge(index).groupby("source_id")["part"]
    assert parts.nunique().max() == 1
    assert parts.first()["a"] == parts.first()["b"]
    assert drawn.leaks.empty


def test_real_images_give_the_references_twenty_tiles(tmp_path: Path, real_data: Path) -> None:
    entry = {"reader": "aluminum", "image_size": [128, 128], "tile": {"scale": 0.25}}
    archive = real_data / "Aluminum-Surface-Defect-mini_test.zip"
    prepare.run(archive, tmp_path / "stack", settings(**entry), name="aluminum", threads=1)
    stack = open_stack(tmp_path / "stack")
    assert stack.images.shape == (200, 128, 128, 3)
    assert set(stack.index["source_id"].value_counts()) == {20}
    assert (stack.index["pixels"] == 128 * 128).all()
    # 132 and 339 are one photo, and their 40 tiles stay together
    units = pd.Series(linked(stack.index, read_duplicates(tmp_path / "stack")))
    assert sorted(units.value_counts()) == [20] * 8 + [40]
