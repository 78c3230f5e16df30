"""What a test does with each kind of command that documents show: run, dry-run or parse it."""

import contextlib
import os
import re
import shlex
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import dvc.cli
import pytest
import snakemake.cli
from documents import ROOT, Command
from workflow_project import Project

from frugalseg.cli.__main__ import _parser as frugalseg_parser
from frugalseg.params import load, read_config
from frugalseg.pipeline.__main__ import _parser as pipeline_parser

PARAMS = load(ROOT / "params.yaml")
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
PARSE_ERRORS = (SystemExit, dvc.cli.DvcParserError)
PLACEHOLDERS = {"NAME": "greedy"}
"""What stands for a name in the place of one, where not any name will do."""

OWN_MAKE = ("env", "-u", "ARGS", "-u", "MAKEFLAGS", "make")

BEGINNINGS: tuple[str, ...] = ("make ", "frugalseg ", "snakemake ", "dvc ", "python -m ", "pip ")
BEGINNINGS += ("source ", "time ", "scripts/")


def kind(command: Command) -> str:
    """Return the key of HANDLERS for a command: its program, or `python -m` and the package."""
    program, *rest = command.words
    if program == "python" and rest[0] == "-m":
        module = re.sub(r"^benchmarks\..*", "benchmarks", rest[1])
        return module if module == "pip" else f"python -m {module}"
    return "script" if "/" in program else program


@dataclass
class Checker:
    """Checks documented commands.

    Attributes:
        project: a clone of its own, with the folder `my-images` in it.
        archives: the folder with the archives of public data; None where it is missing.
    """

    project: Project
    archives: Path | None
    _done: set[tuple[str, ...]] = field(default_factory=set, init=False)

    def check(self, command: Command) -> None:
        """Fail if the command cannot work."""
        assert kind(command) in HANDLERS, (
            f"{command.where}: nothing checks `{' '.join(command.words)}`. Add a handler for "
            f"{kind(command)!r} to HANDLERS in tests/support/document_commands.py."
        )
        HANDLERS[kind(command)](self, command)

    def once(self, *words: str) -> None:
        """Run a command that has to end well, unless it has already done so."""
        if words in self._done:
            return
        data = {} if self.archives is None else {"FRUGALSEG_DATA": str(self.archives)}
        done = self.project.run(*words, **data)
        assert done.returncode == 0, done.stdout + done.stderr
        self._done.add(words)

    def make(self, command: Command) -> None:
        """Ask make what it would run, and check that where it is our own.

        The tests may themselves run under `make test ARGS=...`, which is not for these calls.
        """
        told = self.project.check(*OWN_MAKE, "-n", *command.words[1:])
        for line in told.splitlines():
            words = [word for word in shlex.split(line) if not word.startswith("PATH=")]
            further = Command(command.where, tuple(words))
            if kind(further) in {"python -m frugalseg.pipeline", "python -m benchmarks"}:
                self.check(further)

    def snakemake(self, command: Command) -> None:
        """Dry-run what the data at hand allow; else parse it with Snakemake's own parser."""
        words = [PLACEHOLDERS.get(word, word) for word in command.words[1:]]
        self._check_names(words)
        if "--lint" in words or not self._has_sources(words):
            self._parse(words)
        elif missing_plugins(words):
            self._parse(without(words, "--profile"))
        else:
            dry = [word for word in without(words, "--cores") if word != "-n"]
            self.once("python", "-m", "snakemake", "-n", *dry)

    def dvc(self, command: Command) -> None:
        """Parse it; run what only looks, and ask for the stages that `repro` would make."""
        words = command.words[1:]
        if names_only(command):
            with pytest.raises(SystemExit, match="0"):
                dvc.cli.parse_args([*words, "--help"])
            return
        dvc.cli.parse_args(list(words))
        if words in {("metrics", "show"), ("params", "diff")}:
            self.once("python", "-m", "dvc", *words)
        if words == ("repro",):  # in a clone its --dry stops at folders that the run would make
            self.once("python", "-m", "dvc", "stage", "list")

    def frugalseg(self, command: Command) -> None:
        """Parse it; a model below `results` has to be one that the workflow makes."""
        words = command.words[1:]
        if names_only(command):
            with pytest.raises(SystemExit, match="0"):
                frugalseg_parser().parse_args([*words, "--help"])
            return
        model = str(getattr(frugalseg_parser().parse_args(words), "model", ""))
        if model.startswith("results/"):
            config = f"run=[{model.split('/')[1]}]"
            self.snakemake(Command(command.where, ("snakemake", model, "--config", config)))

    def pipeline(self, command: Command) -> None:
        """Parse it."""
        pipeline_parser().parse_args(command.words[3:])

    def benchmark(self, command: Command) -> None:
        """Look for the module and, in its text, for every option."""
        words = [word for word in command.words[2:] if "/" not in word]
        names = [word for word in words if not word.startswith("-")]
        modules = names[1:] if names[0] == "benchmarks" else [names[0].removeprefix("benchmarks.")]
        text = "".join((ROOT / f"benchmarks/{module}.py").read_text() for module in modules)
        options = [word.partition("=")[0] for word in words if word.startswith("-")]
        assert [option for option in options if option not in text] == []

    def pytest(self, command: Command) -> None:
        """Collect its tests: there have to be some."""
        self.once(*command.words, "--collect-only", "--quiet")

    def profile(self, command: Command) -> None:
        """Check what is profiled."""
        start = command.words.index("snakemake")
        self.check(Command(command.where, command.words[start:]))

    def pip(self, command: Command) -> None:
        """Look for the extras of this project."""
        words = command.words[command.words.index("pip") + 1 :]
        assert words[0] == "install"
        named = [word for word in words[1:] if not word.startswith("-")]
        ours = [word for word in named if word.startswith((".", "frugalseg"))]
        asked = {extra for word in ours for extra in re.findall(r"\[(\w+)\]", word)}
        assert named
        assert asked <= set(EXTRAS)

    def script(self, command: Command) -> None:
        """Look for the program; its arguments are names of its functions."""
        path, *arguments = command.words
        assert os.access(ROOT / path, os.X_OK), path
        functions = re.findall(r"^(\w+)\(\) {", (ROOT / path).read_text(), re.MULTILINE)
        assert set(arguments) <= set(functions)

    def program(self, command: Command) -> None:
        """Look for the file that Python runs."""
        assert (ROOT / command.words[1]).is_file()

    def git(self, command: Command) -> None:
        """Look for the command; git has to take what is added."""
        assert command.words[1] in self.project.check("git", "--list-cmds=main").split()
        if command.words[1] == "add":
            ignored = self.project.run("git", "check-ignore", *command.words[2:])
            assert ignored.stdout == ""

    def conda(self, command: Command) -> None:
        """Look for the file and the environment's name."""
        name = read_config(ROOT / "environment.yml").values["name"]
        if command.words[1] == "env":
            assert command.words[2:] == ("create", "--file", "environment.yml")
        else:
            assert command.words[1:4] == ("run", "--name", name)
            self.check(Command(command.where, command.words[4:]))

    def _check_names(self, words: Sequence[str]) -> None:
        unknown = set(data_sets(words)) - set(PARAMS.datasets)
        assert not unknown, f"no such data set in params.yaml: {', '.join(unknown)}"

    def _has_sources(self, words: Sequence[str]) -> bool:
        sources = [PARAMS.datasets[name].source for name in data_sets(words)]
        folders = [self.project.folder, *filter(None, [self.archives])]
        return all(
            source.startswith("builtin:")
            or any((folder / source.removeprefix("file:")).exists() for folder in folders)
            for source in sources
        )

    def _parse(self, words: list[str]) -> None:
        with contextlib.chdir(self.project.folder):  # where profiles are looked for
            snakemake.cli.parse_args(words)


