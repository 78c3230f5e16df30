"""What comes before any run of the workflow: locks, leftovers of killed runs, parameters."""

import os
import sys
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from frugalseg.core import lifeline, paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.params import load
from frugalseg.pipeline import digest
from frugalseg.pipeline.rule_params import Study
from frugalseg.provenance import lock, workflow
from frugalseg.provenance.dvc import remove_broken_rwlock
from frugalseg.provenance.records import Records


def start_workflow(
    config_files: Sequence[Path], overrides: Mapping[str, Any], *, is_main_process: bool
) -> Study:
    """Take the lock of the folder, mend what a killed run left, and return the study to run.

    Args:
        config_files: files that the user lays over `params.yaml`.
        overrides: values that the user sets by `--config`.
        is_main_process: whether this process plans the run; a job of it only reads parameters.

    Raises:
        FrugalsegError: there are outputs and not one record; a fault of the parameters.
    """
    if is_main_process:
        sys.stderr.write(prepare_folder())
    digest.remember(write=is_main_process)
    return Study.of(load(Path("params.yaml"), *config_files, overrides=overrides))


def prepare_folder() -> str:
    """Take the lock and mend what a killed run left; return what the user has to know, or "".

    Nothing is done for a call that only asks for names, before records are in place.

    Raises:
        FrugalsegError: there are outputs and not one record.
    """
    if workflow.INSPECTING in os.environ:
        return ""
    workflow.refuse_unquotable(sys.executable)
    refuse_unrecorded()
    lifeline.own_jobs()
    mended = remove_broken_rwlock()
    return (f"\n{mended}\n\n" if mended else "") + lock.acquire()


def refuse_unrecorded() -> None:
    """Stop a workflow that would take whatever lies here for current, as in a clone.

    Raises:
        FrugalsegError: there are outputs and not one record.
    """
    if Records().exist():
        return
    prepared = Path(paths.ALL_PREPARED).glob("*/*")
    results = Path(paths.ALL_RESULTS).glob("*/*/**/*.*")
    made = next(chain(prepared, results), None)
    if made is None:
        return
    raise FrugalsegError(
        f"There are outputs ({made}, ...) and no records of what made them: Snakemake would take "
        "them for current, whatever the parameters say. Run `frugalseg restore`, which takes the "
        "records from provenance/, or `python -m frugalseg.pipeline run`, which rebuilds what "
        "has none."
    )
