"""Coverage-guided fuzzing of what comes in from outside: unzip, pairing, reading of masks.

    python tests/fuzz/fuzz_archive.py -max_total_time=600 CORPUS

The folder CORPUS is filled with seeds if it is empty. Anything but a `FrugalsegError`, a file
outside the target folder, a half-made target, a hang or much memory is a finding: libFuzzer stops
and writes the input to a file; give that file instead of CORPUS to see it again.
"""

import logging
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["frugalseg", "PIL", "tifffile", "zipfile"]):
    from fuzz_seeds import write_seeds
    from PIL import Image

    from frugalseg.core.errors import FrugalsegError
    from frugalseg.ingest.archive import checks
    from frugalseg.ingest.archive.archives import extract
    from frugalseg.ingest.mask import masks
    from frugalseg.ingest.readers import DATASETS
    from frugalseg.ingest.readers.build import build_reader
    from frugalseg.settings.dataset import LimitParams
    from frugalseg.settings.mask import MaskParams

READERS = sorted(DATASETS)
LIMITS = LimitParams(entries=50, total_bytes=1 << 20, ratio=200)
checks.RATIO_FROM_BYTES = 1 << 16
MAX_PIXELS = 20_000
SUFFIXES = (".png", ".jpg", ".bmp", ".tif", ".gif", ".npy", ".mat", ".webp")


def wrap(data: bytes) -> tuple[str, bytes]:
    """Return a reader's name and the archive that `data` stand for.

    First byte: the reader; its highest bit says whether the rest is an archive as it is, or a mask
    (suffix, length of the name, name, content) to be put into an archive that is in order: mutated
    archives hardly get past their checksums.
    """
    reader = READERS[(data[0] & 127) % len(READERS)]
    if data[0] & 128 or len(data) < 4:
        return reader, data[1:]
    suffix, length = SUFFIXES[data[1] % len(SUFFIXES)], data[2] % 16
    name = data[3 : 3 + length].decode("utf-8", "ignore").replace("/", "_") or "a"
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("images/a.png", seed_image())
        file.writestr(f"masks/{name}{suffix}", data[3 + length :])
    return "folder", archive.getvalue()


def seed_image() -> bytes:
    """Return a gray picture of 8 x 6 pixels as PNG."""
    buffer = BytesIO()
    Image.new("L", (8, 6), 90).save(buffer, "PNG")
    return buffer.getvalue()


def read_all(name: str, root: Path) -> None:
    """Pair and read everything below `root`, and turn each mask into classes."""
    reader = build_reader(name, max_pixels=MAX_PIXELS)
    for item in reader.items(root):
        try:
            raw = reader.load(item).mask
            for method in ("nonzero", "threshold", "otsu_image", "index"):
                if raw is not None:
                    found = masks.apply(masks.fit(MaskParams(method=method)), raw, item)
                    if found.shape != raw.shape[:2]:
                        raise AssertionError(f"{method}: {found.shape} of {raw.shape}")
        except FrugalsegError as error:
            if str(item.image) not in str(error) and str(item.mask) not in str(error):
                raise AssertionError(f"names no file: {error}") from error


def test_one_input(data: bytes) -> None:
    """Unpack and read one input; whatever is wrong with it has to be a FrugalsegError."""
    if not data:
        return
    name, content = wrap(data)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        archive, raw = home / "in" / "archive.zip", home / "out" / "raw"
        archive.parent.mkdir()
        archive.write_bytes(content)
        try:
            extract(archive, raw, LIMITS)
        except FrugalsegError:
            left = [path for path in home.rglob("*") if path.is_file()]
            if left != [archive] or raw.exists():
                raise AssertionError(f"refused, and left {left}") from None
            return
        outside = [p for p in home.rglob("*") if p.is_file() and not p.is_relative_to(raw)]
        if outside != [archive]:
            raise AssertionError(f"written outside: {outside}")
        try:
            read_all(name, raw)
        except FrugalsegError:
            return


def main() -> None:
    """Fuzz until libFuzzer's options say stop."""
    logging.disable()  # tifffile's remarks on every broken tag
    for argument in sys.argv[1:]:
        if not argument.startswith("-") and not Path(argument).is_file():
            write_seeds(Path(argument))
    atheris.Setup([*sys.argv, "-timeout=60", "-rss_limit_mb=2048"], test_one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
