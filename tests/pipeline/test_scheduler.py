"""The order of jobs, by hand; and Snakemake itself, with the plugin."""

import logging
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from frugalseg.pipeline.scheduler import Scheduler, levels

SNAKEFILE = """
rule all:
    input: "chain-3", "alone-1", "alone-2"

rule chain:
    input: lambda w: [f"chain-{int(w.i) - 1}"] if int(w.i) > 1 else []
    output: "chain-{i}"
    shell: "echo {output} >> order; touch {output}"

rule alone:
    input: "large"
    output: "alone-{i}"
    shell: "echo {output} >> order; touch {output}"
"""


@dataclass(frozen=True)
class Job:
    """What the scheduler looks at of a job."""

    name: str
    threads: int = 1
    priority: int = 0
    members: tuple["Job", ...] = ()

    @property
    def output(self) -> list[str]:
        return [self.name]

    @property
    def scheduler_resources(self) -> dict[str, int]:
        return {"_cores": self.threads, "_job_count": 1}

    def is_group(self) -> bool:
        return bool(self.members)

    def __iter__(self) -> Iterator["Job"]:
        return iter(self.members)


@dataclass
class Graph:
    """What the scheduler asks of Snakemake's graph."""

    needs: Mapping[Job, Sequence[Job]] = field(default_factory=dict)

    def needrun_jobs(self) -> list[Job]:
        return list(self.needs)

    def job_dependencies(self, job: Job) -> Sequence[Job]:
        return self.needs[job]


def chosen(graph: Graph, ready: Sequence[Job], **free: int) -> list[str]:
    free = {"_job_count": sys.maxsize} | free
    scheduler = Scheduler(graph, None, logging.getLogger("test"))
    return [job.name for job in scheduler.select_jobs(ready, ready, free, {})]


def test_levels_are_the_longest_way_to_the_end() -> None:
    # a -> b -> c -> end, a -> c, d -> end; "done" has run before
    needs = {"a": ["done"], "b": ["a"], "c": ["b", "a"], "d": ["done"], "end": ["c", "d"]}
    assert levels(needs) == {"a": 4, "b": 3, "c": 2, "d": 2, "end": 1}


def test_levels_of_nothing() -> None:
    assert levels({}) == {}


def test_the_longest_way_goes_first() -> None:
    first, then, alone = Job("first"), Job("then"), Job("alone")
    graph = Graph({alone: [], first: [], then: [first]})
    assert chosen(graph, [alone, first], _cores=1) == ["first"]
    assert chosen(graph, [alone, first], _cores=2) == ["first", "alone"]


def test_priority_goes_before_levels() -> None:
    first, then, alone = Job("first"), Job("then"), Job("alone", priority=1)
    graph = Graph({alone: [], first: [], then: [first]})
    assert chosen(graph, [first, alone], _cores=1) == ["alone"]


def test_names_decide_between_equals() -> None:
    jobs = [Job("b"), Job("c"), Job("a")]
    assert chosen(Graph({job: [] for job in jobs}), jobs, _cores=2) == ["a", "b"]


def test_what_does_not_fit_lets_others_pass() -> None:
    wide, then, small = Job("wide", threads=3), Job("then"), Job("small")
    graph = Graph({wide: [], then: [wide], small: []})
    assert chosen(graph, [wide, small], _cores=2) == ["small"]
    assert chosen(graph, [wide, small], _cores=3) == ["wide"]
    assert chosen(graph, [wide, small], _cores=4) == ["wide", "small"]


def test_every_resource_counts() -> None:
    jobs = [Job("a"), Job("b")]
    graph = Graph({job: [] for job in jobs})
    assert chosen(graph, jobs, _cores=2, mem_mb=0) == ["a", "b"]  # of which they ask none
    assert chosen(graph, jobs, _cores=2, _job_count=1) == ["a"]
    assert chosen(graph, jobs, _cores=0) == []


def test_a_group_is_as_urgent_as_its_most_urgent() -> None:
    first, then, alone, other = Job("first"), Job("then"), Job("alone"), Job("zz")
    graph = Graph({first: [], then: [first], alone: [], other: []})
    group = Job("zz group", members=(other, first))
    assert chosen(graph, [alone, group], _cores=1) == ["zz group"]


def test_snakemake_goes_by_it(tmp_path: Path) -> None:
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    (tmp_path / "large").write_bytes(b"x" * 4096)  # the greedy scheduler takes its jobs first
    command = (sys.executable, "-m", "snakemake", "--cores", "1", "--scheduler", "frugalseg")
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    order = (tmp_path / "order").read_text().split()
    assert order == ["chain-1", "chain-2", "alone-1", "alone-2", "chain-3"]
