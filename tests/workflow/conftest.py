"""The real workflow with a tiny study, run once; tests then ask what a change reruns."""

import pytest
import yaml
from workflow_project import Project, tiny


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project whose tiny study has been run to the report."""
    project = Project(tmp_path_factory.mktemp("project"))
    project.copy_code()
    path = project.folder / "params.yaml"
    path.write_text(yaml.safe_dump(tiny(yaml.safe_load(path.read_text())), sort_keys=False))
    done = project.snakemake("reports/all")
    assert done.returncode == 0, done.stdout + done.stderr
    return project
