"""The stage `prepare` against a loop in one thread, its memory as data sets grow, and its no-op.

The loop is what one would write by hand with Pillow: unpack, sum the histograms of the masks, Otsu,
then open, convert, resize and save. Like the stage, it also hashes the archive, the pixels and the
two arrays, computes a pHash of each image, and writes an index; it checks nothing. The `bare loop`
only makes the two arrays. All start from one archive in one process and alternate, so that a drift
of the machine's speed affects all. Files are kept in memory if possible, so that delayed writes to
a disk do not slow down the next run. Memory is that of a separate process; Linux only.
"""

import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import imagehash
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image
from skimage.filters import threshold_otsu

from benchmarks.pictures import write_pictures
from benchmarks.workflow import copy_project
from frugalseg.core.files import sha256, write_json
from frugalseg.settings.dataset import DataSetParams
from frugalseg.stages import prepare

IMAGES, SIDE, TARGET, ROUNDS = 160, 512, 256, 15
THREADS = 2
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it

CHILD = """
import sys
from pathlib import Path
from benchmarks.prepare import stage
stage(Path(sys.argv[1]), Path(sys.argv[2]), 64)
print(next(l.split()[1] for l in open("/proc/self/status") if l.startswith("VmHWM")))
"""


def stage(archive: Path, out: Path, side: int) -> None:
    """Run the stage on an archive of `images/` and `masks/`."""
    entry = {"source": "file:x", "reader": "folder", "image_size": [side, side]}
    settings = DataSetParams.model_validate(entry)
    prepare.run(archive, out, settings, name="bench", threads=THREADS)


def plain_loop(archive: Path, out: Path, side: int, *, bare: bool = False) -> None:
    """Make the same two arrays, and unless `bare` the same facts about them, in one thread."""
    out.mkdir()
    with zipfile.ZipFile(archive) as file:
        file.extractall(out)
    names = sorted(path.name for path in (out / "images").iterdir())
    counts = np.zeros(256, np.int64)
    for name in names:
        with Image.open(out / "masks" / name) as mask:
            counts += np.array(mask.histogram())
    threshold = threshold_otsu(hist=(counts, np.arange(256)))
    images = np.empty((len(names), side, side, 3), np.uint8)
    masks = np.empty((len(names), side, side), np.uint8)
    rows = []
    for number, name in enumerate(names):
        with Image.open(out / "images" / name) as image:
            color = image.convert("RGB")
        images[number] = np.asarray(color.resize((side, side), Image.Resampling.BILINEAR))
        with Image.open(out / "masks" / name) as mask:
            classes = (np.asarray(mask) > threshold).astype(np.uint8)
        binary = Image.fromarray(classes).resize((side, side), Image.Resampling.NEAREST)
        masks[number] = np.asarray(binary)
        if not bare:
            rows.append({"name": name, **facts(color, classes, masks[number])})
    np.save(out / "images.npy", images)
    np.save(out / "masks.npy", masks)
    if not bare:
        files = {path.name: sha256(path) for path in (archive, *out.glob("*.npy"))}
        write_json(out / "card.json", files)
        pd.DataFrame(rows).to_csv(out / "index.csv", index=False)


def facts(image: Image.Image, mask: NDArray[Any], small: NDArray[np.uint8]) -> dict[str, Any]:
    """Return the index's facts about an image and its mask; `small` is the mask in the stack."""
    return {
        "sha256": hashlib.sha256(image.tobytes()).hexdigest(),
        "mask_sha256": hashlib.sha256(mask.tobytes()).hexdigest(),
        "phash": str(imagehash.phash(image, hash_size=16)),
        "foreground": int(small.sum()),
    }


def timed(run: Callable[[Path, Path, int], None], archive: Path, out: Path) -> float:
    """Return the seconds of one run; `out` holds the result of the last one."""
    shutil.rmtree(out, ignore_errors=True)
    begin = time.perf_counter()
    run(archive, out, TARGET)
    return time.perf_counter() - begin


