"""Masks in colors of classes."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.painted import painted_regions, read_color, read_label_colors


def test_regions_are_the_pixels_of_their_color(tmp_path: Path) -> None:
    pixels = np.array([[(0, 0, 0), (1, 2, 3)], [(1, 2, 3), (250, 0, 9)]], np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    colors = {"void": (0, 0, 0), "pit": (1, 2, 3), "crack": (250, 0, 9)}
    regions = painted_regions(tmp_path / "a.png", colors)
    areas = {region.label: region.area((2, 2)).tolist() for region in regions}
    assert areas == {
        "void": [[True, False], [False, False]],
        "pit": [[False, True], [True, False]],
        "crack": [[False, False], [False, True]],
    }
    with pytest.raises(FrugalsegError, match=r"a\.png: 2 x 2 pixels, its image has 2 x 3"):
        regions[0].area((2, 3))
    with pytest.raises(FrugalsegError, match=r"colors without a class: \(250, 0, 9\)"):
        painted_regions(tmp_path / "a.png", {"void": (0, 0, 0), "pit": (1, 2, 3)})[0].area((2, 2))
    with pytest.raises(FrugalsegError, match=r"a\.png: two classes of one color"):
        painted_regions(tmp_path / "a.png", {"void": (0, 0, 0), "pit": (0, 0, 0)})


def test_a_list_of_colors(tmp_path: Path) -> None:
    path = tmp_path / "label_colors.txt"
    path.write_text("# red green blue name\n64 128 64\tAnimal\n\n0 0 0 \tVoid\n1 2 3 traffic light")
    colors = {"Animal": (64, 128, 64), "Void": (0, 0, 0), "traffic light": (1, 2, 3)}
    assert read_label_colors(path) == colors
    path.write_text("64 128 64 Animal")
    assert list(read_label_colors(path)) == ["background", "Animal"]


@pytest.mark.parametrize("line", ["1 2 3", "1 2 256 a", "-1 2 3 a", "a b c d", "1,2,3,a"])
def test_a_malformed_list_is_told(tmp_path: Path, line: str) -> None:
    path = tmp_path / "label_colors.txt"
    path.write_text(f"64 128 64 Animal\n{line}")
    with pytest.raises(FrugalsegError, match=r"line 2: expected red, green, blue, name, found"):
        read_label_colors(path)
    path.write_text("64 128 64 Animal\n1 2 3 Animal")
    with pytest.raises(FrugalsegError, match="line 2: a second class 'Animal'"):
        read_label_colors(path)


def test_a_color_is_three_bytes() -> None:
    assert read_color("1", 2, "3") == (1, 2, 3)
    with pytest.raises(ValueError, match="color 1, 2, 300"):
        read_color(1, 2, 300)
