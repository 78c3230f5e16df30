import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from frugalseg.core import paths

ROOT = Path(__file__).parents[2]
LITERAL = re.compile(r"(results|reports|logs|data/raw|data/prepared)/(\{|\*|$)|reports/(all|index)")
"""What a path of a study begins with: before a name that is filled in, or a whole path."""


def test_a_file_is_named_in_its_folder_wherever_that_lies() -> None:
    assert paths.within(Path("elsewhere"), paths.CARD) == Path("elsewhere/card.json")
    assert paths.within(Path("elsewhere"), paths.MODEL) == Path("elsewhere/model.safetensors")


def test_results_of_a_data_set_are_named_below_any_folder() -> None:
    folder = Path("elsewhere")
    split = paths.in_results(folder, paths.SPLIT, seed=3)
    assert split == Path("elsewhere/split/seed-3.csv")
    assert paths.in_results(folder, paths.TABLE, table="curve") == folder / "statistics/curve.csv"
    training = paths.round_folder(folder, "full", 1, 0)
    assert training == Path("elsewhere/train/full/seed-1/round-0")


def test_patterns_and_folders_lead_to_the_same_files() -> None:
    names: dict[str, str | int] = {"arm": "full", "seed": 1, "round": 2}
    by_folder = paths.in_results(Path("results/a"), paths.TRAIN_RECORD, **names)
    by_pattern = paths.TRAIN_RECORD.format(dataset="a", **names)
    assert by_folder == Path(by_pattern) == Path("results/a/train/full/seed-1/round-2/run.json")


def texts(tree: ast.AST) -> Iterator[str]:
    """Yield the strings of a module that are no docstrings, those within f-strings included."""
    docs = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs:
            yield node.value


def literals(path: Path) -> list[str]:
    """Return the literal paths of a study in a module or in a file of rules."""
    text = path.read_text()
    lines = texts(ast.parse(text)) if path.suffix == ".py" else re.findall(r'"([^"]*)"', text)
    return [line for line in lines if LITERAL.search(line)]


def test_paths_are_built_in_one_module() -> None:
    own = ROOT / "src/frugalseg/core/paths.py"
    files = [path for folder in ("src", "workflow") for path in (ROOT / folder).rglob("*.*")]
    code = [path for path in files if path.suffix in {".py", ".smk"} and path != own]
    assert not {
        str(path): found for path in [*code, ROOT / "Snakefile"] if (found := literals(path))
    }
    assert literals(own)


@pytest.mark.parametrize(
    "source", ['f"results/{dataset}"', 'x = "data/prepared/{dataset}/x"', 'glob("results/*/x")']
)
def test_literal_paths_are_found(source: str, tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(f'"""Reads results/{{dataset}}."""\n{source}\n')
    assert len(literals(module)) == 1
