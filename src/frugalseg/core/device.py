"""The device that a process computes on, its threads, and the memory that it frees."""

import ctypes
import sys

import torch

from frugalseg.core.errors import FrugalsegError

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
_KEPT = 2**30
"""Bytes of freed memory that a process keeps."""


def pick_device(name: str = "auto") -> torch.device:
    """Return the device of a name such as `cpu` or `cuda:1`; `auto` is a GPU if there is one.

    Raises:
        FrugalsegError: PyTorch cannot use that device here.
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
    """Compute with so many threads, and keep freed memory for the next step.

    The C library of Linux gives large blocks back to the system as soon as they are freed, or does
    not, depending on what was freed before: a training step then takes up to an eighth longer, in
    some processes and not in others. What lies in memory is not touched by this.
    """
    torch.set_num_threads(threads)
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):  # glibc: man 3 mallopt
        library.mallopt(_TRIM_THRESHOLD, _KEPT)
        library.mallopt(_MMAP_MAX, 0)  # blocks that are mapped are given back one by one
