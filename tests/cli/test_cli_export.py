import errno
import sys
from pathlib import Path

import numpy as np
import pytest
from model_files import write_model
from PIL import Image

from frugalseg.cli import __main__ as program


def run(*arguments: object) -> int:
    return program.main(["export", *map(str, arguments)])


@pytest.mark.parametrize("channels", [1, 3])
def test_bundled_pictures_stand_in_for_images(
    channels: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnxruntime", reason="the extra 'onnx' is not installed")
    model = write_model(tmp_path / "m.safetensors", channels=channels)
    assert run("--model", model, "--onnx", tmp_path / "m.onnx") == 0
    assert "On 4 images at most" in capsys.readouterr().out
    assert run("--model", model, "--onnx", tmp_path / "m.onnx") == 2
    assert "would be overwritten" in capsys.readouterr().err


def test_images_of_the_user(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("onnxruntime", reason="the extra 'onnx' is not installed")
    model = write_model(tmp_path / "m.safetensors")
    (tmp_path / "photos").mkdir()
    for number in range(2):
        pixels = np.random.default_rng(number).integers(0, 256, (20, 90, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"photos/{number}.png")
    given = ["--model", model, "--onnx", tmp_path / "new/m.onnx", "--images", tmp_path / "photos"]
    assert run(*given) == 0
    assert "On 2 images at most" in capsys.readouterr().out
    assert run(*given[:-1], tmp_path / "nothing", "--force") == 2
    assert "expected a file, found none" in capsys.readouterr().err


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnxruntime", reason="the extra 'onnx' is not installed")
    onnx = pytest.importorskip("onnx", reason="the extra 'onnx' is not installed")

    def full(_: object, path: Path) -> None:
        path.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(onnx, "save", full)
    model = write_model(tmp_path / "m.safetensors")
    assert run("--model", model, "--onnx", tmp_path / "new/m.onnx") == 2
    assert "could not be written: [Errno 28] No space left" in capsys.readouterr().err
    assert not list((tmp_path / "new").iterdir())


def test_without_the_packages_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    assert run("--model", tmp_path / "m", "--onnx", tmp_path / "m.onnx") == 2
    assert "pip install 'frugalseg[onnx]'" in capsys.readouterr().err
