"""What a result was made with: versions, machine, memory, revision."""

import os
import platform
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
    """Return processor, cores, system and Python; no host or user name."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def peak_memory() -> float:
    """Return the most memory that this process has held so far, in MiB.

    On Linux it is the peak of its own address space (`VmHWM`): getrusage's begins with what the
    process held that this one was forked from, and Snakemake's benchmark sees a script that waits.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peak = peak // 1024 if sys.platform == "darwin" else peak  # bytes there, KiB elsewhere
    return round(peak / 1024, 1)


def git_revision() -> str:
    """Return the current commit, with '+' if files differ from it; 'unknown' outside a checkout."""
    try:
        command = ["git", "describe", "--always", "--abbrev=40", "--dirty=+", "--exclude=*"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
        return done.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "unknown"


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            names = [
                line.split(":", 1)[1].strip() for line in file if line.startswith("model name")
            ]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or "unknown"
