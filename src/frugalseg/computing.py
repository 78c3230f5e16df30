"""Setting up a process that computes: its threads, and the memory that it frees."""

import ctypes
import sys

import torch

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
_KEPT = 2**30
"""Bytes of freed memory that a process keeps."""


def begin(threads: int) -> None:
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
