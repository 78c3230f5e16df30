"""What made a result: package versions, machine, memory, revision."""

import os
import platform
import re
import resource
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

PACKAGES = (
    "frugalseg", "torch", "torchvision", "segmentation-models-pytorch", "timm", "numpy", "pandas",
    "scipy", "statsmodels", "scikit-image", "pillow", "snakemake", "dvc",
)  # fmt: skip


def package_versions() -> dict[str, str]:
    """Return the installed version of every package that can change a number."""
    return {name: version(name) for name in PACKAGES}


def describe_machine() -> dict[str, str]:
    """Return processor, cores, system and Python; no host name or user name."""
    return {
        "processor": _first_match(r"^model name\s*: (.+)", Path("/proc/cpuinfo"))
        or platform.processor()
        or "unknown",
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def peak_memory() -> float:
    """Return the peak memory of this process so far, in MiB.

    Linux: `VmHWM`. In a fork, getrusage includes the peak of the fork server, and Snakemake's
    benchmark measures the script that waits for the fork.
    """
    peak = _first_match(r"VmHWM:\s*(\d+)", Path("/proc/self/status"))
    if peak:
        return round(int(peak) / 1024, 1)
    peak_bytes_or_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak_bytes_or_kib / (1024**2 if sys.platform == "darwin" else 1024), 1)


def git_revision() -> str:
    """Return the current commit, with '+' if files differ from it, or 'unknown' outside git."""
    try:
        command = ["git", "describe", "--always", "--abbrev=40", "--dirty=+", "--exclude=*"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
        return done.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "unknown"


def _first_match(pattern: str, file: Path) -> str:
    """Return the first group of a pattern in a file; "" if either is missing."""
    try:
        match = re.search(pattern, file.read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        return ""
    return match[1].strip() if match else ""
