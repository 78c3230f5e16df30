"""The documents for users, and the commands that stand in them."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMENTED = [
    ROOT / "Snakefile",
    ROOT / "environment.yml",
    ROOT / "benchmarks/aa.yaml",
    *sorted((ROOT / "workflow/profiles").glob("*/config.yaml")),
]
"""Files whose comments say how to use them."""

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
COMMENT = re.compile(r"^# +((?:snakemake|conda) .*?)(?:  .*|: see .*)?$", re.MULTILINE)
ASSIGNED = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)


def sentences(name: str) -> str:
    """Return a document as one line, so that no sentence ends with a line."""
    return " ".join((ROOT / name).read_text().split())


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, "" if it names none, and its text, which begins at `line`."""

    line: int
    language: str
    text: str


@dataclass(frozen=True)
class Command:
    """One command of a document.

    Attributes:
        where: file and line, as in `README.md:27`.
        words: the command and its arguments, as a shell splits them; no `NAME=value` before it.
        is_mention: it stands in a sentence, where `dvc remote modify` names a command only.
    """

    where: str
    words: tuple[str, ...]
    is_mention: bool = False


def read_blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a document in Markdown."""
    return [
        Block(text.count("\n", 0, found.start(3)) + 1, found[2], found[3])
        for found in FENCE.finditer(text)
    ]


def read_table(name: str, first: str) -> list[dict[str, str]]:
    """Return the rows of the table whose first column is called `first`, by column."""
    text = (ROOT / name).read_text()
    found = re.search(rf"^\| {re.escape(first)} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert found, f"{name} has no table that begins with {first!r}"
    header, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in found[0].splitlines()
    ]
    return [dict(zip(header, row, strict=True)) for row in rows]


def read_spans(text: str) -> list[tuple[int, str]]:
    """Return line and text of everything in backticks outside of fenced blocks."""
    prose = FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)
    return [
        (prose.count("\n", 0, found.start()) + 1, " ".join(found[1].split()))
        for found in SPAN.finditer(prose)
    ]


def read_commands(name: str, text: str, beginnings: tuple[str, ...]) -> Iterator[Command]:
    """Yield the commands of a document: those of its console blocks, and those in backticks.

    Args:
        name: of the document, for `where`.
        beginnings: what a command in backticks begins with. One with `...` is not complete, and
            a single word is a name; neither is a command.
    """
    variables = dict[str, str]()
    for block in read_blocks(text):
        for line, typed in _typed(block):
            for words in _split(typed, variables):
                yield _command(f"{name}:{line}", words)
    for line, span in read_spans(text):
        if span.startswith(beginnings) and " " in span and "..." not in span:
            for words in _split(span, variables):
                yield _command(f"{name}:{line}", words, is_mention=True)


def read_comments(name: str, text: str) -> Iterator[Command]:
    """Yield the commands in the comments of a file."""
    for found in COMMENT.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield _command(f"{name}:{line}", shlex.split(found[1]))


def _typed(block: Block) -> Iterator[tuple[int, str]]:
    """Yield number and text of the lines that are typed, continued ones joined.

    In a console these are the lines after `$ `; the others are what it answers.
    """
    lines = enumerate(block.text.splitlines(), block.line)
    for number, line in lines:
        typed = line.strip()
        while typed.endswith("\\"):
            typed = typed[:-1] + next(lines)[1].strip()
        if block.language == "console" and typed.startswith("$ "):
            yield number, typed.removeprefix("$ ")
        elif block.language == "sh" and typed:
            yield number, typed


def _split(typed: str, variables: dict[str, str]) -> Iterator[list[str]]:
    """Yield the words of every command of a line, and learn the variables that it sets.

    A placeholder `<like this>` becomes one word, `LIKE-THIS`.
    """
    typed = re.sub(r"<([^<>]+)>", lambda found: found[1].replace(" ", "-").upper(), typed)
    rest = shlex.split(Template(typed).safe_substitute(variables), comments=True)
    while rest:
        end = rest.index("&&") if "&&" in rest else len(rest)
        words, rest = rest[:end], rest[end + 1 :]
        if all(ASSIGNED.fullmatch(word) for word in words):
            variables |= dict(word.split("=", 1) for word in words)
        else:
            yield words


def _command(where: str, words: list[str], *, is_mention: bool = False) -> Command:
    first = next(n for n, word in enumerate(words) if not ASSIGNED.fullmatch(word))
    return Command(where, tuple(words[first:]), is_mention)
