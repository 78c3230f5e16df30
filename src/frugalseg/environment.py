"""What a result was made with: versions, machine, revision."""

import os
import platform
import subprocess
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
