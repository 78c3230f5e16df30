"""The file that says what was planned before there were results: read, added to, never replaced.

It is no output of a rule, since Snakemake deletes those before a job, and lies in git beside
`metrics.json`: what it once said can be read there.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import write_json
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.preregistration import fingerprint, register


@dataclass(frozen=True)
class Registration:
    """What the file says.

    Attributes:
        contrasts: fingerprint -> was it planned before results existed.
        seeds: the seeds of the first results.
        plain: every contrast ever registered, in words, by its fingerprint; for people who read
            the file.
    """

    contrasts: dict[str, bool]
    seeds: tuple[int, ...]
    plain: dict[str, dict[str, Any]]


def read_registration(path: Path) -> Registration | None:
    """Read the file; None where nothing was ever registered.

    Raises:
        FrugalsegError: if it is there and not what `keep_registration` writes.
    """
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        entries = content["contrasts"]
        return Registration(
            {key: bool(entry["before_results"]) for key, entry in entries.items()},
            tuple(int(seed) for seed in content["seeds"]),
            {key: dict(entry["contrast"]) for key, entry in entries.items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FrugalsegError(
            f"{path} should say which contrasts were planned before results existed, and cannot be "
            f"read ({type(error).__name__}: {error}). Take it back from git; it is not made anew, "
            "because nobody could then say what was planned."
        ) from error


def keep_registration(
    path: Path, contrasts: Sequence[ContrastParams], seeds: Sequence[int]
) -> None:
    """Add the contrasts planned now to the file, which is made with the first results.

    Those of the first call are planned before results; what a later call adds is not. Nothing that
    stands in the file changes.
    """
    earlier = read_registration(path)
    known = register(
        contrasts, earlier.contrasts if earlier else None, results_exist=earlier is not None
    )
    plain = {fingerprint(contrast): contrast.model_dump() for contrast in contrasts}
    plain |= earlier.plain if earlier else {}
    if earlier is None or known != earlier.contrasts:
        entries = {key: {"before_results": known[key], "contrast": plain[key]} for key in known}
        first = list(earlier.seeds if earlier else seeds)
        write_json(path, {"contrasts": entries, "seeds": first})
