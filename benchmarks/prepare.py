"""The stage `prepare` against a plain loop, its memory as data sets grow, and its no-op.

The loop is what one would write by hand, in one thread: unpack, add up the histograms of the masks,
Otsu, then open, convert, resize and save. It checks nothing, hashes nothing and keeps no index.
Both start from one archive in one process and take turns, so that a drift of the machine's speed
meets both. Memory is read from a process of its own; Linux only.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image
from skimage.filters import threshold_otsu

from benchmarks.pictures import write_pictures
from benchmarks.workflow import copy_project
from frugalseg.params.datasets import DataSetParams
from frugalseg.stages import prepare

IMAGES, SIDE, TARGET, PAIRS = 160, 512, 256, 5
THREADS = 2

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
    params = DataSetParams.model_validate(entry).model_dump(mode="json")
    settings = prepare.Settings(**{k: params[k] for k in prepare.Settings.__dataclass_fields__})
    prepare.run(archive, out, settings, name="bench", threads=THREADS)


def plain_loop(archive: Path, out: Path, side: int) -> None:
    """Make the same two arrays, in one thread."""
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
    for number, name in enumerate(names):
        with Image.open(out / "images" / name) as image:
            small = image.convert("RGB").resize((side, side), Image.Resampling.BILINEAR)
            images[number] = np.asarray(small)
        with Image.open(out / "masks" / name) as mask:
            binary = Image.fromarray((np.asarray(mask) > threshold).astype(np.uint8))
            masks[number] = np.asarray(binary.resize((side, side), Image.Resampling.NEAREST))
    np.save(out / "images.npy", images)
    np.save(out / "masks.npy", masks)


def timed(run: Callable[[Path, Path, int], None], archive: Path, out: Path) -> float:
    """Return the seconds of one run; `out` holds the result of the last one."""
    shutil.rmtree(out, ignore_errors=True)
    begin = time.perf_counter()
    run(archive, out, TARGET)
    return time.perf_counter() - begin


def scaling(archive: Path, folder: Path) -> float:
    """Return how much more two loops at once get done than one: what two cores give at most."""
    alone = timed(plain_loop, archive, folder / "loop-0")
    fork = get_context("fork")
    loops = [
        fork.Process(target=timed, args=(plain_loop, archive, folder / f"loop-{number}"))
        for number in range(2)
    ]
    begin = time.perf_counter()
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()
    return 2 * alone / (time.perf_counter() - begin)


def speed(folder: Path) -> None:
    """Print images per second of both, and the median ratio."""
    archive = folder / "speed.zip"
    write_pictures(archive, IMAGES, SIDE, noise=12)
    seconds: list[tuple[float, float]] = []
    for number in range(PAIRS + 1):
        pair = timed(stage, archive, folder / "ours"), timed(plain_loop, archive, folder / "loop")
        if number:  # the first round warms up
            seconds.append(pair)
    for name in ("images.npy", "masks.npy"):
        if not np.array_equal(np.load(folder / "ours" / name), np.load(folder / "loop" / name)):
            raise ValueError(f"{name} of the stage is not what the plain loop gives")
    ours, loop = (statistics.median(column) for column in zip(*seconds, strict=True))
    ratios = sorted(peer / mine for mine, peer in seconds)
    print(f"stage, {THREADS} threads  {IMAGES / ours:7.1f} images/s")
    print(f"plain loop        {IMAGES / loop:7.1f} images/s")
    print(
        f"ratio             {statistics.median(ratios):7.3f}  (from {ratios[0]:.3f} to "
        f"{ratios[-1]:.3f}, {PAIRS} pairs of {IMAGES} images of {SIDE} pixels to {TARGET}, "
        f"{os.cpu_count()} cores)"
    )
    most = sorted(scaling(archive, folder) for _ in range(PAIRS))
    print(
        f"two loops at once {statistics.median(most):7.3f}  times one (from {most[0]:.3f} to "
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
    with tempfile.TemporaryDirectory() as name:
        speed(Path(name))
        memory(Path(name))
        no_op(Path(name))
