"""Seeds of the fuzz target: small archives in order, hostile ones, and masks of every kind."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from PIL import Image
from scipy.io import savemat

WHOLE = 128
"""Bit of the first byte: the rest is an archive as it is."""
MASK = np.array([[0, 0, 255, 255, 0, 0, 0, 1]] * 6, np.uint8)
COLORS = np.stack([MASK, MASK[::-1], MASK.T.reshape(6, 8)], axis=-1)

Writer = Callable[[io.BytesIO], object]


def write_seeds(folder: Path) -> None:
    """Write the seeds into `folder`, unless there is something in it."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        return
    for number, seed in enumerate([*_masks(), *_archives()]):
        (folder / f"seed-{number:03}").write_bytes(seed)


def _masks() -> Iterator[bytes]:
    """Yield (reader, suffix, length of the name, name, content)."""
    for place, writers in _writers().items():
        for write in writers:
            buffer = io.BytesIO()
            write(buffer)
            yield bytes([0, place, 1]) + b"a" + buffer.getvalue()


def _writers() -> dict[int, list[Writer]]:
    """Return what writes masks of each suffix, by its place in the target's `SUFFIXES`."""

    def picture(kind: str, pixels: np.ndarray = MASK, **options: object) -> Writer:
        return lambda file: Image.fromarray(pixels).save(file, kind, **options)

    def tiff(pixels: np.ndarray, **options: object) -> Writer:
        return lambda file: tifffile.imwrite(file, pixels, **options)  # type: ignore[arg-type]

    def array(kind: str) -> Writer:
        return lambda file: np.save(file, MASK.astype(kind))

    def matrix(content: Mapping[str, Any], packed: bool) -> Writer:
        return lambda file: savemat(file, dict(content), do_compression=packed)  # type: ignore[arg-type]

    def indexed(kind: str) -> Writer:
        return lambda file: Image.fromarray(COLORS).quantize(8).save(file, kind)

    truth: Mapping[str, Any] = {"groundTruth": {"Segmentation": MASK, "Boundaries": MASK}}
    return {
        0: [picture("PNG"), picture("PNG", COLORS), indexed("PNG")],
        1: [picture("JPEG"), picture("JPEG", COLORS)],
        2: [picture("BMP"), indexed("BMP")],
        3: [
            *(tiff(MASK.astype(kind)) for kind in ("u1", "u2", "f4", "f8", "?")),
            *(picture("TIFF", compression=way) for way in ("tiff_lzw", "packbits")),
        ],
        4: [picture("GIF")],
        5: [array(kind) for kind in ("u1", "f4", "?")],
        6: [matrix(what, packed) for what in ({"mask": MASK}, truth) for packed in (False, True)],
        7: [picture("WEBP", COLORS)],
    }


def _archives() -> Iterator[bytes]:
    """Yield (reader, archive): the layouts that readers know, stored and deflated."""
    image, mask = _png(MASK), _png((MASK > 1).astype(np.uint8) * 255)
    layouts = [
        ("images/a.png", "masks/a.png", "groups.csv"),
        ("train/1.png", "train/1_GT.png", "test/2.png", "test/2_GT.png"),
        ("kos01/Part0.jpg", "kos01/Part0_label.bmp"),
        ("train/images/CFD_1.jpg", "train/masks/CFD_1.jpg", "test/images/noncrack_1.jpg"),
        ("image/001.jpg", "groundTruth/001.mat"),
        ("train_1.bmp", "train_1_anno.bmp", "testA_1.bmp", "testA_1_anno.bmp", "Grade.csv"),
        ("labeled/Original_images/s_1.tif", "labeled/Original_masks/s_1.npy", "unlabeled/s_2.tif"),
        ("MT_Crack/Imgs/a.jpg", "MT_Crack/Imgs/a.png"),
    ]
    texts = {"groups.csv": b"image,group\na,1\n", "Grade.csv": b"name,patient ID, grade (GlaS)\r"}
    for reader in range(10):
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", method) as file:
                for name in layouts[reader % len(layouts)]:
                    is_mask = any(word in name for word in ("mask", "_GT", "_label", "_anno"))
                    file.writestr(name, texts.get(name, mask if is_mask else image))
            yield bytes([WHOLE | reader]) + buffer.getvalue()


def _png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()
