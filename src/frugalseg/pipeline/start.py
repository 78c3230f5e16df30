"""What comes before any run of the workflow: locks, leftovers of killed runs, parameters."""

import os
import sys
from collections.abc import Mapping, Sequence
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
    """Lock the folder, clean up after a killed run, and return the study to run.

    A call that only reads the workflow, before records are reconciled, does not touch the folder.

    Args:
        config_files: files that the user lays over `params.yaml`.
        overrides: values that the user sets with `--config`.
        is_main_process: whether this process plans the run; a job only reads parameters.

    Raises:
        FrugalsegError: outputs without any record; an error in the parameters.
    """
    if is_main_process and workflow.INSPECTING not in os.environ:
        workflow.refuse_unquotable(sys.executable)
        refuse_unrecorded()
        lifeline.claim_jobs()
        for message in filter(None, (remove_broken_rwlock(), lock.acquire())):
            sys.stderr.write(f"\n{message}\n\n")
    digest.load_cache(update=is_main_process)
    return Study.of(load(Path("params.yaml"), *config_files, overrides=overrides))


def refuse_unrecorded() -> None:
    """Stop a run that would take all existing outputs to be current, as in a clone.

    Raises:
        FrugalsegError: outputs without any record.
    """
    if Records().exist():
        return
    for pattern in (f"{paths.ALL_PREPARED}/*/*", f"{paths.ALL_RESULTS}/*/*/**/*.*"):
        for output in Path().glob(pattern):
            raise FrugalsegError(
                f"There are outputs ({output}, ...) but no records of what made them: Snakemake "
                "would take them to be current, whatever the parameters say. Run `frugalseg "
                "restore`, which takes the records from provenance/, or `python -m "
                "frugalseg.pipeline run`, which rebuilds what has none."
            )
