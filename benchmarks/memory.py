"""Peak memory of a training job for data sets of growing size, each in its own process.

Linux only: it reads the peak from the process's own status.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.squares import write_stack

CHILD = """
import sys
from pathlib import Path
from frugalseg.settings.model import ModelParams
from frugalseg.settings.training import TrainingParams
from frugalseg.stages import label, split, train

folder = Path(sys.argv[1])
split.run(folder / "stack", folder / "split.csv", seed=0, test=0.2, validation=0.05)
label.run(folder / "stack", folder / "split.csv", None, folder / "labels.csv", arm="full", seed=0,
          round_=0, labels=1.0, acquire=None, query=None)
model = ModelParams(arch="unet", encoder="tu-tf_efficientnet_lite0", weights="bundled",
                    decoder_channels=(128, 64, 32, 16, 16))
training = TrainingParams.model_validate({"loss": ["dice", "focal"], "lr": 1e-3, "steps": 6,
                                          "batch": 8, "validate_every": 3})
job = train.Run(dataset="squares", arm="full", seed=0, round=0, strategy="supervised", model=model,
                training=training)
train.run(job, folder / "stack", folder / "labels.csv", None, folder, resume=folder, threads=1)
# not getrusage, whose peak includes that of the parent process
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


def main() -> None:
    """Print the peak resident memory for 200, 2,000 and 10,000 images of 128 pixels."""
    for count in (200, 2_000, 10_000):
        with tempfile.TemporaryDirectory() as name:
            write_stack(Path(name) / "stack", count, 128)
            command = [sys.executable, "-c", CHILD, name]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        print(f"{count:6} images  {int(done.stdout.split()[-1]) / 1024:7.0f} MB", flush=True)
