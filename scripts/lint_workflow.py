"""Run `snakemake --lint`, less the finding that this project answers in another way.

Snakemake cannot be told to leave a finding out, and its JSON breaks on findings in included files
(9.27), so this reads its text.
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
    """Return the findings in Snakemake's text that are not accepted, each with where it is."""
    found = []
    for block in re.split(r"^Lints for ", text, flags=re.MULTILINE)[1:]:
        where, *lints = re.split(r"^    \* ", block, flags=re.MULTILINE)
        found += [
            f"{where.strip()} {lint.strip()}"
            for lint in lints
            if lint.splitlines()[0].removesuffix(":") not in ACCEPTED
        ]
    return found


def main() -> int:
    """Print what is left of Snakemake's findings; return 0 if nothing is."""
    command = [sys.executable, "-m", "snakemake", "--lint"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode and "Lints for " not in result.stderr:
        print(result.stdout + result.stderr)
        return result.returncode
    found = remaining(result.stderr)
    print("\n\n".join(found) or "Snakemake finds nothing to complain about.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
