"""The log file of a job, and the message that a user sees when it fails."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from frugalseg.core import lifeline
from frugalseg.core.environment import peak_memory
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import write_json


def usage_file(log_file: Path) -> Path:
    """Return the file for the resources that a job used, beside its log."""
    return log_file.with_suffix(".json")


@contextmanager
def job(log_file: str) -> Iterator[None]:
    """Run a job: log to `log_file`, end with the run, and record peak memory beside the log.

    A warning is printed too. A `FrugalsegError` is printed and ends the process with status 1; any
    other exception is a bug, whose traceback is logged too.
    """
    lifeline.exit_with_owner()
    path = Path(log_file)
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    shown = logging.StreamHandler(sys.stderr)
    shown.addFilter(lambda record: record.levelno == logging.WARNING)
    shown.setFormatter(logging.Formatter("\nWARNING: %(message)s\n"))
    root = logging.getLogger("frugalseg")
    root.addHandler(handler)
    root.addHandler(shown)
    root.setLevel(logging.INFO)
    try:
        yield
    except FrugalsegError as error:
        root.error("ERROR: %s", error)
        sys.stderr.write(f"\nERROR: {error}\n\n")
        raise SystemExit(1) from None
    except Exception:
        root.exception("failed")
        raise
    finally:
        write_json(usage_file(path), {"peak_memory_mib": peak_memory()})
        root.removeHandler(handler)
        root.removeHandler(shown)
        handler.close()
