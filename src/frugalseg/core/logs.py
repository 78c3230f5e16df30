"""Where a job's messages go: its log file, and for a fault of the input one clear message."""

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
    """Return where a job leaves what it has used, beside its log."""
    return log_file.with_suffix(".json")


@contextmanager
def job(log_file: str) -> Iterator[None]:
    """Send log messages to `log_file`; end the process with a clear message on a user's error.

    It ends with the run that it is a job of, too. What it used lies beside the log afterwards.
    Other exceptions are faults of ours: their traceback goes to the log file too.
    """
    lifeline.follow()
    path = Path(log_file)
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    root = logging.getLogger("frugalseg")
    root.addHandler(handler)
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
        handler.close()
