"""Which of the jobs that are ready start first: those with the longest way still to go.

An active-learning run trains round after round, each of which needs the one before. Whoever starts
it late, or finishes others first, waits for it in the end while cores are idle. So a job's urgency
is its level: the number of jobs on the longest path from it to the end of the study (Hu, 1961,
"Parallel Sequencing and Assembly Line Problems": the highest level first). Snakemake's own greedy
scheduler takes the job with the largest input first, which is the one whose run is the furthest.
"""

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any

from snakemake_interface_scheduler_plugins.base import SchedulerBase


class Scheduler(SchedulerBase):  # type: ignore[misc]  # Snakemake has no types
    """Snakemake's plugin of `--scheduler frugalseg`."""

    def __post_init__(self) -> None:
        """Know no level yet: the graph is complete when the first jobs are asked for."""
        self._levels: dict[Any, int] = {}
        self._turns: dict[Any, tuple[int, int, str]] = {}

    def select_jobs(
        self,
        selectable_jobs: Sequence[Any],
        remaining_jobs: Sequence[Any],
        available_resources: Mapping[str, int | str],
        input_sizes: Mapping[str, int],
    ) -> Sequence[Any]:
        """Return the jobs to start now: by priority, then level, each that what is left allows.

        Args:
            selectable_jobs: whose inputs are there. remaining_jobs: all that have not started.
            available_resources: amounts that nobody uses, by name; `_cores` are one of them.
            input_sizes: bytes of files, not looked at.
        """
        if not self._levels:
            self._levels = levels(
                {job: list(self.dag.job_dependencies(job)) for job in self.dag.needrun_jobs()}
            )
        free = dict(available_resources)
        chosen = []
        for job in sorted(selectable_jobs, key=self._turn):
            if not free.get("_cores", 1):
                break
            asked = job.scheduler_resources
            if all(asked.get(name, 0) <= amount for name, amount in free.items()):
                chosen.append(job)
                free = {name: amount - asked.get(name, 0) for name, amount in free.items()}
        return chosen

    def _turn(self, job: Any) -> tuple[int, int, str]:
        """Return what jobs are sorted by; names make their order the same in every run.

        A group of jobs that a cluster runs as one is as urgent as the most urgent of them.
        """
        if job not in self._turns:
            members = list(job) if job.is_group() else [job]
            level = max(self._levels.get(member, 0) for member in members)
            self._turns[job] = -job.priority, -level, min(map(str, job.output), default="")
        return self._turns[job]


def levels(needs: Mapping[Any, Sequence[Any]]) -> dict[Any, int]:
    """Return the number of jobs on the longest path from each job to one that nothing needs.

    Args:
        needs: the jobs that each job waits for; those that are no keys themselves are done.
    """
    found = dict.fromkeys(needs, 1)
    for job in reversed([*TopologicalSorter(needs).static_order()]):
        for before in needs.get(job, ()):
            if before in found:
                found[before] = max(found[before], found[job] + 1)
    return found
