"""A Slurm cluster on this machine for the tests that need one, and what they ask it."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = str(Path(__file__).parents[2] / "scripts/slurm")


@pytest.fixture(scope="session")
def slurm() -> Iterator[None]:
    """Start the cluster of `scripts/slurm`; skip where Slurm is not installed."""
    path = "/usr/local/sbin:/usr/sbin:/sbin"
    if not shutil.which("sbatch") or not shutil.which("slurmctld", path=path):
        pytest.skip("no Slurm: `scripts/slurm install`, as root on Debian, or apt-get slurm-wlm")
    pytest.importorskip(
        "snakemake_executor_plugin_slurm", reason="no executor plugin: pip install '.[slurm]'"
    )
    started = subprocess.run([SCRIPT, "start"], capture_output=True, text=True, check=False)
    if started.returncode:
        pytest.skip(f"Slurm does not start: {started.stderr}")
    yield
    subprocess.run([SCRIPT, "stop"], check=True)


def jobs(name: str, *states: str) -> list[str]:
    """Return the numbers of the jobs, in any of the states, whose comment ends with a name."""
    asked = ["squeue", "--noheader", f"--states={','.join(states) or 'all'}", "--format=%i %k"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=30)
    rows = (line.split() for line in done.stdout.splitlines())
    return [number for number, comment in rows if comment.endswith(name)]


def job(number: str) -> dict[str, str]:
    """Return what the cluster says of a job."""
    asked = ["scontrol", "show", "job", "--oneliner", number]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=30)
    return dict(pair.split("=", 1) for pair in done.stdout.split() if "=" in pair)
