"""Snakemake and DVC stay within the versions whose files and internals this project relies on.

To move a bound: check every line of RECHECK below against the new version, run `make lint` and
`make test` with it installed, and change `pyproject.toml`, BOUNDS and `requirements.lock` together
(docs/development/decisions/0003-dependencies.md).
"""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
BOUNDS = {"snakemake": ">=9.27,<9.28", "dvc": ">=3.67,<4"}
RECHECK = {
    "snakemake": {
        "src/frugalseg/provenance/records.py": (
            ".snakemake/metadata and .snakemake/incomplete: how files are named, and "
            "record_format_version 6. Fields read: rule, input, log, shellcmd, code, "
            "software_stack_hash, job_hash, params, starttime, endtime, input_checksums. Written: "
            "these and conda_env, container_img_url, external_jobid, record_format_version, "
            "incomplete"
        ),
        "src/frugalseg/provenance/lock.py": ".snakemake/locks/*.lock are there as long as a run is",
        "src/frugalseg/provenance/workflow.py": (
            "--summary has the columns output_file and rule; a dry run says `Nothing to be done` "
            "or ends with a table `job count`; --report"
        ),
        "src/frugalseg/provenance/unthrottled_snakemake.py": (
            "snakemake.cli: parse_args, args_to_api and what main does with them; options executor "
            "and max_jobs_per_timespan, where None means no limit; snakemake.exceptions"
        ),
        "tests/provenance/test_unthrottled_snakemake.py": "snakemake.settings.types",
        "src/frugalseg/pipeline/fork_server.py": (
            "a script runs as a file of its own that holds all of `snakemake`, is called "
            "<random>.<rule>.py and knows its path as __real_file__; snakemake.script"
        ),
        "src/frugalseg/pipeline/log_handler.py": (
            "snakemake_interface_logger_plugins.base and .common: LogHandlerBase, LogEvent; fields "
            "of the events RUN_INFO, JOB_INFO, JOB_FINISHED, JOB_ERROR"
        ),
        "workflow/rules/common.smk": (
            "workflow.is_main_process, .overwrite_configfiles and .config_settings.config"
        ),
        "Snakefile": (
            "workflow.local_exec, workflow.dag.needrun_jobs, job.rule.name and logger.warning"
        ),
        "scripts/lint_workflow.py": "how --lint words and separates its findings",
        "tests/provenance/test_records.py": "snakemake.persistence: compares our records with it",
        "tests/support/document_commands.py": "snakemake.cli.parse_args",
    },
    "dvc": {
        "src/frugalseg/provenance/dvc.py": (
            "dvc.lock (schema 2.0): stages, outs, path, md5; the cache: files/md5, listings that "
            "end with .dir, relpath and md5 in them; .dvc/tmp/rwlock: JSON, written in place"
        ),
        "src/frugalseg/provenance/workflow.py": (
            "DVC_STAGE is set for a stage, below a process `dvc`"
        ),
        "dvc.yaml": "persist keeps outputs; an uncached out that git ignores counts as deleted",
        "tests/support/document_commands.py": "dvc.cli.parse_args",
    },
}
"""By tool: the files that rely on how one version does things, and on what."""

PRIVATE = re.compile(r"^\s*(?:from|import) (snakemake|dvc)(?:_interface_\w+)?(?:\.\S+)?\b", re.M)


@pytest.mark.parametrize("name", BOUNDS)
def test_version_is_one_whose_files_were_checked(name: str) -> None:
    """A version outside of BOUNDS, or other bounds in pyproject.toml: check RECHECK first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {entry.name: entry for entry in map(Requirement, project["dependencies"])}[name]
    lines = "\n".join(f"  {path}: {what}" for path, what in RECHECK[name].items())
    todo = f"Before another version of {name} is allowed, check with it:\n{lines}"
    assert declared.specifier == SpecifierSet(BOUNDS[name]), todo
    assert version(name) in SpecifierSet(BOUNDS[name]), todo


@pytest.mark.parametrize("name", BOUNDS)
def test_what_has_to_be_checked_names_every_file_that_imports_it(name: str) -> None:
    folders = ("src", "workflow", "scripts", "benchmarks", "tests")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.*")]
    importing = {
        path.relative_to(ROOT).as_posix()
        for path in [ROOT / "Snakefile", *paths]
        if path.suffix in {"", ".py", ".smk"} and name in PRIVATE.findall(path.read_text())
    }
    assert importing
    assert importing <= set(RECHECK[name])
    assert all((ROOT / path).is_file() for path in RECHECK[name])
