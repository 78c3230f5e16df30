"""KolektorSDD: palette masks are read as indices, an item is a group."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.masks import apply, fit
from frugalseg.ingest.readers.kolektorsdd import KolektorSDD


def draw(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 6)).save(path)


def test_items_are_groups(tmp_path: Path) -> None:
    for item in ("kos10", "kos9"):
        draw(tmp_path, f"a/{item}/Part0.jpg", f"a/{item}/Part0_label.bmp")
    items = KolektorSDD().items(tmp_path)
    assert [(item.image_id, item.group, item.split) for item in items] == [
        ("kos9/Part0", "kos9", None),
        ("kos10/Part0", "kos10", None),
    ]


def test_index_2_is_a_defect_too(tmp_path: Path) -> None:
    draw(tmp_path, "kos01/Part0.jpg")
    picture = Image.fromarray(np.array([[0, 1, 2, 0]] * 6, np.uint8), "P")
    picture.putpalette([9, 9, 9, 255, 0, 0, 0, 255, 0])
    picture.save(tmp_path / "kos01" / "Part0_label.bmp")
    reader = KolektorSDD()
    item = reader.items(tmp_path)[0]
    raw = reader.load(item).mask
    assert raw is not None
    np.testing.assert_array_equal(apply(fit(reader.mask), raw, item)[0], [0, 1, 1, 0])


def test_all_mistakes_are_listed_at_once(tmp_path: Path) -> None:
    draw(tmp_path, "kos01/Part0.jpg", "kos02/Part1.jpg", "kos02/Part2_label.bmp")
    with pytest.raises(FrugalsegError, match=r"(?s)Part0\.jpg.*Part1\.jpg.*Part2_label\.bmp"):
        KolektorSDD().items(tmp_path)


def test_archive(tmp_path: Path, real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "KolektorSDD.zip") as file:
        file.extractall(tmp_path)
    reader = KolektorSDD()
    items = reader.items(tmp_path)
    raws = {item.image_id: reader.load(item).mask for item in items}
    values = {int(value) for raw in raws.values() if raw is not None for value in np.unique(raw)}
    assert len(items) == 27
    assert {item.group for item in items} == {"kos09", "kos15", "kos42", "kos44", "kos45", "kos48"}
    assert values == {0, 1}
    rule = fit(reader.mask)
    positives = [i for i in items if apply(rule, np.asarray(raws[i.image_id]), i).any()]
    assert len(positives) == 6
