"""Running a part of the study between two steps that keep records true: reconcile, make, export."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from frugalseg.core import paths
from frugalseg.pipeline.rules import stages_of_rules
from frugalseg.pipeline.snakemake_report import write_snakemake_report
from frugalseg.pipeline.summary import format_summary
from frugalseg.provenance import lock, workflow
from frugalseg.provenance.dvc import drop_damaged
from frugalseg.provenance.export import Origin, export, load_origins
from frugalseg.provenance.hashes import Hashes
from frugalseg.provenance.reconcile import PRECIOUS, Reconciliation, reconcile_folder
from frugalseg.provenance.records import Records

IN_GIT = paths.METRICS.format(dataset="*")
"""The one output that git keeps, so that a change of numbers is seen."""

log = logging.getLogger(__name__)


def make(
    stage: str | None,
    targets: Sequence[str],
    config: Sequence[str],
    options: Sequence[str],
) -> int:
    """Make the targets of a stage, or of all stages; return Snakemake's exit status.

    Args:
        stage: the stage whose files the targets are, to export afterwards; None exports every
            stage if the targets are everything, and otherwise none.
        targets: files to make, or names of rules.
        config: options of Snakemake that change the configuration, such as `--config run=[a]`.
        options: other options of Snakemake, such as `--cores 2`.
    """
    workflow.end_with_dvc()
    lock.refuse()
    if workflow.is_dry(options):  # neither deletes nor records anything
        return workflow.run(targets, config, options)
    outputs = workflow.outputs(targets, config)
    origins = load_origins()
    result = reconcile_folder(outputs, origins)
    log_changes(result, drop_damaged(result.deleted))
    wanted = dict.fromkeys([*targets, *result.deleted, *result.outdated, *lost(outputs, origins)])
    status = workflow.run(list(wanted), config, options)
    makes_all = list(targets) == [paths.ALL_REPORTS]
    if status == 0 and (stage is not None or makes_all):
        export_stages(outputs, stage)
    if status == 0 and makes_all:
        write_snakemake_report(outputs, config)
        log.info("%s", format_summary(outputs))
    return status


def lost(outputs: Mapping[str, str], origins: Mapping[str, Origin]) -> list[str]:
    """Return outputs that provenance knows and that are missing, one a job.

    Snakemake makes no model again that nothing needs any more: the scores of it are there.
    """
    missing: dict[int, str] = {}
    for path, origin in origins.items():
        if path in outputs and not Path(path).exists():
            missing.setdefault(id(origin.record), path)
    return list(missing.values())


def export_stages(outputs: Mapping[str, str], stage: str | None = None) -> None:
    """Export the provenance of one stage, or of all that the outputs belong to.

    Args:
        outputs: the outputs of the workflow's jobs, and the rules that make them.
        stage: one stage only.
    """
    found: dict[str, list[str]] = {}
    stages = stages_of_rules()
    records, hashes = Records(), Hashes()
    for output, rule in outputs.items():
        name, unrecorded = stages[rule], rule in PRECIOUS and records.read(output) is None
        if stage in (None, name) and Path(output).exists() and not unrecorded:
            found.setdefault(_address(name, output), []).append(output)
    for address, files in found.items():
        export(address, files, records, hashes)
    hashes.save()


def _address(stage: str, output: str) -> str:
    """Return how DVC calls the stage that an output belongs to: `train@builtin`, `index`."""
    if stage == "index":
        return stage
    first, second, *others = Path(output).parts
    return f"{stage}@{others[0] if first == 'data' else second}"


def log_changes(result: Reconciliation, damaged: Sequence[str] = ()) -> None:
    """Log what reconciling changed, and what was damaged in DVC's cache.

    Nothing is said of metrics that have no record: git brings them into every clone.
    """
    if result.restored:
        log.info("%d records restored from provenance/", len(result.restored))
    for path in result.deleted:
        if not Path(path).match(IN_GIT):
            log.warning("%s: no matching provenance record; deleted and rebuilt", path)
    for path in result.outdated:
        log.warning("%s: made from other inputs than those here; deleted and rebuilt", path)
    for path in damaged:
        log.warning("%s: damaged in DVC's cache, too; taken out of it", path)
