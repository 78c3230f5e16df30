"""The repository as it ships: what git would hold after a commit, in a clone of its own."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from workflow_project import IDENTITY, ROOT, Project


def clone_working_tree(folder: Path) -> Project:
    """Return a fresh clone of this repository, with changes that are not committed yet.

    Skip the test where the project was unpacked without its git repository.
    """
    if not (ROOT / ".git").exists():
        pytest.skip(f"no git repository: {ROOT} was not cloned, so nothing says what ships")
    listed = _git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, folder / name
        if source.is_symlink() or source.is_file():  # a deleted file is listed, too
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    _git(folder, "init", "-q")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "as it ships")
    return Project(folder, own_imports=True)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a fresh clone in which nothing has run; a test that writes in it clones again."""
    folder = tmp_path_factory.mktemp("shipped") / "project"
    folder.mkdir()
    return clone_working_tree(folder)


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ("git", *arguments),
        cwd=folder,
        env=os.environ | IDENTITY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
