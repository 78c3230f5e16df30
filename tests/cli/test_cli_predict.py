import errno
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from frugalseg.cli import __main__ as program
from frugalseg.models.build import build_model
from frugalseg.models.file import save_model

FLEX = {"levels": 2, "filters": 2, "kernels": [3, 3]}
NETWORK = {"arch": "flex_unet", "encoder": None, "weights": "none", "flex": FLEX}
CARD: dict[str, Any] = {
    "model": NETWORK, "classes": ["pit", "crack"], "channels": 3, "image_size": [32, 32],
    "normalize": "unit", "threshold": 0.5, "window": None, "scale": [0.5, 0.5],
    "levels": {"percentiles": [0.5, 99.5], "value_range": None},
}  # fmt: skip


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    network = build_model(**NETWORK, classes=2, channels=3, seed=1)  # type: ignore[arg-type]
    save_model(path, network, CARD)
    return path


def photo(path: Path, *shape: int, dtype: str = "uint8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(0).random(shape) * (255 if dtype == "uint8" else 60_000)
    if path.suffix == ".npy":
        np.save(path, pixels.astype(dtype))
    else:
        Image.fromarray(pixels.astype(dtype)).save(path)
    return path


def run(*arguments: object) -> int:
    return program.main(["predict", *map(str, arguments), "--device", "cpu"])


def test_images_of_every_kind_and_size(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    sizes = {"large.png": (70, 90, 3), "small.png": (5, 3, 3), "one.png": (1, 1), "g.jpg": (40, 33)}
    for name, shape in sizes.items():
        photo(folder / name, *shape)
    photo(folder / "below/deep.png", 20, 50, dtype="uint16")
    photo(folder / "float.tif", 33, 32, dtype="float32")
    photo(folder / "rows.npy", 45, 20, 3)
    assert run(folder, "--model", model, "--out", out, "--probs") == 0
    assert "7 images" in capsys.readouterr().out
    for name in ("large", "small", "one", "g", "below/deep", "float", "rows"):
        mask, colors, overlay = (
            np.asarray(Image.open(out / f"{name}.{kind}.png"))
            for kind in ("mask", "colors", "overlay")
        )
        probs = np.load(out / f"{name}.probs.npy")
        assert probs.shape == (*mask.shape, 3)
        assert overlay.shape == (*mask.shape, 3)
        assert np.array_equal(mask, colors)
        assert set(np.unique(mask)) <= {0, 1, 2}
        np.testing.assert_allclose(probs.sum(axis=2, dtype=np.float32), 1, atol=3e-3)
    assert np.asarray(Image.open(out / "large.mask.png")).shape == (70, 90)
    assert not list(out.rglob(".partial-*"))
    table = pd.read_csv(out / "defects.csv")
    masks = [np.asarray(Image.open(path)) for path in out.rglob("*.mask.png")]
    assert table["area"].sum() == sum(int((mask > 0).sum()) for mask in masks)
    assert list(table)[:4] == ["image", "defect", "class", "area"]


def test_a_bad_image_is_told_at_the_end_and_stops_nothing(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    photo(folder / "b.png", 20, 20)
    (folder / "a.png").write_bytes(b"no picture at all")
    photo(folder / "c.npy", 8, 8, 5)
    assert run(folder, folder / "gone.png", "--model", model, "--out", out) == 2
    text = capsys.readouterr().err
    assert "3 of 4 images could not be predicted" in text
    assert "a.png: expected a picture" in text
    assert "c.npy: expected an array of H x W" in text
    assert "gone.png: expected a file, found none" in text
    assert (out / "b.mask.png").is_file()
    assert (out / "defects.csv").is_file()
    assert not list(out.glob("a.*"))


def test_nothing_is_overwritten_without_force(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image, out = photo(tmp_path / "a.png", 20, 20), tmp_path / "out"
    assert run(image, "--model", model, "--out", out) == 0
    (out / "a.mask.png").write_bytes(b"kept")
    assert run(image, "--model", model, "--out", out) == 2
    assert "would be overwritten" in capsys.readouterr().err
    assert (out / "a.mask.png").read_bytes() == b"kept"
    assert run(image, "--model", model, "--out", out, "--force") == 0
    assert (out / "a.mask.png").read_bytes() != b"kept"


def test_a_folder_into_itself_again_takes_no_mask_for_an_image(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "photos"
    photo(folder / "a.png", 20, 20)
    photo(folder / "below/b.jpg", 20, 20)
    given = [folder, "--model", model, "--out", folder, "--probs"]
    assert run(*given) == 0
    files = sorted(folder.rglob("*"))
    assert run(*given, "--force") == 0
    assert "2 images" in capsys.readouterr().out.splitlines()[-1]
    assert sorted(folder.rglob("*")) == files


def test_a_full_disk_leaves_nothing_half_written(
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from frugalseg.inference.png_writer import PngWriter

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    image, out = photo(tmp_path / "a.png", 20, 20), tmp_path / "out"
    monkeypatch.setattr(PngWriter, "write", full)
    assert run(image, "--model", model, "--out", out) == 2
    assert "no space left in" in capsys.readouterr().err
    assert list(out.iterdir()) == []


def test_a_disk_that_is_full_at_the_table_is_told(
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    image, out = photo(tmp_path / "a.png", 20, 20), tmp_path / "out"
    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    assert run(image, "--model", model, "--out", out) == 2
    assert "defects.csv could not be written" in capsys.readouterr().err
    assert {path.name for path in out.iterdir()} == {
        f"a.{kind}.png" for kind in ("mask", "colors", "overlay")
    }


@pytest.mark.parametrize("damage", ["text", "half", "version", "card"])
def test_what_is_no_model_of_ours_is_one_message(
    damage: str, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from safetensors.torch import save_file

    whole, bad = model.read_bytes(), tmp_path / "bad.safetensors"
    if damage in {"text", "half"}:
        bad.write_bytes(b"weights" if damage == "text" else whole[: len(whole) // 2])
    elif damage == "version":
        save_file({"x": torch.zeros(1)}, bad, metadata={"frugalseg-model-0": "{}"})
    else:
        old = {key: value for key, value in CARD.items() if key != "normalize"}
        save_file({"x": torch.zeros(1)}, bad, metadata={"frugalseg-model-1": _json(old)})
    expected = {
        "text": "not a readable safetensors file",
        "half": "not a readable safetensors file",
        "version": "expected a model of format 'frugalseg-model-1'",
        "card": "its card lacks normalize",
    }
    image = photo(tmp_path / "a.png", 20, 20)
    assert run(image, "--model", bad, "--out", tmp_path / "out") == 2
    assert expected[damage] in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def _json(card: dict[str, Any]) -> str:
    import json

    return json.dumps(card)


def test_a_device_that_is_not_there(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = photo(tmp_path / "a.png", 20, 20)
    given = ["predict", str(image), "--model", str(model), "--out", str(tmp_path / "out")]
    assert program.main([*given, "--device", "warp"]) == 2
    assert "The device 'warp' cannot be used here" in capsys.readouterr().err
    shutil.rmtree(tmp_path / "out", ignore_errors=True)


@pytest.mark.parametrize(
    ("trained", "unlike"), [(0.0, "deep"), (1.0, "flat"), (0.5, ""), (None, "")]
)
def test_images_read_otherwise_than_in_training_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], trained: float | None, unlike: str
) -> None:
    path = tmp_path / "model.safetensors"
    network = build_model(**NETWORK, classes=2, channels=3, seed=1)  # type: ignore[arg-type]
    levels = {**CARD["levels"], **({} if trained is None else {"stretched": trained})}
    save_model(path, network, CARD | {"levels": levels})
    photo(tmp_path / "in/deep.png", 20, 20, dtype="uint16")
    photo(tmp_path / "in/flat.png", 20, 20)
    assert run(tmp_path / "in", "--model", path, "--out", tmp_path / "out") == 0
    said = capsys.readouterr().out
    assert ("Warning: 1 image " in said) == bool(unlike)
    assert not unlike or f"/in/{unlike}.png. Check the masks" in said
    arguments = ("--value-range", 0, 60_000, "--force")
    assert run(tmp_path / "in", "--model", path, "--out", tmp_path / "out", *arguments) == 0
    assert "Warning" not in capsys.readouterr().out
