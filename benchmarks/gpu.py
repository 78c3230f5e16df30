"""A training step on a GPU, data included, against a bare loop, and the utilization of the GPU.

The network is that of KolektorSDD2's reference, U-Net++ over EfficientNet-B4 at 256 x 256, in mixed
precision; the images of the bare loop are on the GPU already. `busy` is the share of the time in
which the GPU computes, by PyTorch's profiler. Nothing is measured without a GPU; `--cpu` tries the
code.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile

from benchmarks.squares import write_stack
from benchmarks.training import Case, bare_loop, our_loop, show
from frugalseg.core.device import configure_process
from frugalseg.data.stack import open_stack
from frugalseg.models.build import build_model

ROUNDS = 7
THREADS = 4


def network() -> nn.Module:
    """Build the reference's network, without its pretrained weights, which need a download."""
    return build_model(
        arch="unetplusplus",
        encoder="efficientnet-b4",
        weights="none",
        classes=1,
        channels=3,
        seed=0,
    )


def seconds_of(run: Callable[[], None], device: torch.device) -> float:
    """Return the seconds until the device has finished the work of `run`."""
    begin = time.perf_counter()
    run()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter() - begin


def busy(run: Callable[[], None], device: torch.device) -> float:
    """Return the share of the time of `run` in which the device computes."""
    kind = ProfilerActivity.CUDA if device.type == "cuda" else ProfilerActivity.CPU
    with profile(activities=[kind]) as profiler:
        seconds = seconds_of(run, device)
    kernels = [event for event in profiler.events() if event.device_type.name == kind.name]
    spans = sorted((event.time_range.start, event.time_range.end) for event in kernels)
    computed, reached = 0.0, 0.0
    for start, end in spans:  # streams and nested events overlap
        computed += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return computed / 1e6 / seconds


def measure(case: Case) -> None:
    """Print images per second of both loops, their ratio, and how busy the device is."""
    with tempfile.TemporaryDirectory() as folder:
        write_stack(Path(folder) / "stack", 200, case.size)
        runs = our_loop(open_stack(Path(folder) / "stack"), case), bare_loop(case)
        rounds = [[seconds_of(run, case.device) for run in runs] for _ in range(ROUNDS + 1)][1:]
        share = busy(runs[0], case.device)
    show(case, rounds)
    print(f"busy            {share:7.1%}")


def main(arguments: Sequence[str] = ()) -> None:
    """Measure on the first GPU, if there is one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks gpu", description=__doc__)
    parser.add_argument(
        "--cpu", action="store_true", help="a few steps on the CPU, to try the code"
    )
    options = parser.parse_args(arguments)
    if options.cpu:
        configure_process(1)
        measure(Case(network, size=64, batch=2, steps=1))
    elif torch.cuda.is_available():
        configure_process(THREADS)
        device = torch.device("cuda")
        print(torch.cuda.get_device_name(device))
        measure(Case(network, size=256, batch=16, steps=50, device=device))
    else:
        print("no GPU: nothing is measured")
