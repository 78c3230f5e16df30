"""Snakemake's log as progress: `snakemake --logger frugalseg`.

Jobs become one line of progress; warnings and errors are written in full, in Snakemake's words.
"""

import logging
import sys
import time

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from frugalseg.pipeline.progress import Progress, ProgressWriter

SHOWN = ("arm", "seed", "round")
"""Wildcards that distinguish the jobs of a rule."""


class LogHandler(LogHandlerBase):
    """Writes progress to stderr."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = True  # `emit` ignores what it does not show
    has_formatter = False
    needs_rulegraph = False

    def __post_init__(self) -> None:
        """Start without a run."""
        self._writer = ProgressWriter(sys.stderr)
        self._progress: Progress | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a warning or an error, or update the progress."""
        try:
            self._handle(getattr(record, "event", None), record)
        except Exception:
            self.handleError(record)

    def _handle(self, event: LogEvent | None, record: logging.LogRecord) -> None:
        now, fields = time.monotonic(), record.__dict__
        if event == LogEvent.RUN_INFO:
            counts = {rule: int(n) for rule, n in fields["stats"].items() if rule != "total"}
            self._progress = Progress(counts, now)
        if record.levelno >= logging.WARNING:
            self._writer.write_message(self.format(record))
        if self._progress is None:
            return
        if event == LogEvent.JOB_INFO:  # sent when a job is handed to its process
            wildcards, rule = fields["wildcards"] or {}, fields["rule_name"]
            names = "/".join(str(wildcards[key]) for key in SHOWN if key in wildcards)
            self._progress.begin(fields["jobid"], rule, f"{rule} {names}".rstrip(), now)
        elif event == LogEvent.JOB_FINISHED:
            self._progress.end(fields["job_id"], now)
        elif event == LogEvent.JOB_ERROR:
            self._progress.end(fields["jobid"], now, done=False)
        else:
            return
        is_last = event == LogEvent.JOB_FINISHED and self._progress.done
        self._writer.write(self._progress.line(now), now, is_last=is_last)
