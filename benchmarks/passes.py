"""T = 20 stochastic passes against 20 full forward passes of the same model, in one process.

For dropout in the encoder, the decoder and before the head. With a = time of the part before the
first dropout and b = of the rest, for all images at once, the ideal speed-up is
T (a + b) / (a + T b). All alternate, so that a drift of the machine's speed affects all, and only
the processor time of one thread counts, so that other work does not. Then peak memory at T = 20 and
T = 100, each in its own process (Linux only).
"""

import statistics
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from benchmarks.steps import network
from benchmarks.turns import turns
from frugalseg.core.device import configure_process
from frugalseg.core.randomness import torch_seed
from frugalseg.inference.passes import Passes, entropy, predict_passes
from frugalseg.models.dropout import find_dropout
from frugalseg.models.predict import to_probs
from frugalseg.models.prefix import SplitModel
from frugalseg.models.scaling import Scaling

SIZE, IMAGES, PASSES, ROUNDS = 96, 24, 20, 7
PARTS = 5
"""Repetitions of each part in a round: one is too short to be timed."""
KEY = (0, "bench")
CPU, SCALING = torch.device("cpu"), Scaling("imagenet")

CHILD = """
import sys
from benchmarks.passes import images, passes_of, stochastic
where, count = sys.argv[1], int(sys.argv[2])
passes_of(stochastic(where), images(4), count)
status = open("/proc/self/status").read()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


def stochastic(where: str) -> nn.Module:
    """Build the network of the built-in study, with dropout, for evaluation."""
    return network(where).eval().to(memory_format=torch.channels_last)


def images(count: int) -> NDArray[np.uint8]:
    """Return noise, count x SIZE x SIZE x 3."""
    return np.random.default_rng(0).integers(0, 256, (count, SIZE, SIZE, 3)).astype(np.uint8)


def passes_of(model: nn.Module, pictures: NDArray[np.uint8], count: int) -> list[torch.Tensor]:
    """Return mean probabilities and expected entropies with the efficient method."""
    rows = np.arange(len(pictures))
    how = Passes(count, KEY)
    batches = predict_passes(model, pictures, rows, scaling=SCALING, device=CPU, passes=how)
    return [torch.cat(parts) for parts in list(zip(*batches, strict=True))[1:]]


@torch.inference_mode()
def full_passes(model: nn.Module, pictures: NDArray[np.uint8], count: int) -> list[torch.Tensor]:
    """Return the same with full forward passes over the whole batch, with the same masks."""
    dropout = find_dropout(model)
    assert dropout is not None
    batch = SCALING.tensor(pictures, CPU)
    probs, expected = torch.zeros(()), torch.zeros(())
    for number in range(count):
        seeds = [torch_seed(*KEY, "pass", row, number) for row in range(len(pictures))]
        dropout.generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        sample = to_probs(model(batch))
        probs, expected = probs + sample / count, expected + entropy(sample) / count
    dropout.generators = None
    return [probs, expected]


def parts(model: nn.Module, pictures: NDArray[np.uint8]) -> list[Callable[[], object]]:
    """Return functions that compute the part before the first dropout and the rest, PARTS times."""
    split = SplitModel(model, 3)
    batch = SCALING.tensor(pictures, CPU)
    prefix = split.prefix(batch)

    def rest() -> None:
        for _ in range(PARTS):
            generators = [[torch.Generator().manual_seed(row)] for row in range(len(pictures))]
            logits = prefix.rest(0, len(pictures), generators)
            entropy(to_probs(logits.flatten(0, 1)))

    return [lambda: [split.prefix(batch) for _ in range(PARTS)], rest]


def measure(where: str) -> None:
    """Print speed-up, ideal, their ratio and the largest difference of the two results."""
    model, pictures = stochastic(where), images(IMAGES)
    runs: list[Callable[[], object]] = [
        lambda: passes_of(model, pictures, PASSES),
        lambda: full_passes(model, pictures, PASSES),
        *parts(model, pictures),
    ]
    seconds = turns(*runs, rounds=ROUNDS)
    ours, full, a, b = (statistics.median(column) for column in zip(*seconds, strict=True))
    a, b = a / PARTS, b / PARTS
    ideal = PASSES * (a + b) / (a + PASSES * b)
    results = passes_of(model, pictures, PASSES), full_passes(model, pictures, PASSES)
    gap = max(float((one - two).abs().max()) for one, two in zip(*results, strict=True))
    print(
        f"{where:8} speed-up {full / ours:5.2f}  ideal {ideal:5.2f}  "
        f"ratio {full / ours / ideal:.3f}"
        f"  (a {1e3 * a:.1f} ms, b {1e3 * b:.1f} ms for {IMAGES} images; results differ by "
        f"{gap:.1e})",
        flush=True,
    )


def main() -> None:
    """Print the speed-ups, and the peak memory for 20 and 100 passes."""
    configure_process(1)
    for where in ("encoder", "decoder", "head"):
        measure(where)
    for where in ("encoder", "decoder", "head"):
        peaks = []
        for count in (20, 100):
            command = [sys.executable, "-c", CHILD, where, str(count)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            peaks.append(int(done.stdout.split()[-1]) / 1024)
        print(f"{where:8} peak memory {peaks[0]:.0f} MB at T = 20, {peaks[1]:.0f} MB at T = 100")
