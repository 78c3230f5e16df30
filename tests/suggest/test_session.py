from pathlib import Path

import numpy as np
import pytest
import torch
from model_files import write_model
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.inference.predictor import Predictor
from frugalseg.suggest.brush import decode_mask
from frugalseg.suggest.choose import Chooser, Request
from frugalseg.suggest.session import Session

CPU = torch.device("cpu")


def images(folder: Path, *sizes: tuple[int, int]) -> dict[str, Path]:
    rng = np.random.default_rng(0)
    found = {f"{number}.png": folder / f"{number}.png" for number in range(len(sizes))}
    for path, size in zip(found.values(), sizes, strict=True):
        Image.fromarray(rng.integers(0, 256, (*size, 3), dtype=np.uint8)).save(path)
    return found


def session(tmp_path: Path, paths: dict[str, Path], request: Request) -> Session:
    predictor = Predictor.load(write_model(tmp_path / "m.safetensors"), CPU)
    return Session(Chooser(predictor, request), paths, version="v1")


def test_from_images_to_a_ranked_table_pictures_and_tasks(tmp_path: Path) -> None:
    paths = images(tmp_path, (40, 50), (32, 32), (7, 5))
    (tmp_path / "bad.png").write_bytes(b"no picture")
    shown: list[tuple[float, str]] = []
    kept: list[tuple[int, str]] = []
    run = session(tmp_path, paths | {"bad.png": tmp_path / "bad.png"}, Request(2))
    found = run.run(
        lambda done, name: shown.append((done, name)),
        lambda rank, name, _: kept.append((rank, name)),
    )
    assert found.table["rank"].tolist() == [1, 2]
    assert found.table["score"].is_monotonic_decreasing
    assert len(found.failures) == 1
    assert "bad.png" in found.failures[0]
    assert [task["data"]["name"] for task in found.tasks] == found.table["image"].tolist()
    assert kept == list(zip([1, 2], found.table["image"], strict=True))
    assert [name for _, name in shown[:3]] == list(paths)
    first = found.tasks[0]["predictions"][0]
    pixels = np.asarray(Image.open(paths[found.table["image"][0]]))
    ((preds, _),) = [
        (np.concatenate([band[0] for band in run.chooser.predictor.bands(pixels)]), None)
    ]
    for result in first["result"]:
        number = 1 + run.chooser.predictor.classes.index(result["value"]["brushlabels"][0])
        drawn = decode_mask(result["value"]["rle"], (pixels.shape[0], pixels.shape[1]))
        assert np.array_equal(drawn, preds == number)
    assert first["result"]


def test_regions_of_one_image_share_its_task(tmp_path: Path) -> None:
    kept: list[tuple[int, str]] = []
    run = session(tmp_path, images(tmp_path, (64, 64)), Request(3, region=32))
    found = run.run(lambda done, name: None, lambda rank, name, _: kept.append((rank, name)))
    assert found.table["image"].tolist() == ["0.png"] * 3
    assert found.table[["height", "width"]].to_numpy().tolist() == [[32, 32]] * 3
    assert (len(found.tasks), len(kept)) == (1, 1)
    kinds = [result["type"] for result in found.tasks[0]["predictions"][0]["result"]]
    assert kinds.count("rectanglelabels") == 3


def test_no_readable_image_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no picture")
    run = session(tmp_path, {"bad.png": tmp_path / "bad.png"}, Request(1))
    with pytest.raises(FrugalsegError, match="None of 1 images can be read"):
        run.run(lambda done, name: None, lambda rank, name, picture: None)
