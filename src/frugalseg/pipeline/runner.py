"""A run of the workflow between two steps that keep records true: reconcile and export."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from frugalseg.core import paths
from frugalseg.pipeline.finish import format_summary, write_snakemake_report
from frugalseg.pipeline.rules import stages_of_rules
from frugalseg.provenance import lock, workflow
from frugalseg.provenance.dvc import drop_damaged
from frugalseg.provenance.export import Origin, export, load_origins
from frugalseg.provenance.hashes import Hashes
from frugalseg.provenance.reconcile import PRECIOUS, Reconciliation, reconcile
from frugalseg.provenance.records import Records

PROGRESS = ["--logger", "frugalseg"]
"""Options that make Snakemake use `snakemake_logger_plugin_frugalseg`, which shows progress."""

IN_GIT = paths.METRICS.format(dataset="*")
"""The one output that git keeps, so that a change of its numbers is seen."""

log = logging.getLogger(__name__)


def config_options(files: Sequence[Path], entries: Sequence[str]) -> list[str]:
    """Return the options of Snakemake that lay files and `KEY=VALUE` entries over `params.yaml`."""
    options = ["--configfile", *map(str, files)] if files else []
    return [*options, "--config", *entries] if entries else options


def make(
    stage: str | None, targets: Sequence[str], config: Sequence[str], options: Sequence[str]
) -> int:
    """Make the targets of a stage, or of all stages; return Snakemake's exit status.

    Args:
        stage: the stage of the targets, which is then exported. If None, all stages are exported
            if the targets are everything, and no stage otherwise.
        targets: files, or names of rules.
        config: options of Snakemake that change the configuration, such as `--config run=[a]`.
        options: other options of Snakemake, such as `--cores 2`.
    """
    workflow.end_with_dvc()
    lock.refuse()
    if workflow.is_dry(options):  # neither deletes nor records anything
        return workflow.run(targets, config, options)
    outputs = workflow.outputs(targets, config)
    origins = load_origins()
    result = reconcile(outputs, origins)
    log_changes(result, drop_damaged(result.deleted))
    missing = missing_outputs(outputs, origins)
    files = dict.fromkeys([*targets, *result.deleted, *result.outdated, *missing])
    status = workflow.run(list(files), config, options)
    makes_all = list(targets) == [paths.ALL_REPORTS]
    if status == 0 and (stage is not None or makes_all):
        export_stages(outputs, stage)
    if status == 0 and makes_all:
        write_snakemake_report(outputs, config)
        log.info("%s", format_summary(outputs))
    return status


def missing_outputs(outputs: Mapping[str, str], origins: Mapping[str, Origin]) -> list[str]:
    """Return missing outputs that provenance names, one a job.

    Snakemake does not rebuild a missing model by itself if its scores exist.
    """
    by_job: dict[int, str] = {}
    for path, origin in origins.items():
        if path in outputs and not Path(path).exists():
            by_job.setdefault(id(origin.record), path)
    return list(by_job.values())


def export_stages(outputs: Mapping[str, str], stage: str | None = None) -> None:
    """Export the provenance of one stage, or of all stages that the outputs belong to.

    Args:
        outputs: the outputs of the workflow's jobs, and the rules that make them.
        stage: one stage only.
    """
    by_stage: dict[str, list[str]] = {}
    records, hashes = Records(), Hashes()
    for output, rule in outputs.items():
        name, has_record = stages_of_rules()[rule], rule not in PRECIOUS or records.read(output)
        if stage in (None, name) and Path(output).exists() and has_record:
            by_stage.setdefault(_dvc_name(name, output), []).append(output)
    for dvc_name, files in by_stage.items():
        export(dvc_name, files, records, hashes)
    hashes.save()


def _dvc_name(stage: str, output: str) -> str:
    """Return DVC's name of the stage that an output belongs to: `train@builtin`, `index`."""
    if stage == "index":
        return stage
    first, second, *others = Path(output).parts
    return f"{stage}@{others[0] if first == 'data' else second}"


def log_changes(result: Reconciliation, damaged: Sequence[str] = ()) -> None:
    """Log what reconciling changed, and what was damaged in DVC's cache.

    Metrics without a record are not logged: git brings them into every clone.
    """
    if result.restored:
        log.info("%d records restored from provenance/", len(result.restored))
    for path in result.deleted:
        if not Path(path).match(IN_GIT):
            log.warning("%s: no matching provenance record; deleted and rebuilt", path)
    for path in result.outdated:
        log.warning("%s: made from other inputs than those here; deleted and rebuilt", path)
    for path in damaged:
        log.warning("%s: damaged in DVC's cache too; removed from it", path)