def scaling(archive: Path, folder: Path) -> float:
    """Return the throughput of two loops at once over that of one: the most that two cores give."""
    bare = partial(plain_loop, bare=True)
    alone = timed(bare, archive, folder / "loop-0")
    fork = get_context("fork")
    loops = [
        fork.Process(target=timed, args=(bare, archive, folder / f"loop-{number}"))
        for number in range(2)
    ]
    begin = time.perf_counter()
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()
    return 2 * alone / (time.perf_counter() - begin)


def speed(folder: Path) -> None:
    """Print images per second of all, and the median ratios."""
    archive = folder / "speed.zip"
    write_pictures(archive, IMAGES, SIDE, noise=12)
    runs: dict[str, Callable[[Path, Path, int], None]] = {
        f"stage, {THREADS} threads": stage,
        "plain loop": plain_loop,
        "bare loop": partial(plain_loop, bare=True),
    }
    seconds = [
        [timed(run, archive, folder / name) for name, run in runs.items()]
        for _ in range(ROUNDS + 1)
    ][1:]  # the first round warms up
    ours, *peers = (folder / name for name in runs)
    for name, peer in product(("images.npy", "masks.npy"), peers):
        if not np.array_equal(np.load(ours / name), np.load(peer / name)):
            raise ValueError(f"{name} of the stage differs from that of the {peer.name}")
    for name, column in zip(runs, zip(*seconds, strict=True), strict=True):
        ratios = sorted(peer / mine for (mine, *_), peer in zip(seconds, column, strict=True))
        print(
            f"{name:18} {IMAGES / statistics.median(column):6.1f} images/s, its time over the "
            f"stage's {statistics.median(ratios):.3f} (from {ratios[0]:.3f} to {ratios[-1]:.3f})"
        )
    print(
        f"{ROUNDS} rounds of {IMAGES} images of {SIDE} pixels to {TARGET}, {os.cpu_count()} cores"
    )
    most = sorted(scaling(archive, folder) for _ in range(ROUNDS))
    print(
        f"two bare loops at once {statistics.median(most):.3f} times one (from {most[0]:.3f} to "
        f"{most[-1]:.3f}): what the cores give at present"
    )


def memory(folder: Path) -> None:
    """Print the peak resident and the peak anonymous memory of the stage, 100 and 10,000 images."""
    for count in (100, 10_000):
        archive = folder / f"{count}.zip"
        write_pictures(archive, count, 96, noise=0)
        command = [sys.executable, "-c", CHILD, str(archive), str(folder / f"{count}")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            anonymous = 0
            while child.poll() is None:
                anonymous = max(anonymous, resident_anonymous(child.pid))
                time.sleep(0.02)
            peak = int(child.stdout.read()) if child.stdout and not child.returncode else 0
        print(
            f"{count:6} images  {peak / 1024:7.0f} MB, of it anonymous {anonymous / 1024:5.0f} MB",
            flush=True,
        )


def resident_anonymous(pid: int) -> int:
    """Return kilobytes of memory that the system cannot take back by dropping file pages."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = (line.split()[1] for line in status.splitlines() if line.startswith("RssAnon"))
    return int(next(found, 0))


def no_op(folder: Path) -> None:
    """Run the rule twice through Snakemake, and print what the second run found to do."""
    project = folder / "project"
    copy_project(project)
    write_pictures(folder / "few.zip", 20, 64, noise=0)
    with zipfile.ZipFile(folder / "few.zip") as file:
        file.extractall(project / "my-images")
    command = [sys.executable, "-m", "snakemake", "--cores", "2"]
    command += ["data/prepared/yours/card.json", "--config", "run=[yours]"]
    card = project / "data/prepared/yours/card.json"
    for _ in range(2):
        before = card.stat().st_mtime_ns if card.is_file() else None
        begin = time.perf_counter()
        done = subprocess.run(command, cwd=project, check=True, capture_output=True, text=True)
        seconds = time.perf_counter() - begin
    nothing = "Nothing to be done" in done.stdout + done.stderr
    same = card.stat().st_mtime_ns == before
    print(
        f"second run        {'nothing to do' if nothing and same else 'RAN AGAIN'}, {seconds:.1f} s"
    )


def main() -> None:
    """Print speed, memory and the second run."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        speed(Path(name))
    with tempfile.TemporaryDirectory() as name:
        memory(Path(name))
        no_op(Path(name))
