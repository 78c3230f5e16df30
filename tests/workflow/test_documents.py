"""Every command that a document shows works as it stands there: run, dry-run or parsed."""

from pathlib import Path

import pytest
from document_commands import BEGINNINGS, HANDLERS, PARSE_ERRORS, Checker, kind
from documents import COMMENTED, DOCUMENTS, ROOT, Command, read_blocks, read_commands, read_comments
from file_makers import GRAY, save
from workflow_project import Project, cloned


def all_commands() -> list[Command]:
    """Return the commands of all documents, and of comments that say how to use a file."""
    texts = {path.relative_to(ROOT).as_posix(): path.read_text() for path in DOCUMENTS}
    shown = [command for item in texts.items() for command in read_commands(*item, BEGINNINGS)]
    files = {path.relative_to(ROOT).as_posix(): path.read_text() for path in COMMENTED}
    return [*shown, *(command for item in files.items() for command in read_comments(*item))]


COMMANDS = all_commands()
SAMPLE = """
`make lint`, `dvc.yaml`, `make ...` and
`snakemake -n
all`

```console
$ M=a/b
$ FRUGALSEG_DATA=<the folder> snakemake $M \\
    --cores 2      # a comment
an answer
$ cd study && make env
```

```
make nothing
```
"""


@pytest.fixture(scope="module")
def checker(
    shipped: Project, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Checker:
    """Return a checker whose clone holds a folder of one's own images."""
    project = cloned(shipped, tmp_path_factory.mktemp("documents") / "project")
    for name in ("images", "masks"):
        (project.folder / "my-images" / name).mkdir(parents=True)
        save(project.folder / "my-images" / name / "a1.png", GRAY)
    try:
        archives: Path | None = request.getfixturevalue("real_data").resolve()
    except pytest.skip.Exception:
        archives = None
    return Checker(project, archives)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.where)
def test_documented_command_works(checker: Checker, command: Command) -> None:
    checker.check(command)


def test_every_handler_is_used() -> None:
    assert {kind(command) for command in COMMANDS} == set(HANDLERS)


def test_every_comment_that_says_how_is_read() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in COMMENTED}
    without_any = {"workflow/profiles/default/config.yaml"}
    assert files - {command.where.split(":")[0] for command in COMMANDS} == without_any


def test_no_command_stands_in_a_block_that_nobody_checks() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{block.line}"
        for path in DOCUMENTS
        for block in read_blocks(path.read_text())
        if block.language not in {"console", "sh"}
        and any(
            line.startswith((*BEGINNINGS, "python ", "git ")) for line in block.text.split("\n")
        )
    ]
    assert not hidden, f"mark these as ```console: {hidden}"


def test_commands_are_read_as_a_shell_reads_them() -> None:
    assert list(read_commands("a.md", SAMPLE, BEGINNINGS)) == [
        Command("a.md:8", ("snakemake", "a/b", "--cores", "2")),
        Command("a.md:11", ("cd", "study")),
        Command("a.md:11", ("make", "env")),
        Command("a.md:2", ("make", "lint"), is_mention=True),
        Command("a.md:3", ("snakemake", "-n", "all"), is_mention=True),
    ]
    assert [block.line for block in read_blocks(SAMPLE)] == [7, 15]


def test_commands_of_comments_end_where_the_words_begin() -> None:
    text = "# snakemake -n a: see b\n#   conda env list     the list\n# a snakemake\n"
    words = [command.words for command in read_comments("a", text)]
    assert words == [("snakemake", "-n", "a"), ("conda", "env", "list")]


@pytest.mark.parametrize(
    "line",
    [
        "make bnech",
        "make reports ARGS=--lgo",
        "snakemake reports/al",
        "snakemake reports/all --config run=[builtni]",
        "snakemake --cors 2 reports/all",
        "snakemake --profile workflow/profiles/kubernetes --stroage x -- reports/all",
        "dvc metric show",
        "dvc remote modfy",
        "frugalseg predict --modle m photos --out masks",
        "frugalseg predikt",
        "frugalseg predict --model results/yours/train/rando/model.safetensors a --out b",
        "python -m frugalseg.pipeline rnu",
        "python -m benchmarks trainig",
        "python -m benchmarks tiled --memroy",
        "python -m pytest tests/faults/test_kills.py -k no_such_test",
        "python tests/fuzz/fuzz_archives.py",
        "pip install frugalseg[onxx]",
        "scripts/slurm instal",
        "git add results/builtin/scores.csv",
        "conda run --name frugal python",
        "source .env/bin/activate",
        "wget a",
    ],
)
def test_a_command_that_cannot_work_is_found(checker: Checker, line: str) -> None:
    command = Command("a.md:1", tuple(line.split()), is_mention=line.count(" ") <= 2)
    with pytest.raises((AssertionError, FileNotFoundError, *PARSE_ERRORS)):
        checker.check(command)