def names_only(command: Command) -> bool:
    """Say whether a sentence names a command, as in `dvc remote modify`, without its arguments."""
    return command.is_mention and all(re.fullmatch("[a-z-]*[a-z]", w) for w in command.words)


def data_sets(words: Sequence[str]) -> list[str]:
    """Return the data sets that a call of Snakemake is for."""
    told = re.search(r"run=\[([\w, ]+)\]", " ".join(words))
    return re.findall(r"\w+", told[1]) if told else PARAMS.run


def missing_plugins(words: Sequence[str]) -> set[str]:
    """Return the plugins of Snakemake that a call needs and that are not installed."""
    options = dict(pairwise(words))
    profile = ROOT / options.get("--profile", "workflow/profiles/default") / "config.yaml"
    options |= {f"--{name}": value for name, value in read_config(profile).values.items()}
    needed = {
        f"snakemake_{kind}_plugin_{options[option]}"
        for kind, option in (("executor", "--executor"), ("storage", "--default-storage-provider"))
        if option in options
    }
    return {name for name in needed if find_spec(name) is None}


def without(words: Sequence[str], option: str) -> list[str]:
    """Return the words without an option and its value."""
    at = words.index(option) if option in words else len(words)
    return [*words[:at], *words[at + 2 :]]


def expect(*beginning: str, file: str = "README.md") -> Callable[[Checker, Command], None]:
    """Return a handler of a program of others: how it is called, and a file that it needs."""

    def handler(_: Checker, command: Command) -> None:
        assert command.words[: len(beginning)] == beginning
        assert (ROOT / file).is_file()

    return handler


HANDLERS: dict[str, Callable[[Checker, Command], None]] = {
    "make": Checker.make,
    "snakemake": Checker.snakemake,
    "dvc": Checker.dvc,
    "frugalseg": Checker.frugalseg,
    "python -m frugalseg.pipeline": Checker.pipeline,
    "python -m benchmarks": Checker.benchmark,
    "python -m pytest": Checker.pytest,
    "python -m cProfile": Checker.profile,
    "pip": Checker.pip,
    "script": Checker.script,
    "git": Checker.git,
    "conda": Checker.conda,
    "time": lambda checker, command: checker.check(Command(command.where, command.words[1:])),
    "python": Checker.program,
    "source": expect("source", ".venv/bin/activate", file="scripts/setup"),
    "podman": expect("podman", file="Containerfile"),
    "cd": expect("cd"),
    "label-studio": expect("label-studio", "start"),
}
