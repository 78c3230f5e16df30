"""What may stand in a file that git tracks: short functions, and no word of one machine."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Taken apart, so that this file does not name them.
HOSTS = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "deb." + "debian.org"]
HOSTS += ["anaconda" + ".org", "down" + "load.pytorch.org"]
MACHINE_PATH = re.compile(r"(?<![\w.:/}<~-])/(?:work|root|home|Users|farm)/\w+")


def tracked() -> list[Path]:
    """Return what git tracks, or would if all were added; everything where there is no git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: nothing says which files are the project's")
    paths = [ROOT / line for line in listed.stdout.splitlines()]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def strangers(text: str) -> list[str]:
    """Return the registry hosts and the absolute paths of a machine that a text names."""
    return [host for host in HOSTS if host in text] + MACHINE_PATH.findall(text)


def long_functions(text: str, limit: int = 60) -> Iterator[str]:
    """Yield the functions that are longer than `limit` lines."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > limit:
                yield f"{node.name}: {length} lines"


def test_nothing_tracked_names_a_registry_or_a_machine() -> None:
    found = {}
    for path in tracked():
        try:
            names = strangers(path.read_text())
        except UnicodeDecodeError:
            continue
        if names:
            found[path.relative_to(ROOT).as_posix()] = names
    assert not found


@pytest.mark.parametrize("top", ["home", "root", "Users"])
def test_machine_paths_are_found(top: str) -> None:
    assert strangers(f'data = "/{top}/me/data"') == [f"/{top}/me"]


def test_relative_paths_are_no_machine_paths() -> None:
    assert strangers("../shared/data, docs/work/x, https://a.org/home/x, <root>/x") == []


def test_registry_hosts_are_found() -> None:
    assert strangers(f"--index-url https://{HOSTS[0]}/simple") == [HOSTS[0]]


def test_functions_and_modules_are_short() -> None:
    found = {}
    for path in tracked():
        if path.suffix == ".py":
            text = path.read_text()
            lines = len(text.splitlines())
            wrong = list(long_functions(text)) + ([f"{lines} lines"] if lines > 300 else [])
            if wrong:
                found[path.relative_to(ROOT).as_posix()] = wrong
    assert not found


def test_long_functions_are_found() -> None:
    body = "def short():\n    pass\ndef long():\n" + "    pass\n" * 60
    assert list(long_functions(body)) == ["long: 61 lines"]
