"""Snakemake's log as progress: `snakemake --logger frugalseg` (which finds it by its name).

Jobs become one line of progress; warnings and errors are written in full, as Snakemake words them.
"""

import logging
import sys
import time
from typing import Any

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from frugalseg.pipeline.progress import Progress, Teller

SHOWN = ("arm", "seed", "round")
"""Wildcards that tell the jobs of a rule apart."""


class LogHandler(LogHandlerBase):
    """Writes progress to stderr."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = True  # none: it chooses by itself
    has_formatter = False
    needs_rulegraph = False

    def __post_init__(self) -> None:
        """Begin without a run."""
        self._teller = Teller(sys.stderr)
        self._progress: Progress | None = None
        self._named: dict[int, tuple[str, str]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Take what Snakemake says into account, or write it."""
        try:
            self._take(getattr(record, "event", None), record)
        except Exception:
            self.handleError(record)

    def _take(self, event: LogEvent | None, record: logging.LogRecord) -> None:
        now, given = time.monotonic(), record.__dict__
        if event == LogEvent.RUN_INFO:
            counts = {rule: int(n) for rule, n in given["stats"].items() if rule != "total"}
            self._progress = Progress(counts, now)
        elif event == LogEvent.JOB_INFO:
            self._named[given["jobid"]] = (given["rule_name"], _name(given))
        if record.levelno >= logging.WARNING:
            self._teller.interrupt(self.format(record))
        if self._progress is None:
            return
        if event == LogEvent.JOB_STARTED:
            for job in _ids(given):
                self._progress.begin(job, *self._named.get(job, ("", str(job))), now)
        elif event in (LogEvent.JOB_FINISHED, LogEvent.JOB_ERROR):
            for job in _ids(given):
                self._progress.end(job, now, done=event == LogEvent.JOB_FINISHED)
        else:
            return
        last = event == LogEvent.JOB_FINISHED and self._progress.done
        self._teller.tell(self._progress.line(now), now, must=last)


def _name(given: dict[str, Any]) -> str:
    wildcards = given["wildcards"] or {}
    names = [str(wildcards[key]) for key in SHOWN if key in wildcards]
    return f"{given['rule_name']} {'/'.join(names)}".rstrip()


def _ids(given: dict[str, Any]) -> list[int]:
    """Return the jobs that an event is about; Snakemake calls them in several ways."""
    for key in ("jobs", "job_ids", "job_id", "jobid"):
        if key in given:
            found = given[key]
            return list(found) if isinstance(found, list | tuple | set) else [found]
    return []
