import subprocess
import sys

import pytest
import torch

from frugalseg.core.device import configure_process, pick_device
from frugalseg.core.errors import FrugalsegError

AGAIN = """
import resource, sys
import torch
from frugalseg.core.device import configure_process
if sys.argv[1] == "begun":
    configure_process(1)
def step():
    for size in (2 ** 24, 2 ** 22):
        torch.ones(size)
for _ in range(20):
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def test_a_device_by_name() -> None:
    assert pick_device("cpu").type == "cpu"
    assert pick_device().type in {"cpu", "cuda"}
    with pytest.raises(FrugalsegError, match="The device 'warp' cannot be used here"):
        pick_device("warp")


def test_threads_are_those_asked_for() -> None:
    before = torch.get_num_threads()
    try:
        configure_process(1)
        assert torch.get_num_threads() == 1
    finally:
        configure_process(before)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep memory in their own ways")
def test_what_a_step_frees_is_there_for_the_next() -> None:
    """Blocks of 64 and 16 MB: 20,000 pages of 4 KiB a step that the system would have to give."""
    faults = {}
    for how in ("begun", "not"):
        command = [sys.executable, "-c", AGAIN, how]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        faults[how] = int(done.stdout)
    assert faults["begun"] < 100
    assert faults["not"] > 1000
