"""A study that travels over a network: pushed by ssh or to S3, it runs nowhere again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from remotes import CREDENTIALS, SSHD, s3_server, ssh_server
from workflow_project import Project, cloned

pytestmark = pytest.mark.timeout(1200)  # a whole study is sent and fetched


@pytest.fixture
def by_ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the settings of a remote that lies behind ssh."""
    if SSHD is None:
        pytest.skip("no sshd: scripts/sshd installs it (openssh-server), as root on Debian")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with ssh_server(tmp_path / "home") as address:
        yield f"url = {address}"


@pytest.fixture
def by_s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the settings of a remote in a bucket."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    with s3_server("studies") as address:
        yield f"url = s3://studies/builtin\nendpointurl = {address}"


@pytest.mark.parametrize("remote", ["by_ssh", "by_s3"])
def test_a_clone_takes_a_study_from_afar_and_runs_nothing(
    tracked: Project, tmp_path: Path, remote: str, request: pytest.FixtureRequest
) -> None:
    settings = request.getfixturevalue(remote)
    configuration = f"['remote \"far\"']\n{settings}\n[core]\nremote = far\n"
    local = tracked.folder / ".dvc/config.local"
    local.write_text(configuration)
    try:
        pushed = tracked.dvc("push")
    finally:
        local.unlink()
    assert "files pushed" in pushed
    clone = cloned(tracked, tmp_path / "clone")
    (clone.folder / ".dvc/config.local").write_text(configuration)
    assert "dvc status is clean, and snakemake has nothing to do" in clone.frugalseg("restore")
