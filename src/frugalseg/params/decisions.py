"""The file that records what a sequential study decided, look by look, and which seeds come next.

Looks are only ever added. The workflow takes the number of seeds of every arm from it, so that
Snakemake, DVC and a fresh clone agree on them; git keeps it beside `preregistration.json`.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import write_json
from frugalseg.params.kept import read_kept
from frugalseg.params.plan import Plan
from frugalseg.params.schema import Params


class Finding(BaseModel):
    """What one look found in a contrast; the numbers are those of its row in `contrasts.csv`.

    Attributes:
        n: paired seeds; fewer than those of the look if the contrast was decided before.
        p_adjusted, p_same: None if they could not be computed.
    """

    a: str
    b: str
    metric: str
    verdict: str
    n: int
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    p_adjusted: float | None
    p_same: float | None


class Look(BaseModel):
    """One look: its number of seeds, the date (UTC), and what it found in every contrast."""

    seeds: int
    date: str
    contrasts: list[Finding]


class Decisions(BaseModel):
    """The content of the file: seeds of every arm from now on, and the looks so far."""

    model_config = ConfigDict(extra="forbid")

    seeds: dict[str, int]
    looks: list[Look] = []


def read_decisions(dataset: str) -> Decisions | None:
    """Read the file of a data set; return None if it does not exist.

    Raises:
        FrugalsegError: it exists but is not what `keep_decisions` writes.
    """
    path = Path(paths.DECISIONS.format(dataset=dataset))
    return read_kept(path, Decisions, "the seeds of its arms are unknown. Restore it from git.")


def keep_decisions(dataset: str, decisions: Decisions) -> None:
    """Write the file of a data set."""
    write_json(Path(paths.DECISIONS.format(dataset=dataset)), decisions.model_dump())


def seeds_of_arms(params: Params, plan: Plan) -> dict[str, list[int]]:
    """Return the seeds that every arm of a data set is run with.

    They are the planned ones; in a sequential study those that its decisions grant, at first those
    of the first look. An arm has all seeds of those that start from it.

    Raises:
        FrugalsegError: the decisions are damaged, or grant seeds that are no look of `seeds`.
    """
    if params.looks is None:
        return dict.fromkeys(plan.arms, params.seed_list)
    looks = params.looks.looks
    found = read_decisions(plan.dataset)
    granted: Mapping[str, int] = found.seeds if found else {}
    if odd := {arm: count for arm, count in granted.items() if count not in looks}:
        arm, count = next(iter(odd.items()))
        raise FrugalsegError(
            f"{paths.DECISIONS.format(dataset=plan.dataset)}: {arm} has {count} seeds, which is no "
            f"look of seeds.looks in params.yaml ({', '.join(map(str, looks))}). Looks must not "
            "change once results exist: set them back, or remove the file to begin a new study."
        )
    counts = {arm: granted.get(arm, looks[0]) for arm in plan.arms}
    for arm in plan.arms:
        for ancestor in plan.lineage(arm):
            counts[ancestor.name] = max(counts[ancestor.name], counts[arm])
    return {arm: params.seed_list[:count] for arm, count in counts.items()}
