"""How the workflow is written: thin scripts, no code in rules, a log and a benchmark each."""

import ast
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SNAKEFILES = [ROOT / "Snakefile", *sorted((ROOT / "workflow/rules").glob("*.smk"))]
SCRIPTS = sorted((ROOT / "workflow/scripts").glob("*.py"))

LOGIC = (
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.For,
    ast.FunctionDef,
    ast.If,
    ast.Lambda,
    ast.Match,
    ast.Try,
    ast.While,
)


def rules(text: str) -> Iterator[tuple[str, set[str]]]:
    """Yield the header and the directives of every rule in a snakefile."""
    for match in re.finditer(
        r"^(?:rule|checkpoint)\b[^\n]*:\n((?:[ \t]+[^\n]*\n|\n)*)", text, re.M
    ):
        yield match[0].splitlines()[0], set(re.findall(r"^    (\w+):", match[1], re.M))


def faults(header: str, directives: set[str]) -> list[str]:
    """Return what is wrong with a rule."""
    found = []
    if header.startswith("checkpoint"):
        found.append("a checkpoint: the DAG has to be known before anything runs")
    if "run" in directives:
        found.append("a run block: 2.6 s a job, and no log")
    if directives & {"script", "shell", "notebook", "wrapper", "run"}:
        found += [f"no {needed}" for needed in ("log", "benchmark") if needed not in directives]
    return found


RULES = [
    pytest.param(*rule, id=f"{path.name}:{rule[0]}")
    for path in SNAKEFILES
    for rule in rules(path.read_text())
]


def test_rules_are_found() -> None:
    assert len(RULES) >= 10


@pytest.mark.parametrize(("header", "directives"), RULES)
def test_rule_is_well_kept(header: str, directives: set[str]) -> None:
    assert not faults(header, directives)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('rule a:\n    run:\n        print("x")\n', 3),
        ('rule a:\n    log:\n        "a.log",\n    script:\n        "a.py"\n', 1),
        ('checkpoint a:\n    output:\n        "a",\n', 1),
        ('rule:\n    name:\n        "all"\n    input:\n        "run: a",\n', 0),
    ],
)
def test_faults_are_found(text: str, wrong: int) -> None:
    [(header, directives)] = rules(text)
    assert len(faults(header, directives)) == wrong


def test_snakefile_is_short() -> None:
    assert len((ROOT / "Snakefile").read_text().splitlines()) <= 40


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_is_thin(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 25
    assert not [ast.unparse(node) for node in ast.walk(ast.parse(text)) if isinstance(node, LOGIC)]


def test_every_script_belongs_to_a_rule() -> None:
    text = "".join(path.read_text() for path in SNAKEFILES)
    assert set(re.findall(r'"\.\./scripts/(\w+\.py)"', text)) == {path.name for path in SCRIPTS}


def test_lint_leaves_out_what_is_accepted_and_nothing_else() -> None:
    path = ROOT / "scripts/lint_workflow.py"
    script = runpy.run_path(str(path))
    [accepted] = script["ACCEPTED"]
    text = (
        "Using profile x\n"
        f"Lints for rule a (line 1, Snakefile):\n    * {accepted}:\n      Why.\n\n"
        f"Lints for rule b (line 9, Snakefile):\n    * {accepted}:\n      Why.\n"
        "    * No log directive defined:\n      Without a log\n      it is lost.\n"
    )
    [found] = script["remaining"](text)
    assert found.startswith("rule b (line 9, Snakefile): No log directive defined:")
    assert found.endswith("it is lost.")
