"""The device and the threads of a process, and what it does with freed memory."""

import ctypes
import sys

import torch

from frugalseg.core.errors import FrugalsegError

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
_KEPT = 2**30
"""Bytes of freed memory that a process may keep."""


def pick_device(name: str = "auto") -> torch.device:
    """Return the device named `cpu`, `cuda:1` and so on; `auto` is a GPU if there is one.

    Raises:
        FrugalsegError: PyTorch cannot use that device.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise FrugalsegError(
            f"The device {name!r} cannot be used here: {reason} Choose another, such as cpu."
        ) from error
    return device


def configure_process(threads: int) -> None:
    """Set the number of threads, and keep freed memory for the next training step.

    Depending on what was freed before, glibc returns large blocks to the system at once: a training
    step then takes up to an eighth longer. No result depends on it.
    """
    torch.set_num_threads(threads)
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):  # glibc: man 3 mallopt
        library.mallopt(_TRIM_THRESHOLD, _KEPT)
        library.mallopt(_MMAP_MAX, 0)  # mapped blocks are returned one by one
