"""Run `snakemake --lint` without the finding that this project solves in another way.

Snakemake has no option to ignore a finding, and its JSON breaks on findings in included files
(9.27), so this script reads its text.
"""

import re
import subprocess
import sys

ACCEPTED = {
    # All rules share the one environment of requirements.lock:
    # docs/development/decisions/0004-lock.md.
    "Specify a conda environment or container for each rule.",
}


def remaining(text: str) -> list[str]:
    """Return the findings in Snakemake's text that are not accepted, each with its place."""
    findings = []
    for block in re.split(r"^Lints for ", text, flags=re.MULTILINE)[1:]:
        where, *lints = re.split(r"^    \* ", block, flags=re.MULTILINE)
        findings += [
            f"{where.strip()} {lint.strip()}"
            for lint in lints
            if lint.splitlines()[0].removesuffix(":") not in ACCEPTED
        ]
    return findings


def main() -> int:
    """Print the remaining findings; return 0 if there are none."""
    command = [sys.executable, "-m", "snakemake", "--lint"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode and "Lints for " not in result.stderr:
        print(result.stdout + result.stderr)
        return result.returncode
    findings = remaining(result.stderr)
    print("\n\n".join(findings) or "Snakemake has no findings.")
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main())
