"""pyproject.toml, requirements.lock and environment.yml tell of one and the same environment."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from frugalseg.params import read_config

ROOT = Path(__file__).parents[1]
PYTHONS = ["3.11", "3.12", "3.13"]
LOCK = (ROOT / "requirements.lock").read_text()
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONDA: dict[str, Any] = read_config(ROOT / "environment.yml").values
DIRECT = [
    Requirement(text)
    for texts in (
        PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"].values(),
        PROJECT["build-system"]["requires"],
    )
    for text in texts
]


def read_lock() -> dict[str, tuple[Requirement, list[str]]]:
    """Return every requirement of the lock, by name, with its hashes."""
    entries: dict[str, tuple[Requirement, list[str]]] = {}
    for entry in re.split(r"\n(?=[a-zA-Z])", LOCK.strip()):
        requirement, *hashes = entry.replace("\\\n", "").split("--hash=")
        parsed = Requirement(requirement.strip())
        entries[canonicalize_name(parsed.name)] = (parsed, [text.strip() for text in hashes])
    return entries


LOCKED = read_lock()


def machine(python: str, system: str, processor: str) -> dict[str, str]:
    """Return the marker environment of CPython on one kind of machine."""
    return {
        "implementation_name": "cpython",
        "platform_machine": processor,
        "platform_python_implementation": "CPython",
        "platform_system": {"linux": "Linux", "darwin": "Darwin"}[system],
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": system,
    }


MACHINES = [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64")]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with the files that scripts/setup reads."""
    (tmp_path / "scripts").mkdir()
    for name in ("scripts/setup", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    return tmp_path


def set_up(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    """Run scripts/setup in `folder`; an empty `python` leaves the choice to it."""
    return subprocess.run(
        ["bash", "scripts/setup"],
        cwd=folder,
        env=os.environ | {"PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
    )


def test_lock_pins_every_version_with_hashes() -> None:
    for name, (requirement, hashes) in LOCKED.items():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), name
        assert hashes, name
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", text) for text in hashes), name


def test_lock_names_no_index_and_no_source() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^\s*-(?!-hash)", LOCK, re.M)
    assert " @ " not in LOCK


@pytest.mark.parametrize("requirement", DIRECT, ids=str)
def test_lock_satisfies_every_direct_dependency(requirement: Requirement) -> None:
    locked, _ = LOCKED[canonicalize_name(requirement.name)]
    [version] = locked.specifier
    assert requirement.specifier.contains(version.version, prereleases=True)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(("system", "processor"), MACHINES)
def test_lock_serves_every_python_on_linux_and_macos(
    python: str, system: str, processor: str
) -> None:
    there = machine(python, system, processor)
    for requirement in DIRECT:
        marker = LOCKED[canonicalize_name(requirement.name)][0].marker
        assert marker is None or marker.evaluate(there), requirement.name


def test_gpu_packages_are_for_linux_only() -> None:
    mac = machine("3.12", "darwin", "arm64")
    markers = [entry.marker for name, (entry, _) in LOCKED.items() if name.startswith("nvidia-")]
    assert markers
    assert all(isinstance(marker, Marker) and not marker.evaluate(mac) for marker in markers)


def test_python_bounds_agree() -> None:
    bounds = SpecifierSet(PROJECT["project"]["requires-python"])
    [conda] = [text for text in CONDA["dependencies"] if str(text).startswith("python ")]
    assert SpecifierSet(conda.removeprefix("python ")) == bounds
    assert [f"3.{minor}" for minor in range(8, 20) if f"3.{minor}.0" in bounds] == PYTHONS
    low, high = (re.escape(f"({text.replace('.', ', ')})") for text in (PYTHONS[0], PYTHONS[-1]))
    setup = (ROOT / "scripts/setup").read_text()
    assert re.search(rf"{low} <= sys.version_info\[:2\] <= {high}", setup)
    assert PROJECT["tool"]["mypy"]["python_version"] == PYTHONS[0]


def test_conda_takes_every_version_from_the_lock() -> None:
    others = [text for text in CONDA["dependencies"] if isinstance(text, str)]
    [pip] = [entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict)]
    assert {text.split(" ")[0] for text in others} == {"python", "pip"}
    assert pip == ["-r requirements.lock"]
    assert CONDA["name"] == PROJECT["project"]["name"]


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "docs/development/decisions/0003-dependencies.md").read_text()
    assert [entry.name for entry in DIRECT if f"`{entry.name}`" not in text] == []


def test_every_imported_package_is_a_declared_dependency() -> None:
    """What only another package requires may go with that package's next version."""
    trees = [ast.parse(path.read_text()) for path in (ROOT / "src").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = {str(n.module) for n in nodes if isinstance(n, ast.ImportFrom)}
    modules |= {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    names = {module.split(".")[0] for module in modules} - sys.stdlib_module_names - {"frugalseg"}
    packages, declared = packages_distributions(), {canonicalize_name(r.name) for r in DIRECT}
    undeclared = {n for n in names if not declared & {*map(canonicalize_name, packages[n])}}
    assert undeclared == set()


def test_set_up_refuses_another_python(checkout: Path) -> None:
    python = checkout / "python3.9"
    python.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit\nexit 1\n')
    python.chmod(0o755)
    result = set_up(checkout, str(python))
    assert result.returncode == 1
    assert "expected Python 3.11, 3.12 or 3.13, found" in result.stderr
    assert "Python 3.9.2" in result.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("name", ["a b", "it's", 'a"b', "a$b", "a:b", "a(b", "a&b", "a*b", "a\\b"])
def test_set_up_refuses_a_path_that_a_shell_would_take_apart(checkout: Path, name: str) -> None:
    folder = checkout.rename(checkout.with_name(name))
    done = set_up(folder, sys.executable)
    assert done.returncode == 1
    assert f"found {folder}. Snakemake cannot run Python from there" in done.stderr
    assert not (folder / ".venv").exists()


def test_set_up_takes_a_path_with_umlauts(checkout: Path) -> None:
    folder = checkout.rename(checkout.with_name("Prüfstand-ß_1"))
    assert "expected a folder" not in set_up(folder, "/usr/bin/false").stderr


def test_set_up_leaves_a_finished_environment_alone(checkout: Path) -> None:
    (checkout / ".venv/bin").mkdir(parents=True)
    python = checkout / ".venv/bin/python"
    python.symlink_to(sys.executable)
    version = subprocess.check_output([python, "-VV"], text=True)
    files = ["requirements.lock", "pyproject.toml", "scripts/setup"]
    sums = subprocess.check_output(["cksum", *files], cwd=checkout, text=True)
    stamp = checkout / ".venv/frugalseg-setup"
    stamp.write_text(f"{checkout.resolve()}\n{version}{version}{sums}")
    result = set_up(checkout, "")
    assert (result.returncode, result.stderr) == (0, "")
    assert {path.name for path in stamp.parent.iterdir()} == {"bin", "frugalseg-setup"}
