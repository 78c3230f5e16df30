"""Snakemake's log as progress: `snakemake --logger frugalseg`.

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
        if record.levelno >= logging.WARNING:
            self._teller.interrupt(self.format(record))
        if self._progress is None:
            return
        if event == LogEvent.JOB_INFO:  # comes when a job is handed to its process
            self._progress.begin(given["jobid"], given["rule_name"], _name(given), now)
        elif event == LogEvent.JOB_FINISHED:
            self._progress.end(given["job_id"], now)
        elif event == LogEvent.JOB_ERROR:
            self._progress.end(given["jobid"], now, done=False)
        else:
            return
        last = event == LogEvent.JOB_FINISHED and self._progress.done
        self._teller.tell(self._progress.line(now), now, must=last)


def _name(given: dict[str, Any]) -> str:
    wildcards = given["wildcards"] or {}
    names = [str(wildcards[key]) for key in SHOWN if key in wildcards]
    return f"{given['rule_name']} {'/'.join(names)}".rstrip()
