"""Snakemake itself, with the plugin, on a workflow of three rules."""

import subprocess
import sys
from pathlib import Path

SNAKEFILE = """
rule all:
    input: expand("{arm}.txt", arm=["a", "b"]), "broken.txt"

rule write:
    output: "{arm}.txt"
    wildcard_constraints: arm="[ab]"
    shell: "touch {output}"

rule broken:
    output: "broken.txt"
    shell: "exit 3"
"""


def test_progress_and_errors_in_full(tmp_path: Path) -> None:
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    command = (sys.executable, "-m", "snakemake", "--cores", "1", "--keep-going")
    done = subprocess.run(
        [*command, "--logger", "frugalseg"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[0].startswith("0 of 4 jobs done; running: ")
    assert lines[0].removeprefix("0 of 4 jobs done; running: ") in {"write a", "write b", "broken"}
    assert "Error in rule broken:" in lines
    assert any("exit 3" in line for line in lines)
    assert not any(line.startswith(("rule write", "Select jobs")) for line in lines)
    (tmp_path / "broken.txt").touch()
    done = subprocess.run(
        [*command, "--forcerun", "write", "--logger", "frugalseg"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr.splitlines()[-1] == "3 of 3 jobs done"
