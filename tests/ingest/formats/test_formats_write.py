"""An export becomes a folder that the reader of folders reads with the same masks."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.export import Annotated, Export, Region
from frugalseg.ingest.formats.write import paint, params_entry, write_folder
from frugalseg.ingest.mask.masks import apply, fit
from frugalseg.ingest.readers.folder import Folder
from frugalseg.settings.dataset import DataSetParams
from frugalseg.settings.mask import MaskParams


def image(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((2, 4), 90, np.uint8)).save(path)
    return path


def row(number: int, label: str) -> Region:
    def area(size: tuple[int, int]) -> np.ndarray:
        area = np.zeros(size, np.bool_)
        area[number] = True
        return area

    return Region(label, area)


def test_the_folder_is_read_as_it_was_drawn(tmp_path: Path) -> None:
    regions = [row(0, "pit"), row(1, "crack"), row(1, "Void")]
    export = Export(
        ("crack", "pit"),
        [
            Annotated(image(tmp_path / "in/a.png"), regions, split="train"),
            Annotated(image(tmp_path / "in/b.png"), regions[:2], split="test"),
            Annotated(image(tmp_path / "in/c.png"), []),
            Annotated(image(tmp_path / "in/d.png"), None),
        ],
    )
    write_folder(export, tmp_path / "out")
    reader = Folder(classes=export.classes)
    items = reader.items(tmp_path / "out")
    assert [(item.image_id, item.split) for item in items] == [
        ("train/a", "train"),
        ("train/c", "train"),
        ("test/b", "test"),
        ("unlabeled/d", "unlabeled"),
    ]
    rule = fit(MaskParams(method="index"), classes=export.classes)
    masks = [apply(rule, reader.load(item).mask, item) for item in items[:3]]  # type: ignore[arg-type]
    assert [mask[:, 0].tolist() for mask in masks] == [[2, 255], [0, 0], [2, 1]]
    assert (tmp_path / "out/test/images/b.png").read_bytes() == (tmp_path / "in/b.png").read_bytes()


def test_without_a_held_out_part_there_are_no_splits(tmp_path: Path) -> None:
    one = Annotated(image(tmp_path / "in/a.png"), [row(0, "x")], split="train")
    write_folder(Export(("x",), [one]), tmp_path / "out")
    assert (tmp_path / "out/images/a.png").is_file()
    with Image.open(tmp_path / "out/masks/a.png") as mask:
        assert mask.mode == "P"
        assert np.asarray(mask.convert("RGB"))[0, 0].max() > 200  # seen in any viewer


def test_names_must_differ_and_classes_must_be_few(tmp_path: Path) -> None:
    twice = [Annotated(image(tmp_path / f"{k}/a.png"), [row(0, "x")]) for k in "pq"]
    with pytest.raises(FrugalsegError, match="would be images/a. Rename"):
        write_folder(Export(("x",), twice), tmp_path / "out")
    for classes in ((), tuple(map(str, range(255)))):
        with pytest.raises(FrugalsegError, match="expected 1 to 254 classes"):
            write_folder(Export(classes, twice[:1]), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_image_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    good = Annotated(image(tmp_path / "in/a.png"), [row(0, "x")])
    bad = Annotated(image(tmp_path / "in/b.png"), [], size=(9, 9))
    with pytest.raises(FrugalsegError) as error:
        write_folder(Export(("x",), [good, bad]), tmp_path / "out")
    assert "1 image cannot be imported" in str(error.value)
    assert "b.png: 2 x 4 pixels, but the export says 9 x 9" in str(error.value)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_masks_have_the_colors_of_the_export(tmp_path: Path) -> None:
    one = Annotated(image(tmp_path / "in/a.png"), [row(0, "x"), row(1, "void")])
    write_folder(Export(("x", "y"), [one], {"x": (1, 2, 3)}), tmp_path / "out")
    with Image.open(tmp_path / "out/masks/a.png") as mask:
        assert np.asarray(mask.convert("RGB"))[:, 0].tolist() == [[1, 2, 3], [255, 255, 255]]


@pytest.mark.parametrize("name", ["", " ", "a\nb", "\ud800"])
def test_classes_need_names(tmp_path: Path, name: str) -> None:
    one = Annotated(image(tmp_path / "in/a.png"), [row(0, name)])
    with pytest.raises(FrugalsegError, match="expected names of classes"):
        write_folder(Export((name,), [one]), tmp_path / "out")


def test_later_regions_lie_above_earlier_ones(tmp_path: Path) -> None:
    one = Annotated(image(tmp_path / "a.png"), [row(0, "x"), row(0, "background"), row(1, "x")])
    assert paint(one, ("x",))[:, 0].tolist() == [0, 1]


def test_the_entry_is_valid() -> None:
    classes = ("a: b", 'c"', "\\d", "Ö")
    entry = params_entry(Export(classes, []), Path('my "images"'))
    params = DataSetParams.model_validate(yaml.safe_load(entry)["yours"])
    assert params.classes == classes
    numbers = {name: number for number, name in enumerate(classes, 1)}
    assert params.mask.values == {"background": 0, **numbers, "ignore": 255}
    assert params.source == 'file:my "images"'
