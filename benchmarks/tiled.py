"""Tiled prediction beside MONAI's sliding window, and its memory on images of growing height.

Both get the same network, tiles, overlap, weights and batches, and the image with a reflected
margin. Times are processor times of one thread, in alternating runs; peak memory is that of a
separate process that holds the whole map of probabilities at the end. `--memory` instead prints the
peak memory of predicting .npy images of 2,000 to 20,000 rows by 20,000 columns (Linux; the network
has one layer, since only the blending matters).
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from monai.inferers.utils import sliding_window_inference
from numpy.typing import NDArray

from frugalseg.core.device import configure_process
from frugalseg.models.build import build_model
from frugalseg.models.predict import to_probs
from frugalseg.models.scaling import Scaling
from frugalseg.models.tiled import Tiling, blend_tiles, lay_tiles

SHAPE, TILING, BATCH, ROUNDS = (2560, 2048), Tiling((256, 256), 0.5), 8, 5
CPU, UNIT = torch.device("cpu"), Scaling("unit")
CHILD = """
import sys
from pathlib import Path
import numpy as np
import torch
from frugalseg.ingest.image_rows import open_rows
from frugalseg.inference.outputs import write_outputs
from frugalseg.models.tiled import Tiling, blend_tiles
from frugalseg.models.predict import to_preds, to_probs
from frugalseg.models.scaling import Scaling

folder, image = Path(sys.argv[1]), open_rows(Path(sys.argv[1]) / "image.npy", 3)
model = torch.nn.Conv2d(3, 1, 1)
found = blend_tiles(lambda tiles: to_probs(model(tiles)), image, tiling=Tiling((512, 512), 0.5),
                    scaling=Scaling("unit"), device=torch.device("cpu"))
bands = ((to_preds(torch.from_numpy(probs)[None], 2.0)[0].numpy(), probs) for probs in found)
write_outputs(folder / "image", image, bands, ["defect"], probs=True)
"""
ONE = """
import sys
from benchmarks.tiled import contestants

contestants()[sys.argv[1]]()
"""
PEAK = """
status = open("/proc/self/status").read()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""
Map = NDArray[np.float32]


def main(options: Sequence[str] = ()) -> None:
    """Print times beside MONAI's, or with `--memory` the peaks of memory."""
    if "--memory" in options:
        _memory()
    else:
        _times()


def contestants() -> dict[str, Callable[[], Map]]:
    """Return functions that predict the probabilities of one image, K x H x W: ours and MONAI's."""
    configure_process(1)
    settings = {"arch": "unet", "encoder": "tu-tf_efficientnet_lite0", "weights": "bundled"}
    decoder = (128, 64, 32, 16, 16)
    model = build_model(**settings, decoder_channels=decoder, classes=1, channels=3, seed=0)  # type: ignore[arg-type]
    model = model.eval()
    image = np.random.default_rng(0).integers(0, 256, (*SHAPE, 3), dtype=np.uint8)
    rows, columns = (
        lay_tiles(side, tile, TILING.overlap) for side, tile in zip(SHAPE, TILING.size, strict=True)
    )
    down = slice(rows.before, rows.before + SHAPE[0])
    right = slice(columns.before, columns.before + SHAPE[1])

    def predict(tiles: torch.Tensor) -> torch.Tensor:
        return to_probs(model(tiles))

    def ours() -> Map:
        bands = blend_tiles(predict, image, tiling=TILING, scaling=UNIT, device=CPU, batch=BATCH)
        return np.concatenate(list(bands), axis=1)

    @torch.inference_mode()
    def monai() -> Map:
        padded = UNIT.tensor(image[rows.source][:, columns.source][None], CPU)
        probs = sliding_window_inference(
            padded,
            TILING.size,
            BATCH,
            predict,
            overlap=TILING.overlap,
            mode="gaussian",
        )
        assert isinstance(probs, torch.Tensor)
        return probs[0][:, down, right].numpy()

    return {"ours": ours, "MONAI": monai}


def _times() -> None:
    runs = contestants()
    ours, monai = runs.values()
    difference = np.abs(ours() - monai()).max()  # the first calls reserve memory
    pairs = [(_seconds(ours), _seconds(monai)) for _ in range(ROUNDS)]
    ratios = sorted(peer / own for own, peer in pairs)
    own, peer = (float(np.median([pair[side] for pair in pairs])) for side in (0, 1))
    print(f"largest difference of a probability  {difference:.1e}")
    print(f"seconds, ours and MONAI's            {own:.2f} {peer:.2f}")
    print(
        f"MONAI's time over ours               {ratios[ROUNDS // 2]:.3f} "
        f"({ratios[0]:.3f} to {ratios[-1]:.3f}, {ROUNDS} pairs)"
    )
    peaks = " ".join(f"{_peak(ONE, name):.0f}" for name in runs)
    print(f"peak memory, ours and MONAI's, MB    {peaks}")


def _seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _peak(code: str, argument: str) -> float:
    """Return the peak memory in MB of a separate process that runs `code` with an argument."""
    command = [sys.executable, "-c", code + PEAK, argument]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1]) / 1024


def _memory(width: int = 20_000) -> None:
    for height in (2_000, 5_000, 20_000):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "image.npy"
            # a sparse file, which reads as zeros and takes no disk
            np.lib.format.open_memmap(path, "w+", np.uint8, (height, width, 3))
            peak = _peak(CHILD, name)
        print(f"{height:6} x {width}  {peak:7.0f} MB", flush=True)
